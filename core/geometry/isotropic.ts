import { boxSize, gridBox } from './box.ts';
import { gridDirections, gridSpacing, indexToWorld, makeGrid } from './grid.ts';
import { mapAxes } from './vector.ts';
import type { Grid, IndexBox, Vec3 } from './types.ts';

/** A grid along the same axes with another spacing (mm, one for all axes), covering all of `grid` or a box of it. */
export function isotropicGrid(grid: Grid, spacing: number, box: IndexBox = gridBox(grid)): Grid {
  return respacedGrid(grid, [spacing, spacing, spacing], box);
}

/**
 * A grid along the same axes with spacing [i, j, k] in mm, covering all of `grid` or a box of it, outer edge to outer
 * edge. Where the extent is no whole number of steps, the grid overhangs by the same amount (under half a step) on both
 * ends, so that a flipped series gets the same sample points; every voxel centre lies inside the extent.
 */
export function respacedGrid(grid: Grid, spacing: Vec3, box: IndexBox = gridBox(grid)): Grid {
  const native = gridSpacing(grid);
  const size = boxSize(box);
  const dims = mapAxes((axis) => Math.max(1, Math.ceil((size[axis] * native[axis]) / spacing[axis] - 1e-6)));
  return centredGrid(grid, box, dims, spacing);
}

/**
 * A grid along the same axes over exactly the same extent, outer edge to outer edge, with the whole number of voxels whose
 * spacing comes nearest to the one asked for. What resizing an array by its edges gives (nnU-Net; SciPy's `zoom` with `grid_mode`).
 */
export function edgeAlignedGrid(grid: Grid, spacing: Vec3): Grid {
  const native = gridSpacing(grid);
  const dims = mapAxes((axis) => Math.max(1, roundEven((grid.dims[axis] * native[axis]) / spacing[axis])));
  const fitting = mapAxes((axis) => (grid.dims[axis] * native[axis]) / dims[axis]);
  return centredGrid(grid, gridBox(grid), dims, fitting);
}

/**
 * A grid along the same axes with spacing [i, j, k] in mm whose first voxel has its centre where that of `grid` has it, and
 * whose last one lies as near to the last of `grid` as whole steps allow. What MONAI's `Spacing` gives.
 */
export function centreAlignedGrid(grid: Grid, spacing: Vec3): Grid {
  const native = gridSpacing(grid);
  const dims = mapAxes((axis) => roundEven(((grid.dims[axis] - 1) * native[axis]) / spacing[axis]) + 1);
  return makeGrid(dims, spacing, gridDirections(grid), indexToWorld(grid, [0, 0, 0]));
}

function centredGrid(grid: Grid, box: IndexBox, dims: Vec3, spacing: Vec3): Grid {
  const native = gridSpacing(grid);
  const first = mapAxes((axis) => {
    const centre = (box.min[axis] + box.max[axis]) / 2;
    return centre - (((dims[axis] - 1) / 2) * spacing[axis]) / native[axis];
  });
  return makeGrid(dims, spacing, gridDirections(grid), indexToWorld(grid, first));
}

/** Halves to the even neighbour, as NumPy rounds, so that counts come out as there; what arithmetic leaves beside a half is a half. */
function roundEven(value: number): number {
  const low = Math.floor(value);
  if (Math.abs(value - low - 0.5) < 1e-9) return low % 2 === 0 ? low : low + 1;
  return Math.round(value);
}
