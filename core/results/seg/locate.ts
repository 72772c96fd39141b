import { itemOf, itemsOf, numbersOf, textOf, type Attributes } from '../../dicom/index.ts';
import { gridSpacing, transformPoint, worldToIndexMatrix, type Vec3 } from '../../geometry/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import { sliceIndex, sliceOf } from '../common/slice-index.ts';
import type { OpenSegmentation } from './open.ts';
import { positionOf } from './tiles.ts';

/** Voxel of the frame's first pixel; or why the frame has no place, as the end of a sentence that begins with it. */
export type FramePlace = { readonly i: number; readonly j: number; readonly k: number } | string;

/** How far a corner of a frame may lie from the series' own voxels, in voxels: what decimal strings lose, and no more. */
const tolerance = 0.02;

/**
 * Finds the voxels of the series that a frame lies on. Position, orientation and spacing decide (all four corners must
 * lie on voxels of one slice; only a tile may begin elsewhere than at the first voxel); the source images, where the
 * frame names some, must have that slice among them. Only for a series without a frame of reference they decide alone.
 */
export function frameLocator(
  segmentation: OpenSegmentation,
  series: SeriesGeometry,
): (frame: Attributes) => FramePlace {
  const { dataset, rows, columns, tiled } = segmentation;
  const shared = itemOf(dataset, 'SharedFunctionalGroupsSequence') ?? {};
  const sourceSlices = sliceFinder(series);
  const toIndex = worldToIndexMatrix(series.grid);
  const count = series.grid.dims[2];
  const [di, dj] = gridSpacing(series.grid);
  const slide = numbersOf(dataset, 'ImageOrientationSlide', 6);
  const group = (frame: Attributes, keyword: string) => itemOf(frame, keyword) ?? itemOf(shared, keyword);

  const byPlace = (frame: Attributes): FramePlace => {
    const position = positionOf(
      group(frame, 'PlanePositionSequence') ?? group(frame, 'PlanePositionSlideSequence') ?? {},
    );
    const orientation =
      numbersOf(group(frame, 'PlaneOrientationSequence') ?? {}, 'ImageOrientationPatient', 6) ?? slide;
    if (position === null || orientation === null) return 'has no place';
    const spacing = numbersOf(group(frame, 'PixelMeasuresSequence') ?? {}, 'PixelSpacing', 2) ?? [dj, di];
    const first = transformPoint(toIndex, toVec3(position));
    const place = { i: tiled ? Math.round(first[0]) : 0, j: tiled ? Math.round(first[1]) : 0, k: Math.round(first[2]) };
    if (!(place.k >= 0 && place.k < count)) return 'lies outside the series';
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
      const off = Math.max(Math.abs(x - place.i - i), Math.abs(y - place.j - j), Math.abs(z - place.k));
      if (!(off <= tolerance)) return `lies ${off.toFixed(2)} voxels off the images of the series`;
    }
    return place;
  };

  return (frame) => {
    const named = sourceSlices(group(frame, 'DerivationImageSequence'));
    if (named?.size === 0) return 'was derived from an image that is not of the series';
    if (series.frameOfReferenceUID === null) {
      const [k] = named ?? [];
      return k === undefined ? 'names no source image' : { i: 0, j: 0, k };
    }
    const place = byPlace(frame);
    if (typeof place === 'string') return place;
    if (named !== null && !named.has(place.k)) return 'lies elsewhere than the image it was derived from';
    return place;
  };
}

/** Slices that a frame says it was derived from; null where it names no image, or one with frames but not which. */
function sliceFinder(series: SeriesGeometry): (derivation: Attributes | null) => ReadonlySet<number> | null {
  if (series.slices.length === 0) return () => null;
  const slices = sliceIndex(series);
  const severalFrames = new Set(
    series.slices.filter(({ frameNumber }) => frameNumber !== null).map((one) => one.sopInstanceUID),
  );
  return (derivation) => {
    const images = derivation === null ? [] : itemsOf(derivation, 'SourceImageSequence');
    const whole = images.some(
      (image) =>
        textOf(image, 'ReferencedFrameNumber') === null &&
        severalFrames.has(textOf(image, 'ReferencedSOPInstanceUID') ?? ''),
    );
    if (images.length === 0 || whole) return null;
    return new Set(images.map((image) => sliceOf(image, slices)).filter((k) => k !== null));
  };
}

function toVec3(values: readonly number[]): Vec3 {
  return [values[0] ?? NaN, values[1] ?? NaN, values[2] ?? NaN];
}
