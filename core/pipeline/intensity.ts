import { OverreadError } from '../errors/index.ts';
import { resample, resampleSlab, type Grid } from '../geometry/index.ts';
import type { Manifest } from '../model/index.ts';
import type { Masks } from './masks/index.ts';

type IntensityStep = Manifest['input']['intensity'][number];

/** Applies the steps of a manifest, in order and in place, to samples on `grid`. Masks stand on `source`. */
export function applyIntensity(
  values: Float32Array,
  grid: Grid,
  steps: readonly IntensityStep[],
  masks: Masks,
  source: Grid,
): void {
  for (const step of steps) {
    if (step.kind === 'clip') clip(values, step.min, step.max);
    else if (step.kind === 'scale') {
      const factor = (step.toMax - step.toMin) / (step.fromMax - step.fromMin);
      shiftAndScale(values, factor, step.toMin - step.fromMin * factor);
    } else if (step.kind === 'fillOutside') fillOutside(values, maskOn(masks, step.mask, source, grid), step.value);
  }
}

// Each loop in a function of its own, so that the engine optimizes it as such.

function clip(values: Float32Array, min: number, max: number): void {
  for (let v = 0; v < values.length; v++) {
    const value = values[v]!;
    if (value < min) values[v] = min;
    else if (value > max) values[v] = max;
  }
}

function shiftAndScale(values: Float32Array, factor: number, offset: number): void {
  for (let v = 0; v < values.length; v++) values[v] = values[v]! * factor + offset;
}

function fillOutside(values: Float32Array, inside: Uint8Array, fill: number): void {
  for (let v = 0; v < values.length; v++) if (inside[v] === 0) values[v] = fill;
}

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
