import { integerOf, itemOf, numbersOf, type Attributes } from '../../dicom/index.ts';
import { gridSpacing, transformPoint, worldToIndexMatrix, type Vec3 } from '../../geometry/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import { sliceIndex, sliceOf } from '../common/slice-index.ts';

export type FramePlace =
  | { readonly ok: true; readonly segmentNumber: number; readonly k: number }
  | { readonly ok: false; readonly reason: string };

/** How far a corner of a frame may lie from the series' own voxels, in voxels: what decimal strings lose, and no more. */
const tolerance = 0.02;

/**
 * Finds the slice of the series that a frame lies on. Position, orientation and spacing decide (all four corners must
 * lie on voxels of one slice); the source image, where the frame names one, must be that slice. Only for a series
 * without a frame of reference the source image decides alone.
 */
export function frameLocator(dataset: Attributes, series: SeriesGeometry): (frame: Attributes) => FramePlace {
  const shared = itemOf(dataset, 'SharedFunctionalGroupsSequence') ?? {};
  const slices = sliceIndex(series);
  const toIndex = worldToIndexMatrix(series.grid);
  const [columns, rows, count] = series.grid.dims;
  const [di, dj] = gridSpacing(series.grid);
  const group = (frame: Attributes, keyword: string) => itemOf(frame, keyword) ?? itemOf(shared, keyword);

  const sliceByPlace = (frame: Attributes): number | string => {
    const position = numbersOf(group(frame, 'PlanePositionSequence') ?? {}, 'ImagePositionPatient', 3);
    const orientation = numbersOf(group(frame, 'PlaneOrientationSequence') ?? {}, 'ImageOrientationPatient', 6);
    if (position === null || orientation === null) return 'has no place';
    const spacing = numbersOf(group(frame, 'PixelMeasuresSequence') ?? {}, 'PixelSpacing', 2) ?? [dj, di];
    const k = Math.round(transformPoint(toIndex, toVec3(position))[2]);
    if (k < 0 || k >= count) return 'lies outside the series';
    for (const [i, j] of [
      [0, 0],
      [columns - 1, 0],
      [0, rows - 1],
      [columns - 1, rows - 1],
    ] as const) {
      const at = (axis: 0 | 1 | 2) =>
        (position[axis] ?? NaN) +
        i * (spacing[1] ?? NaN) * (orientation[axis] ?? NaN) +
        j * (spacing[0] ?? NaN) * (orientation[axis + 3] ?? NaN);
      const [x, y, z] = transformPoint(toIndex, [at(0), at(1), at(2)]);
      const off = Math.max(Math.abs(x - i), Math.abs(y - j), Math.abs(z - k));
      if (!(off <= tolerance)) return `lies ${off.toFixed(2)} voxels off the images of the series`;
    }
    return k;
  };

  const sliceBySource = (frame: Attributes): number | null | undefined => {
    const derivation = group(frame, 'DerivationImageSequence');
    const source = derivation === null ? null : itemOf(derivation, 'SourceImageSequence');
    return source === null ? undefined : sliceOf(source, slices);
  };

  return (frame) => {
    const identification = group(frame, 'SegmentIdentificationSequence') ?? {};
    const segmentNumber = integerOf(identification, 'ReferencedSegmentNumber');
    if (segmentNumber === null) return { ok: false, reason: 'names no segment' };
    const named = sliceBySource(frame);
    if (named === null) return { ok: false, reason: 'was derived from an image that is not of the series' };
    if (series.frameOfReferenceUID === null) {
      return named === undefined
        ? { ok: false, reason: 'names no source image' }
        : { ok: true, segmentNumber, k: named };
    }
    const k = sliceByPlace(frame);
    if (typeof k === 'string') return { ok: false, reason: k };
    if (named !== undefined && named !== k)
      return { ok: false, reason: 'lies elsewhere than the image it was derived from' };
    return { ok: true, segmentNumber, k };
  };
}

function toVec3(values: readonly number[]): Vec3 {
  return [values[0] ?? NaN, values[1] ?? NaN, values[2] ?? NaN];
}
