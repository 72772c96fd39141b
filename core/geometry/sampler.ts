import { checkGrid, voxelCount } from './grid.ts';
import { resampleSlab } from './resample.ts';
import { splineCoefficients } from './spline/coefficients.ts';
import { sampleSpline } from './spline/sample.ts';
import type { Grid, GridSamples } from './types.ts';

/** `linear`: trilinear. `nearest`: the nearest voxel, ties to the higher index. `cubic`: cubic B-spline through the samples. */
export type SampledBy = 'linear' | 'nearest' | 'cubic';

export interface Sampled {
  /** Samples of `grid`, i fastest. */
  readonly samples: GridSamples;
  readonly grid: Grid;
  /** Value of places beyond the outer edges of the grid. NaN serves to tell them apart. */
  readonly outside: number;
  /** Axis along which the nearest sample is taken, whatever is done along the others; in grids that share its axes. Absent: none. */
  readonly nearestAxis?: 0 | 1 | 2 | undefined;
}

/** Writes the values at the voxel centres of a grid; `output` holds exactly its voxels. */
export type Sampler = (to: Grid, output: Float32Array) => void;

/**
 * Samples one grid at many others: what has to be worked out once (spline coefficients, 4 bytes a sample) is kept. Between the outermost
 * voxel centres and the outer edges the samples go on with the edge value. No smoothing before a coarser grid.
 * @throws OverreadError `geometry.sample-count`, `geometry.bad-grid`, `runtime.out-of-memory`
 */
export function createSampler({ samples, grid, outside, nearestAxis }: Sampled, by: SampledBy): Sampler {
  checkGrid(grid);
  if (by !== 'cubic') {
    return (to, output) =>
      resampleSlab(
        { samples, from: grid, to, interpolation: by, outside, nearestAxis },
        { kStart: 0, kEnd: to.dims[2] },
        output.subarray(0, voxelCount(to)),
      );
  }
  const coefficients = splineCoefficients(samples, grid.dims);
  return (to, output) => {
    checkGrid(to);
    sampleSpline({ coefficients, from: grid, to, outside, output, kStart: 0, kEnd: to.dims[2], nearestAxis });
  };
}
