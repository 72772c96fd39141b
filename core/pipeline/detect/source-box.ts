import {
  boxFromWorld,
  indexToWorld,
  mapAxes,
  worldToIndex,
  type Grid,
  type IndexBox,
  type Vec3,
} from '../../geometry/index.ts';
import type { EdgeBox } from './edge-box.ts';

/** What a point between two voxels may be off by, in voxels. */
const rounding = 1e-6;

/** The voxels of the series that a box of the prepared grid touches; between oblique grids, those of the box round its corners. Null beyond the series. */
export function sourceBox({ low, high }: EdgeBox, prepared: Grid, source: Grid): IndexBox | null {
  const corners = Array.from({ length: 8 }, (_, corner) =>
    indexToWorld(
      prepared,
      mapAxes((axis) => ((corner >> axis) & 1 ? high[axis] : low[axis])),
    ),
  );
  return boxFromWorld(source, corners);
}

/** The voxel of the series nearest to a point of the prepared grid, inside `box`; between two voxels, the higher index. */
export function centreIn({ min, max }: IndexBox, point: Vec3, prepared: Grid, source: Grid): Vec3 {
  const at = worldToIndex(source, indexToWorld(prepared, point));
  return mapAxes((axis) => Math.min(max[axis], Math.max(min[axis], Math.floor(at[axis] + 0.5 + rounding))));
}
