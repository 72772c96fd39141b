import { OverreadError } from '../errors/index.ts';
import { affineColumn, affineFromColumns, invert, multiply, transformPoint } from './affine.ts';
import { cross, dot, length, mapAxes, normalize, scale } from './vector.ts';
import type { Grid, Matrix4, Vec3 } from './types.ts';

/** Voxels of the grid. */
export function voxelCount(grid: Grid): number {
  return grid.dims[0] * grid.dims[1] * grid.dims[2];
}

/** Steps in memory per index of i, j and k, in samples. */
export function strides(grid: Grid): Vec3 {
  return [1, grid.dims[0], grid.dims[0] * grid.dims[1]];
}

/** Distance between voxel centres along [i, j, k], mm. */
export function gridSpacing(grid: Grid): Vec3 {
  return mapAxes((axis) => length(affineColumn(grid.indexToWorld, axis)));
}

/** Unit vectors of increasing i, j and k, LPS. */
export function gridDirections(grid: Grid): readonly [Vec3, Vec3, Vec3] {
  const direction = (axis: 0 | 1 | 2): Vec3 => normalize(affineColumn(grid.indexToWorld, axis));
  return [direction(0), direction(1), direction(2)];
}

/** Centre of voxel (0, 0, 0), LPS mm. */
export function gridOrigin(grid: Grid): Vec3 {
  return affineColumn(grid.indexToWorld, 3);
}

/** Unit normal of the slices, LPS: i direction x j direction. Points from slice k to k + 1 in a right-handed grid. */
export function gridNormal(grid: Grid): Vec3 {
  const [i, j] = gridDirections(grid);
  return normalize(cross(i, j));
}

/** Volume of one voxel, cubic millimetres (divide by 1000 for mL). */
export function voxelVolume(grid: Grid): number {
  const { indexToWorld } = grid;
  const [i, j, k] = [affineColumn(indexToWorld, 0), affineColumn(indexToWorld, 1), affineColumn(indexToWorld, 2)];
  return Math.abs(dot(cross(i, j), k));
}

/** Centre of a voxel (0-based, fractions allowed) in LPS mm. */
export function indexToWorld(grid: Grid, ijk: Vec3): Vec3 {
  return transformPoint(grid.indexToWorld, ijk);
}

/** Fractional 0-based voxel index of a point in LPS mm. Inverts on each call: for many points, keep `worldToIndexMatrix`. */
export function worldToIndex(grid: Grid, world: Vec3): Vec3 {
  return transformPoint(invert(grid.indexToWorld), world);
}

/** LPS mm to fractional 0-based voxel index. */
export function worldToIndexMatrix(grid: Grid): Matrix4 {
  return invert(grid.indexToWorld);
}

/** Fractional voxel index of `from` to fractional voxel index of `to`. */
export function indexToIndexMatrix(from: Grid, to: Grid): Matrix4 {
  return multiply(invert(to.indexToWorld), from.indexToWorld);
}

/** True where the (fractional) index lies within the voxels of the grid, outer edges (-0.5 and dims - 0.5) included. */
export function containsIndex(grid: Grid, ijk: Vec3): boolean {
  return ([0, 1, 2] as const).every((axis) => ijk[axis] >= -0.5 && ijk[axis] <= grid.dims[axis] - 0.5);
}

/**
 * True where both grids have the same voxels: equal counts, and no corner voxel further apart than `tolerance`
 * (a share of the smallest voxel side; the default, a hundredth, is what decimal strings in headers lose at worst).
 */
export function sameGrid(a: Grid, b: Grid, tolerance = 0.01): boolean {
  if (a.dims.some((count, axis) => count !== b.dims[axis])) return false;
  const limit = tolerance * Math.min(...gridSpacing(a));
  for (let corner = 0; corner < 8; corner++) {
    const ijk = mapAxes((axis) => ((corner >> axis) & 1) * (a.dims[axis] - 1));
    const [p, q] = [indexToWorld(a, ijk), indexToWorld(b, ijk)];
    if (!(Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) <= limit)) return false;
  }
  return true;
}

/** A grid of given spacing and directions; directions are taken as unit vectors. */
export function makeGrid(dims: Vec3, spacing: Vec3, directions: readonly [Vec3, Vec3, Vec3], origin: Vec3): Grid {
  const step = (axis: 0 | 1 | 2): Vec3 => scale(normalize(directions[axis]), spacing[axis]);
  return { dims, indexToWorld: affineFromColumns(step(0), step(1), step(2), origin) };
}

/** @throws OverreadError `geometry.bad-grid` unless counts are whole and positive and the matrix is finite and invertible. */
export function checkGrid(grid: Grid): void {
  if (!grid.dims.every((count) => Number.isSafeInteger(count) && count > 0)) {
    throw new OverreadError('geometry.bad-grid', {
      why: `voxel counts ${grid.dims.join(' x ')} are not three whole numbers above 0`,
      details: { dims: [...grid.dims] },
    });
  }
  if (grid.indexToWorld.length !== 16 || !grid.indexToWorld.every(Number.isFinite)) {
    throw new OverreadError('geometry.bad-grid', { why: 'its matrix is not 16 finite numbers' });
  }
  invert(grid.indexToWorld);
}
