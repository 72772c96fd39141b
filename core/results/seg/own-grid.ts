import { itemOf, numberOf, numbersOf, textOf, type Attributes } from '../../dicom/index.ts';
import { add, affineFromPlane, checkGrid, dot, planeNormal, scale, type Vec3 } from '../../geometry/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import type { OpenSegmentation } from './open.ts';
import { positionOf } from './tiles.ts';

/** How far a frame may lie beside its plane, as a share of the step from one plane to the next. */
const tolerance = 0.02;
/** Voxels of the grid: what a small file may ask of us. */
const mostVoxels = 2 ** 30;

/**
 * The grid that the frames of a SEG span by themselves, for one whose images are not at hand: the planes from the lowest
 * to the highest frame along their normal, or the total pixel matrix of tiles. A text says why there is none.
 */
export function ownGeometry({ dataset, frames, tiled, rows, columns }: OpenSegmentation): SeriesGeometry | string {
  const shared = itemOf(dataset, 'SharedFunctionalGroupsSequence') ?? {};
  const groupOf = (frame: Attributes, keyword: string) => itemOf(frame, keyword) ?? itemOf(shared, keyword) ?? {};
  const first = frames[0]?.groups ?? {};
  const measures = groupOf(first, 'PixelMeasuresSequence');
  const orientation =
    numbersOf(groupOf(first, 'PlaneOrientationSequence'), 'ImageOrientationPatient', 6) ??
    numbersOf(dataset, 'ImageOrientationSlide', 6);
  const spacing = numbersOf(measures, 'PixelSpacing', 2);
  const positions = frames.map(
    ({ groups }) =>
      positionOf(groupOf(groups, 'PlanePositionSequence')) ?? positionOf(groupOf(groups, 'PlanePositionSlideSequence')),
  );
  if (orientation === null || spacing === null || positions.includes(null)) return 'its frames have no place';
  const directions = { rowDirection: vec3(orientation), columnDirection: vec3(orientation.slice(3)) };
  const normal = planeNormal(directions);
  const places = positions.map((position) => vec3(position ?? []));
  const heights = places.map((place) => dot(normal, place));
  const planes = planesOf(heights, numberOf(measures, 'SpacingBetweenSlices'));
  if (planes === null) return 'its frames are not evenly spaced';
  const lowest = places[heights.indexOf(planes.lowest)] ?? vec3([]);
  const matrix = tiled ? matrixOf(dataset, lowest, normal) : { columns, rows, origin: lowest };
  if (matrix === null) return 'its tiles have no place';
  const step = planes.step ?? numberOf(measures, 'SliceThickness') ?? 1;
  if (!(matrix.columns * matrix.rows * planes.count <= mostVoxels)) return `it spans more than ${mostVoxels} voxels`;
  const plane = {
    ...directions,
    position: matrix.origin,
    pixelSpacing: [spacing[0] ?? NaN, spacing[1] ?? NaN] as const,
  };
  const dims: Vec3 = [matrix.columns, matrix.rows, planes.count];
  const grid = { dims, indexToWorld: affineFromPlane(plane, step) };
  checkGrid(grid);
  return {
    studyInstanceUID: textOf(dataset, 'StudyInstanceUID') ?? '',
    seriesInstanceUID: textOf(dataset, 'SeriesInstanceUID') ?? '',
    modality: textOf(dataset, 'Modality') ?? '',
    frameOfReferenceUID: textOf(dataset, 'FrameOfReferenceUID'),
    slices: [],
    grid,
    warnings: [],
  };
}

/** Height of the lowest plane, the step between planes (null where there is one) and their number; null where uneven. */
function planesOf(
  heights: readonly number[],
  between: number | null,
): { readonly lowest: number; readonly step: number | null; readonly count: number } | null {
  const sorted = [...new Set(heights)].sort((a, b) => a - b);
  const lowest = sorted[0] ?? 0;
  const highest = sorted.at(-1) ?? 0;
  // Positions of one plane differ by what decimal strings lose.
  const apart = sorted.map((height, index) => height - (sorted[index - 1] ?? height)).filter((gap) => gap > 1e-3);
  const smallest = apart.reduce((least, gap) => Math.min(least, gap), Infinity);
  if (smallest === Infinity) return { lowest, step: between !== null && between > 0 ? between : null, count: 1 };
  for (const step of [between ?? 0, smallest]) {
    if (!(step > 0)) continue;
    const even = sorted.every((height) => {
      const index = (height - lowest) / step;
      return Math.abs(index - Math.round(index)) <= tolerance;
    });
    if (even) return { lowest, step, count: Math.round((highest - lowest) / step) + 1 };
  }
  return null;
}

interface Matrix {
  readonly columns: number;
  readonly rows: number;
  readonly origin: Vec3;
}

/** The total pixel matrix, in the plane of the lowest tile: the origin itself may lie on the slide's surface. */
function matrixOf(dataset: Attributes, lowest: Vec3, normal: Vec3): Matrix | null {
  const columns = numberOf(dataset, 'TotalPixelMatrixColumns');
  const rows = numberOf(dataset, 'TotalPixelMatrixRows');
  const position = positionOf(itemOf(dataset, 'TotalPixelMatrixOriginSequence') ?? {});
  if (columns === null || rows === null || position === null) return null;
  const origin = vec3(position);
  const lift = dot(normal, lowest) - dot(normal, origin);
  return { columns, rows, origin: add(origin, scale(normal, lift)) };
}

function vec3(values: readonly number[]): Vec3 {
  return [values[0] ?? NaN, values[1] ?? NaN, values[2] ?? NaN];
}
