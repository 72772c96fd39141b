import type { HeatMap } from '@overread/core/analysis';
import { heatStops } from '../host/heat-colours.ts';
import { changeText } from './format.ts';
import { text } from '../text/index.ts';

/** Which colour of the map on the images stands for which value. */
export function HeatLegend({
  heatMap: { displayRange },
  says,
}: {
  readonly heatMap: HeatMap;
  /** The sentence that stands for it where it is not seen. */
  readonly says: 'layers.legend' | 'explain.legend';
}) {
  const [low, high] = [changeText(displayRange[0]), changeText(displayRange[1])];
  const colours = heatStops.map((colour) => `rgb(${colour.join(' ')})`).join(', ');
  return (
    <div className="ovr-legend" role="img" aria-label={text(says, { low, high })}>
      <span>{low}</span>
      <span className="ovr-legend-bar" style={{ background: `linear-gradient(to right, ${colours})` }} />
      <span>{high}</span>
    </div>
  );
}
