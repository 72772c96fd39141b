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
  const first = mapAxes((axis) => {
    const centre = (box.min[axis] + box.max[axis]) / 2;
    return centre - (((dims[axis] - 1) / 2) * spacing[axis]) / native[axis];
  });
  return makeGrid(dims, spacing, gridDirections(grid), indexToWorld(grid, first));
}
