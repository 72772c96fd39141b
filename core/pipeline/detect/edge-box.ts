import { mapAxes, type Vec3 } from '../../geometry/index.ts';

/** A box in fractional voxel indices [i, j, k], outer edge to outer edge: the box of voxel n alone runs from n - 0.5 to n + 0.5. */
export interface EdgeBox {
  readonly low: Vec3;
  readonly high: Vec3;
}

export function edgeBoxCentre({ low, high }: EdgeBox): Vec3 {
  return mapAxes((axis) => (low[axis] + high[axis]) / 2);
}

/** Voxels, fractions included. */
export function edgeBoxVolume({ low, high }: EdgeBox): number {
  return (high[0] - low[0]) * (high[1] - low[1]) * (high[2] - low[2]);
}

/** Voxels that both share, fractions included. */
export function sharedVolume(a: EdgeBox, b: EdgeBox): number {
  let volume = 1;
  for (const axis of [0, 1, 2] as const) {
    const length = Math.min(a.high[axis], b.high[axis]) - Math.max(a.low[axis], b.low[axis]);
    if (length <= 0) return 0;
    volume *= length;
  }
  return volume;
}

/** Shared volume over that of both together, 0 to 1. */
export function intersectionOverUnion(a: EdgeBox, b: EdgeBox): number {
  const shared = sharedVolume(a, b);
  return shared / (edgeBoxVolume(a) + edgeBoxVolume(b) - shared);
}
