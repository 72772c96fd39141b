import { mapAxes, type Grid, type Vec3 } from '@overread/core/geometry';
import type { MarkPlace } from './thing.ts';

/**
 * A rectangle as a mark, cut off at the edge of the images where it was drawn beyond; left as it is where it lies outside altogether, which
 * the model then refuses. Voxel indices, fractional; the images reach half a voxel beyond the outermost centres.
 */
export function boxPlace(from: Vec3, to: Vec3, { dims }: Grid): MarkPlace {
  const low = mapAxes((axis) => Math.min(from[axis], to[axis]));
  const high = mapAxes((axis) => Math.max(from[axis], to[axis]));
  const edge = mapAxes((axis) => dims[axis] - 0.5);
  const meets = low.every((value, axis) => value <= edge[axis as 0] && high[axis as 0] >= -0.5);
  if (!meets) return { kind: 'box', from, to };
  const within = (corner: Vec3): Vec3 => mapAxes((axis) => Math.min(edge[axis], Math.max(-0.5, corner[axis])));
  return { kind: 'box', from: within(from), to: within(to) };
}
