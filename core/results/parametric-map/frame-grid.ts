import { numbersOf, type Attributes } from '../../dicom/index.ts';
import {
  add,
  affineFromColumns,
  cross,
  distance,
  dot,
  gridDirections,
  length,
  normalize,
  sameGrid,
  scale,
  subtract,
  type Grid,
  type Vec3,
} from '../../geometry/index.ts';

/** A frame's item of a functional group, its own or the shared one. */
export type GroupOf = (frame: Attributes, keyword: string) => Attributes | null;

export interface FrameGrid {
  readonly grid: Grid;
  /** Index of the frame (0-based) that is slice k. */
  readonly order: readonly number[];
}

/** How far a frame may lie from its place in the grid, as a share of the smallest voxel side. */
const tolerance = 0.02;

/**
 * The regular grid on which frames lie, in the order of the frames where that is regular, else sorted along the normal.
 * @param series Grid of the series: taken over where it is the same, and giving the direction of k to a single frame.
 * @returns why there is none.
 */
export function gridOfFrames(
  frames: readonly Attributes[],
  group: GroupOf,
  rows: number,
  columns: number,
  series: Grid,
): FrameGrid | string {
  const first = frames[0] ?? {};
  const orientation = orientationOf(first, group);
  const measures = group(first, 'PixelMeasuresSequence') ?? {};
  const spacing = numbersOf(measures, 'PixelSpacing', 2);
  if (orientation === null || spacing === null) return 'it has no place';
  const [dj = 0, di = 0] = spacing;
  if (!(di > 0 && dj > 0)) return 'its pixels have no size';
  const [i, j] = orientation;
  if (Math.abs(length(i) - 1) > 1e-3 || Math.abs(length(j) - 1) > 1e-3 || Math.abs(dot(i, j)) > 1e-3) {
    return 'its orientation is none';
  }
  const positions: Vec3[] = [];
  for (const frame of frames) {
    const position = vector(numbersOf(group(frame, 'PlanePositionSequence') ?? {}, 'ImagePositionPatient', 3), 0);
    const own = orientationOf(frame, group);
    const ownSpacing = numbersOf(group(frame, 'PixelMeasuresSequence') ?? {}, 'PixelSpacing', 2);
    if (position === null || own === null) return 'a frame has no place';
    if (distance(own[0], i) > 1e-4 || distance(own[1], j) > 1e-4) return 'its frames are turned against each other';
    if (ownSpacing?.[0] !== dj || ownSpacing[1] !== di) return 'its frames differ in pixel size';
    positions.push(position);
  }
  const normal = normalize(cross(i, j));
  const thickness = numbersOf(measures, 'SpacingBetweenSlices', 1) ?? numbersOf(measures, 'SliceThickness', 1);
  const single = scale(normal, (thickness?.[0] ?? 1) * (dot(normal, gridDirections(series)[2]) < 0 ? -1 : 1));
  const asStored = positions.map((_, index) => index);
  const along = positions.map((position) => dot(position, normal));
  const sorted = asStored.toSorted((a, b) => (along[a] ?? 0) - (along[b] ?? 0));
  for (const order of [asStored, sorted]) {
    const step = stepOf(order, positions, single, tolerance * Math.min(di, dj));
    const origin = positions[order[0] ?? 0];
    if (step === null || origin === undefined) continue;
    const grid: Grid = {
      dims: [columns, rows, frames.length],
      indexToWorld: affineFromColumns(scale(i, di), scale(j, dj), step, origin),
    };
    return { grid: sameGrid(grid, series) ? series : grid, order };
  }
  return 'its frames are not evenly spaced';
}

/** The step between frames, or null where they are not evenly spaced, or fall together. */
function stepOf(order: readonly number[], positions: readonly Vec3[], single: Vec3, limit: number): Vec3 | null {
  const ordered = order.map((index) => positions[index] ?? ([NaN, NaN, NaN] as const));
  const [origin] = ordered;
  const last = ordered.at(-1);
  if (origin === undefined || last === undefined) return null;
  const step = ordered.length === 1 ? single : scale(subtract(last, origin), 1 / (ordered.length - 1));
  if (!(length(step) > 1e-6)) return null;
  const even = ordered.every((position, k) => distance(position, add(origin, scale(step, k))) <= limit);
  return even ? step : null;
}

function orientationOf(frame: Attributes, group: GroupOf): readonly [Vec3, Vec3] | null {
  const cosines = numbersOf(group(frame, 'PlaneOrientationSequence') ?? {}, 'ImageOrientationPatient', 6);
  const [i, j] = [vector(cosines, 0), vector(cosines, 3)];
  return i === null || j === null ? null : [i, j];
}

function vector(values: readonly number[] | null, from: number): Vec3 | null {
  const [x, y, z] = values?.slice(from, from + 3) ?? [];
  return x === undefined || y === undefined || z === undefined ? null : [x, y, z];
}
