import { OverreadError } from '../errors/index.ts';
import { axisMaps, nearestAlong } from './axis-map.ts';
import { checkGrid, voxelCount } from './grid.ts';
import { alignedLinear } from './resample-aligned-linear.ts';
import { alignedNearest } from './resample-aligned-nearest.ts';
import { affineLinear, affineNearest } from './resample-affine.ts';
import type { Grid, GridSamples } from './types.ts';

export type Interpolation = 'linear' | 'nearest';

/** Slices kStart up to before kEnd of the target grid, 0-based. */
export interface Slab {
  readonly kStart: number;
  readonly kEnd: number;
}

export interface Resampling {
  /** Samples of `from`, i fastest. */
  readonly samples: GridSamples;
  readonly from: Grid;
  readonly to: Grid;
  /** `linear` for values (trilinear), `nearest` for labels. No smoothing before a coarser grid. */
  readonly interpolation: Interpolation;
  /** Value of target voxels whose centre lies outside the voxels of `from`. */
  readonly outside: number;
  /** Axis of `from` along which the nearest sample is taken, in a grid that shares its axes. Absent: none. */
  readonly nearestAxis?: 0 | 1 | 2 | undefined;
}

/**
 * Values of `samples` (on `from`) at the voxel centres of `to`, in LPS space. Linear answers float32, nearest the type
 * it was given. Between the outermost voxel centres and the outer edges of `from` the edge value continues; beyond the
 * edges stands `outside`. Ties of nearest go to the higher index.
 * @throws OverreadError `geometry.sample-count`, `geometry.bad-grid`
 */
export function resample(samples: GridSamples, from: Grid, to: Grid, interpolation: 'linear', outside: number): Float32Array; // prettier-ignore
export function resample<S extends GridSamples>(samples: S, from: Grid, to: Grid, interpolation: 'nearest', outside: number): S; // prettier-ignore
export function resample(samples: GridSamples, from: Grid, to: Grid, interpolation: Interpolation, outside: number): GridSamples; // prettier-ignore
export function resample(
  samples: GridSamples,
  from: Grid,
  to: Grid,
  interpolation: Interpolation,
  outside: number,
): GridSamples {
  checkGrid(to);
  const count = voxelCount(to);
  const output = interpolation === 'linear' ? new Float32Array(count) : sameKind(samples, count);
  resampleSlab({ samples, from, to, interpolation, outside }, { kStart: 0, kEnd: to.dims[2] }, output);
  return output;
}

/**
 * The same for some slices of `to` only, written to `output` (which holds exactly these slices): for a grid too large
 * to stand in memory at once. The answer does not depend on how the slices are cut into slabs.
 */
export function resampleSlab(resampling: Resampling, slab: Slab, output: GridSamples): void {
  const { samples, from, to, interpolation, outside, nearestAxis } = resampling;
  checkGrid(from);
  checkGrid(to);
  expectCount('source', samples.length, voxelCount(from));
  checkSlab(slab, to);
  expectCount('target', output.length, to.dims[0] * to.dims[1] * (slab.kEnd - slab.kStart));
  const shared = axisMaps(from, to);
  const maps = shared === null || nearestAxis === undefined ? shared : nearestAlong(shared, nearestAxis);
  const job = { samples, from, to, outside, output, ...slab };
  if (interpolation === 'linear') {
    if (maps) alignedLinear(job, maps);
    else affineLinear(job);
  } else {
    if (maps) alignedNearest(job, maps);
    else affineNearest(job);
  }
}

function checkSlab({ kStart, kEnd }: Slab, to: Grid): void {
  const whole = Number.isInteger(kStart) && Number.isInteger(kEnd);
  if (whole && kStart >= 0 && kStart <= kEnd && kEnd <= to.dims[2]) return;
  throw new OverreadError('geometry.bad-grid', {
    why: `slices ${kStart} to ${kEnd} are not part of a grid of ${to.dims[2]} slices`,
    details: { kStart, kEnd, slices: to.dims[2] },
  });
}

function expectCount(what: string, found: number, expected: number): void {
  if (found === expected) return;
  throw new OverreadError('geometry.sample-count', {
    why: `the ${what} holds ${found} samples, its grid ${expected}`,
    details: { found, expected },
  });
}

function sameKind(samples: GridSamples, count: number): GridSamples {
  const Kind = samples.constructor as new (length: number) => GridSamples;
  return new Kind(count);
}
