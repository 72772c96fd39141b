import { axisTowards, type Grid, type Vec3 } from '../../geometry/index.ts';
import type { VoxelRun } from './label-boxes.ts';

/**
 * Voxels [i, j, k] of the largest axial cross-section of a region: all that its outline can pass through (runs along i that lie in
 * the slice give their ends only). Of equal slices the first.
 */
export function axialSlice(runs: readonly VoxelRun[], grid: Grid): readonly Vec3[] {
  const through = axisTowards(grid, 'S').axis;
  const areas = new Float64Array(grid.dims[through]);
  for (const { first, length } of runs) {
    if (through === 0) for (let i = first[0]; i < first[0] + length; i++) areas[i]!++;
    else areas[first[through]]! += length;
  }
  const slice = areas.indexOf(areas.reduce((most, area) => Math.max(most, area), 0));
  if (through === 0) {
    return runs
      .filter(({ first, length }) => first[0] <= slice && slice < first[0] + length)
      .map(({ first }) => [slice, first[1], first[2]]);
  }
  return runs
    .filter(({ first }) => first[through] === slice)
    .flatMap(({ first, length }) => [first, [first[0] + length - 1, first[1], first[2]] as const]);
}
