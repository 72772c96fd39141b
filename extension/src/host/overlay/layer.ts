import type { Vec3 } from '@overread/core/geometry';
import type { PaintQueue } from './paint-queue.ts';
import { PictureCanvas, type Picture } from './picture-canvas.ts';
import { drawPoint, type Point } from './point.ts';
import { svgElement, svgNamespace } from './svg.ts';

/** A polygon with words, in canvas pixels. */
export interface Shape {
  readonly key: string;
  readonly points: readonly (readonly [number, number])[];
  readonly text: string;
  readonly colour: Vec3;
  readonly selected: boolean;
}

interface Drawing {
  readonly pictures: readonly Picture[];
  readonly shapes: readonly Shape[];
  readonly points: readonly Point[];
  /** Where the last jump went, in canvas pixels. */
  readonly mark: readonly [number, number] | null;
}

/**
 * What Overread draws in one viewport: canvases and an SVG of its own, above the viewer's picture and below the viewer's
 * own annotations. It takes no mouse events and knows nothing of the viewer but the element it sits in.
 */
export interface Layer {
  draw(drawing: Drawing): void;
  remove(): void;
}

export function createLayer(host: HTMLElement, queue: PaintQueue): Layer {
  const root = document.createElement('div');
  root.className = 'overread-layer';
  root.style.cssText = 'position: absolute; inset: 0; overflow: hidden; pointer-events: none';
  const marks = document.createElementNS(svgNamespace, 'svg');
  marks.style.cssText = 'position: absolute; inset: 0; width: 100%; height: 100%';
  // In a shadow tree: the viewer's tools take the first `svg` they find in a viewport for their own.
  root.attachShadow({ mode: 'open' }).append(marks);
  const canvases = new Map<string, PictureCanvas>();

  return {
    draw({ pictures, shapes, points, mark }) {
      if (root.parentElement === null) insert(root, host);
      const wanted = new Set(pictures.map((picture) => picture.id));
      for (const [id, canvas] of canvases) {
        if (wanted.has(id)) continue;
        queue.drop(canvas);
        canvas.element.remove();
        canvases.delete(id);
      }
      for (const picture of pictures) {
        const canvas = canvases.get(picture.id) ?? new PictureCanvas(picture.id, (element) => marks.before(element));
        canvases.set(picture.id, canvas);
        if (canvas.take(picture)) queue.add(canvas);
      }
      marks.replaceChildren(
        ...shapes.flatMap(drawShape),
        ...points.map(drawPoint),
        ...(mark === null ? [] : [drawMark(mark, shapes)]),
      );
    },
    remove() {
      root.remove();
      for (const canvas of canvases.values()) queue.drop(canvas);
      canvases.clear();
    },
  };
}

/** Below the SVG that the viewer's tools draw into, so that the user's own annotations stay on top. */
function insert(root: HTMLElement, host: HTMLElement): void {
  const inner = host.querySelector<HTMLElement>(':scope > .viewport-element') ?? host;
  inner.insertBefore(root, inner.querySelector(':scope > svg'));
}

function drawShape({ key, points, text, colour, selected }: Shape): Element[] {
  const stroke = `rgb(${colour.join(' ')})`;
  const outline = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const polygon = (style: Readonly<Record<string, string>>) =>
    svgElement('polygon', { points: outline, fill: 'none', ...style });
  const right = Math.max(...points.map(([x]) => x));
  const top = Math.min(...points.map(([, y]) => y));
  const label = svgElement('text', {
    x: (right + 5).toFixed(1),
    y: (top + 4).toFixed(1),
    fill: stroke,
    stroke: 'rgb(0 0 0 / 75%)',
    'stroke-width': '3',
    'paint-order': 'stroke',
    'font-size': selected ? '14' : '12',
    'font-weight': selected ? '600' : '400',
    'font-family': 'Inter, system-ui, sans-serif',
  });
  label.textContent = text;
  const group = svgElement('g', { 'data-overread-box': key });
  group.append(
    // A dark line below makes the coloured one visible on bone and contrast medium too.
    polygon({ stroke: 'rgb(0 0 0 / 60%)', 'stroke-width': selected ? '5' : '3.5' }),
    polygon({ stroke, 'stroke-width': selected ? '2.5' : '1.5', ...(selected ? {} : { 'stroke-dasharray': '6 3' }) }),
    ...(text === '' ? [] : [label]),
  );
  return [group];
}

/** Four short lines that point at the place and leave it, and the box around it, free to look at. */
function drawMark([x, y]: readonly [number, number], shapes: readonly Shape[]): Element {
  const around = shapes.filter(({ points }) => surrounds(points, [x, y])).flatMap(({ points }) => points);
  const [gap, length] = [16, 14];
  const reach = (axis: 0 | 1, sign: 1 | -1): number => {
    const place = axis === 0 ? x : y;
    return place + sign * Math.max(gap, ...around.map((point) => sign * (point[axis] - place) + 6));
  };
  const [left, right, top, bottom] = [reach(0, -1), reach(0, 1), reach(1, -1), reach(1, 1)];
  const path = [
    `M${left - length} ${y}H${left}`,
    `M${right} ${y}H${right + length}`,
    `M${x} ${top - length}V${top}`,
    `M${x} ${bottom}V${bottom + length}`,
  ].join('');
  const line = (stroke: string, width: string) =>
    svgElement('path', { d: path, stroke, 'stroke-width': width, 'stroke-linecap': 'round' });
  const group = svgElement('g', { 'data-overread-mark': '' });
  group.append(line('rgb(0 0 0 / 60%)', '4.5'), line('rgb(255 255 255)', '2'));
  return group;
}

/** Whether a place lies within the bounds of a shape. */
function surrounds(points: Shape['points'], [x, y]: readonly [number, number]): boolean {
  const within = (values: readonly number[], value: number): boolean =>
    value >= Math.min(...values) && value <= Math.max(...values);
  return (
    within(
      points.map((point) => point[0]),
      x,
    ) &&
    within(
      points.map((point) => point[1]),
      y,
    )
  );
}
