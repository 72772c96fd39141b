import type { Finding, Measurement } from '../../analysis/index.ts';
import { measurementNames, newUID, units } from '../../dicom/index.ts';
import { axisTowards, gridSpacing, type Grid } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { unreviewed } from '../finish/unreviewed.ts';
import { boxAxes, type BoxesOutput } from './decode.ts';
import { edgeBoxCentre, type EdgeBox } from './edge-box.ts';
import { centreIn, sourceBox } from './source-box.ts';
import type { Detection } from './suppress.ts';

/** Detections as findings on the grid of the series, best score first; those that lie beyond the series altogether are left out. */
export function detectionFindings(
  detections: readonly Detection[],
  output: BoxesOutput,
  context: { readonly volume: Volume; readonly prepared: Grid; readonly scoreKind: Manifest['scoreKind'] },
): readonly Finding[] {
  const { volume, prepared, scoreKind } = context;
  const counts = output.classes.map(() => 0);
  return detections.flatMap(({ box, classIndex, score, widest = box }): Finding[] => {
    const region = sourceBox(box, prepared, volume.grid);
    const kind = output.classes[classIndex];
    if (region === null || kind === undefined) return [];
    const number = (counts[classIndex] = (counts[classIndex] ?? 0) + 1);
    return [
      {
        trackingIdentifier: `${kind.label} ${number}`,
        trackingUID: newUID(),
        label: kind.label,
        code: kind.code,
        site: kind.site,
        laterality: null,
        place: null,
        score: { value: score, kind: scoreKind },
        presence: null,
        region: {
          box: region,
          centre: centreIn(region, edgeBoxCentre(box), prepared, volume.grid),
          segmentNumber: null,
          axes: null,
        },
        measurements: boxAxes(output.encoding) === 2 ? sides(widest, prepared, 2) : sides(box, prepared),
        review: unreviewed,
      },
    ];
  });
}

/**
 * Longer and shorter side of the box in the axial plane (or in the plane of its slice), mm, and their mean: what a reader would draw, seen
 * from a box.
 */
function sides(
  { low, high }: EdgeBox,
  prepared: Grid,
  through = axisTowards(prepared, 'S').axis,
): readonly Measurement[] {
  const spacing = gridSpacing(prepared);
  const inPlane = ([0, 1, 2] as const).filter((axis) => axis !== through);
  const lengths = inPlane.map((axis) => (high[axis] - low[axis]) * spacing[axis]);
  const [long, short] = [Math.max(...lengths), Math.min(...lengths)];
  const plain = (name: Measurement['name'], value: number): Measurement => ({
    name,
    value,
    unit: units.millimetre,
    derivation: null,
  });
  return [
    plain(measurementNames.diameter, (long + short) / 2),
    plain(measurementNames.longAxis, long),
    plain(measurementNames.shortAxis, short),
  ];
}
