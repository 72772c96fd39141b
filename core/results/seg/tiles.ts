import { integerOf, itemOf, numberOf, numbersOf, type Attributes } from '../../dicom/index.ts';
import type { FrameHeader } from './open.ts';

/**
 * Frames of a TILED_FULL image (PS3.3 C.7.6.17.3): by segment, then focal plane, then tile, row after row; their places
 * are not written down but follow from the total pixel matrix. Each gets the plane position that it would have carried.
 * @param segments SegmentNumbers in order; null for the one pass of a label map.
 * @returns null where the number of frames is another, or the matrix has no place.
 */
export function tiledFullFrames(
  dataset: Attributes,
  count: number,
  segments: readonly (number | null)[],
): readonly FrameHeader[] | null {
  const width = integerOf(dataset, 'TotalPixelMatrixColumns') ?? 0;
  const height = integerOf(dataset, 'TotalPixelMatrixRows') ?? 0;
  const columns = integerOf(dataset, 'Columns') ?? 0;
  const rows = integerOf(dataset, 'Rows') ?? 0;
  const planes = integerOf(dataset, 'TotalPixelMatrixFocalPlanes') ?? 1;
  if (width < 1 || height < 1 || columns < 1 || rows < 1 || planes < 1) return null;
  const across = Math.ceil(width / columns);
  const down = Math.ceil(height / rows);
  if (across * down * planes * segments.length !== count) return null;
  const place = tilePlaces(dataset);
  if (place === null) return null;
  const frames: FrameHeader[] = [];
  for (const segmentNumber of segments) {
    for (let plane = 0; plane < planes; plane++) {
      for (let tile = 0; tile < across * down; tile++) {
        const position = place((tile % across) * columns, Math.floor(tile / across) * rows, plane);
        frames.push({ segmentNumber, groups: { PlanePositionSequence: [{ ImagePositionPatient: position }] } });
      }
    }
  }
  return frames;
}

/**
 * The groups of a tile that says where in the total pixel matrix it stands (PS3.3 C.8.12.6.1), with the plane position that
 * follows. Its offsets on the slide say the same twice, and some writers get them wrong; only their Z is taken.
 */
export function tilePosition(dataset: Attributes): (groups: Attributes) => Attributes {
  const place = tilePlaces(dataset);
  return (groups) => {
    const item = itemOf(groups, 'PlanePositionSlideSequence') ?? {};
    const column = integerOf(item, 'ColumnPositionInTotalImagePixelMatrix');
    const row = integerOf(item, 'RowPositionInTotalImagePixelMatrix');
    if (place === null || column === null || row === null) return groups;
    const [x, y, z] = place(column - 1, row - 1, 0);
    const position = [x, y, numberOf(item, 'ZOffsetInSlideCoordinateSystem') ?? z];
    return { ...groups, PlanePositionSequence: [{ ImagePositionPatient: position }] };
  };
}

type TilePlace = (column: number, row: number, plane: number) => readonly number[];

/** Position (mm) of a pixel of the total pixel matrix; null where the image does not say where the matrix lies. */
function tilePlaces(dataset: Attributes): TilePlace | null {
  const origin = positionOf(itemOf(dataset, 'TotalPixelMatrixOriginSequence') ?? {});
  const orientation = numbersOf(dataset, 'ImageOrientationSlide', 6);
  const shared = itemOf(dataset, 'SharedFunctionalGroupsSequence') ?? {};
  const measures = itemOf(shared, 'PixelMeasuresSequence') ?? {};
  const spacing = numbersOf(measures, 'PixelSpacing', 2);
  if (origin === null || orientation === null || spacing === null) return null;
  const step = numberOf(measures, 'SpacingBetweenSlices') ?? 0;
  return (column, row, plane) =>
    origin.map(
      (start, axis) =>
        start +
        column * (spacing[1] ?? NaN) * (orientation[axis] ?? NaN) +
        row * (spacing[0] ?? NaN) * (orientation[axis + 3] ?? NaN) +
        // Focal planes lie along the axis of the slide (PS3.3 C.8.12.2.1).
        (axis === 2 ? plane * step : 0),
    );
}

/**
 * Position of a frame or matrix: in the patient, or on the slide (X, Y, Z offsets, mm; the coordinates of a slide's
 * frame of reference). Null where it has none.
 */
export function positionOf(item: Attributes): readonly number[] | null {
  const patient = numbersOf(item, 'ImagePositionPatient', 3);
  if (patient !== null) return patient;
  const [x, y, z] = (['X', 'Y', 'Z'] as const).map((axis) => numberOf(item, `${axis}OffsetInSlideCoordinateSystem`));
  // A matrix origin has no Z: the slide's surface.
  return x == null || y == null ? null : [x, y, z ?? 0];
}
