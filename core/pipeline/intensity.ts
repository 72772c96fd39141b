import { OverreadError } from '../errors/index.ts';
import { resample, resampleSlab, type Grid } from '../geometry/index.ts';
import type { Masks } from './masks/index.ts';

/** A mask on another grid, nearest voxel; 0 beyond the source. */
export function maskOn(masks: Masks, id: string, source: Grid, grid: Grid): Uint8Array {
  return resample(maskNamed(masks, id), source, grid, 'nearest', 0);
}

/** Whether a mask has a voxel on another grid. Looks slice by slice and stops at the first one. */
export function touchesMask(masks: Masks, id: string, source: Grid, grid: Grid): boolean {
  const resampling = {
    samples: maskNamed(masks, id),
    from: source,
    to: grid,
    interpolation: 'nearest',
    outside: 0,
  } as const;
  const slice = new Uint8Array(grid.dims[0] * grid.dims[1]);
  for (let k = 0; k < grid.dims[2]; k++) {
    resampleSlab(resampling, { kStart: k, kEnd: k + 1 }, slice);
    if (slice.includes(1)) return true;
  }
  return false;
}

/** The voxels of a named mask, on the source grid. @throws OverreadError `model.manifest-invalid` where there is none */
export function maskNamed(masks: Masks, id: string): Uint8Array {
  const mask = masks.get(id);
  if (mask !== undefined) return mask.bits;
  throw new OverreadError('model.manifest-invalid', { why: `it names the mask '${id}' and does not define it` });
}
