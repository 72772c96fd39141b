import { affineColumn, transformPoint } from './affine.ts';
import { indexToWorld, worldToIndexMatrix } from './grid.ts';
import { mapAxes } from './vector.ts';
import type { Grid, IndexBox, Vec3 } from './types.ts';

/** The box of all voxels of a grid. */
export function gridBox(grid: Grid): IndexBox {
  return { min: [0, 0, 0], max: mapAxes((axis) => grid.dims[axis] - 1) };
}

/** Voxels along [i, j, k]: both ends included. */
export function boxSize(box: IndexBox): Vec3 {
  return mapAxes((axis) => box.max[axis] - box.min[axis] + 1);
}

/** The common voxels of two boxes, or null where there are none. */
export function intersectBoxes(a: IndexBox, b: IndexBox): IndexBox | null {
  const min = mapAxes((axis) => Math.max(a.min[axis], b.min[axis]));
  const max = mapAxes((axis) => Math.min(a.max[axis], b.max[axis]));
  return min[0] <= max[0] && min[1] <= max[1] && min[2] <= max[2] ? { min, max } : null;
}

/** The smallest box that holds both. */
export function uniteBoxes(a: IndexBox, b: IndexBox): IndexBox {
  return {
    min: mapAxes((axis) => Math.min(a.min[axis], b.min[axis])),
    max: mapAxes((axis) => Math.max(a.max[axis], b.max[axis])),
  };
}

/** The box grown by `margin` voxels per side, cut to the grid. */
export function expandBox(box: IndexBox, margin: Vec3, grid: Grid): IndexBox {
  return {
    min: mapAxes((axis) => Math.max(0, box.min[axis] - margin[axis])),
    max: mapAxes((axis) => Math.min(grid.dims[axis] - 1, box.max[axis] + margin[axis])),
  };
}

/** The part of a grid inside a box, as a grid of its own: voxel (0, 0, 0) is `box.min`. */
export function cropGrid(grid: Grid, box: IndexBox): Grid {
  const origin = indexToWorld(grid, box.min);
  const matrix = [...grid.indexToWorld];
  origin.forEach((value, row) => (matrix[row * 4 + 3] = value));
  return { dims: boxSize(box), indexToWorld: matrix };
}

/**
 * A grid of exactly this size along [i, j, k], cut or padded by whole voxels at both ends; where the ends cannot be equal, they
 * are as MONAI's `ResizeWithPadOrCrop` has them.
 */
export function resizedGrid(grid: Grid, size: Vec3): Grid {
  const min = mapAxes((axis) => {
    const [count, wanted] = [grid.dims[axis], size[axis]];
    if (count <= wanted) return 0 - Math.floor((wanted - count) / 2);
    return Math.floor(count / 2) - Math.floor(wanted / 2);
  });
  return cropGrid(grid, { min, max: mapAxes((axis) => min[axis] + size[axis] - 1) });
}

/** The smallest box of voxels of `to` that encloses a box of `from`, cut to the grid; null where it lies outside. */
export function boxOnGrid(from: Grid, box: IndexBox, to: Grid): IndexBox | null {
  return boxFromWorld(to, boxCorners(from, box));
}

/**
 * The eight outer corners of a box in LPS mm, at the edges of its voxels (min - 0.5 and max + 0.5).
 * Corner n takes the upper end along i, j, k where bit 0, 1, 2 of n is set, so corners 0 and 7 are opposite.
 */
export function boxCorners(grid: Grid, box: IndexBox): readonly Vec3[] {
  return Array.from({ length: 8 }, (_, corner) =>
    indexToWorld(
      grid,
      mapAxes((axis) => ((corner >> axis) & 1 ? box.max[axis] + 0.5 : box.min[axis] - 0.5)),
    ),
  );
}

/** Two opposite outer corners of a box in LPS mm: (min - 0.5) and (max + 0.5). In a turned grid they are not the smallest and largest coordinates. */
export function boxToWorld(grid: Grid, box: IndexBox): { readonly min: Vec3; readonly max: Vec3 } {
  return {
    min: indexToWorld(grid, [box.min[0] - 0.5, box.min[1] - 0.5, box.min[2] - 0.5]),
    max: indexToWorld(grid, [box.max[0] + 0.5, box.max[1] + 0.5, box.max[2] + 0.5]),
  };
}

/**
 * The voxels of a grid that points in LPS mm span: the smallest box whose outer edges enclose them all, cut to the
 * grid; null where they lie outside it. Inverse of `boxCorners`.
 */
export function boxFromWorld(grid: Grid, points: readonly Vec3[]): IndexBox | null {
  if (points.length === 0) return null;
  const toIndex = worldToIndexMatrix(grid);
  const indices = points.map((point) => transformPoint(toIndex, point));
  const along = (axis: 0 | 1 | 2): readonly number[] => indices.map((index) => index[axis]);
  // A point on the edge between two voxels belongs to the box on the side where the others are.
  const low = mapAxes((axis) => Math.floor(Math.min(...along(axis)) + 0.5 + edge));
  const high = mapAxes((axis) => Math.ceil(Math.max(...along(axis)) - 0.5 - edge));
  const box = { min: low, max: mapAxes((axis) => Math.max(low[axis], high[axis])) };
  return intersectBoxes(box, gridBox(grid));
}

/** What rounding may move a point on a voxel edge, in voxels. */
const edge = 1e-6;

/** Side lengths of a box along [i, j, k], outer edge to outer edge, mm. */
export function boxExtent(grid: Grid, box: IndexBox): Vec3 {
  const size = boxSize(box);
  return mapAxes((axis) => size[axis] * Math.hypot(...affineColumn(grid.indexToWorld, axis)));
}
