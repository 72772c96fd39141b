import { svgElement } from './svg.ts';

/** A mark that a person set, in canvas pixels. */
export interface Point {
  readonly at: readonly [number, number];
  readonly inside: boolean;
}

const radius = 4.5;
/** Half the length of the sign's lines. */
const arm = 2.4;
const colours = { inside: 'rgb(92 214 138)', outside: 'rgb(255 143 143)' };

/** A small disc with a plus or a minus: told apart by sign as well as by colour. */
export function drawPoint({ at: [x, y], inside }: Point): Element {
  const kind = inside ? 'inside' : 'outside';
  const sign = `M${x - arm} ${y}h${2 * arm}${inside ? `M${x} ${y - arm}v${2 * arm}` : ''}`;
  const group = svgElement('g', { 'data-overread-point': kind });
  group.append(
    svgElement('circle', {
      cx: x.toFixed(1),
      cy: y.toFixed(1),
      r: String(radius),
      fill: colours[kind],
      stroke: 'rgb(0 0 0 / 75%)',
      'stroke-width': '1.5',
    }),
    svgElement('path', { d: sign, stroke: 'rgb(0 0 0)', 'stroke-width': '1.5', 'stroke-linecap': 'round' }),
  );
  return group;
}
