import {
  boxSize,
  cropGrid,
  gridBox,
  isotropicGrid,
  mapAxes,
  resample,
  type Grid,
  type IndexBox,
  type Vec3,
} from '../geometry/index.ts';
import type { InputShapes } from '../graph/index.ts';
import type { Manifest } from '../model/index.ts';
import type { Volume } from '../volume/index.ts';
import { applyIntensity, maskNamed } from './intensity.ts';
import type { Masks } from './masks/index.ts';
import { boundingBox } from './masks/window.ts';
import type { PreparedInput } from './prepared.ts';
import type { Tensor } from './runtime.ts';
import type { Steps } from './steps.ts';

export interface PrepareRequest {
  /** One series per channel of the manifest, in its order. The first one is the series that the model is run on. */
  readonly volumes: readonly [Volume, ...Volume[]];
  readonly input: Manifest['input'];
  /** On the first volume's grid. */
  readonly masks: Masks;
}

/**
 * The input of a manifest, made ready to be read window by window.
 * @param steps told how far it is, where that takes a while
 */
export async function prepareInput({ volumes, input, masks }: PrepareRequest, steps: Steps): Promise<PreparedInput> {
  const [volume] = volumes;
  const grid = preparedGrid(input, volume.grid, masks);
  await steps.pause();
  return {
    grid,
    channels: 1,
    read: (box, into) => into.set(tileInput(volume, input, masks, grid, box).data as Float32Array),
    bytes: 0,
  };
}

/**
 * The grid the graph works on: the source's own or an isotropic one along the same axes, cut to the box of the `cropTo`
 * mask and a rim of the halo. The rim may reach beyond the source; there the volume is `padding`.
 */
export function preparedGrid(input: Manifest['input'], source: Grid, masks: Masks): Grid {
  const bits = input.cropTo === undefined ? null : maskNamed(masks, input.cropTo);
  const box = (bits && boundingBox(bits, source.dims)) ?? gridBox(source);
  const halo = haloOf(input);
  if (input.spacing === 'native') {
    const wide = { min: mapAxes((a) => box.min[a] - halo[a]), max: mapAxes((a) => box.max[a] + halo[a]) };
    return cropGrid(source, input.cropTo === undefined ? box : wide);
  }
  const grid = isotropicGrid(source, input.spacing as number, box);
  if (input.cropTo === undefined) return grid;
  return cropGrid(grid, { min: mapAxes((a) => -halo[a]), max: mapAxes((a) => grid.dims[a] - 1 + halo[a]) });
}

/** Halo along [i, j, k]; the manifest writes [k, j, i]. */
function haloOf(input: Manifest['input']): Vec3 {
  if (input.patch.mode !== 'slidingWindow' || input.patch.blending.kind !== 'crop') return [0, 0, 0];
  const [k, j, i] = input.patch.blending.halo;
  return [i, j, k];
}

/** What every tile's tensor has in common: [1, 1, D, H, W], the spatial axes free. */
export function inputShapes(input: Manifest['input']): InputShapes {
  return { [input.name]: [1, 1, null, null, null] };
}

/** The input tensor [1, 1, D, H, W] of one box of the prepared grid: sampled (trilinear), then the intensity steps. */
export function tileInput(
  volume: Volume,
  input: Manifest['input'],
  masks: Masks,
  prepared: Grid,
  box: IndexBox,
): Tensor {
  const grid = cropGrid(prepared, box);
  const values = resample(volume.samples, volume.grid, grid, 'linear', volume.padding ?? -1024);
  applyIntensity(values, grid, input.intensity, masks, volume.grid);
  const [ni, nj, nk] = boxSize(box);
  return { type: 'float32', dims: [1, 1, nk, nj, ni], data: values };
}
