import { OverreadError } from '../errors/index.ts';
import type { IndexBox, Vec3 } from '../geometry/index.ts';
import type { Tensor } from './runtime.ts';
import type { Tile } from './tiles.ts';

/**
 * Writes the class of the largest logit for every voxel of the tile's core. Only one tile's logits are in memory at a time.
 * @param values label of channel 1, 2, …; channel 0 is background
 * @param target labels on the prepared grid
 * @throws OverreadError `pipeline.bad-output` for another shape than [1, 1 + labels, D, H, W] or a value that is no number
 */
export function stitchLabels(
  output: Tensor,
  tile: Tile,
  values: readonly number[],
  target: Uint8Array,
  dims: Vec3,
): void {
  const data = floatsOf(output, tile.input, values.length + 1);
  const size = sizeOf(tile.input);
  const voxels = size[0] * size[1] * size[2];
  const labels = Uint8Array.of(0, ...values);
  forCoreRows(tile, dims, (from, to, length) =>
    argmaxRow(data, from, voxels, labels, target.subarray(to, to + length)),
  );
}

/** The innermost loop, apart so that the engine optimizes it on its own. Channel c of a voxel stands c * `stride` behind channel 0. */
function argmaxRow(data: Float32Array, from: number, stride: number, labels: Uint8Array, target: Uint8Array): void {
  const end = from + labels.length * stride;
  for (let n = 0; n < target.length; n++) {
    let best = 0;
    let highest = data[from + n]!;
    if (Number.isNaN(highest)) throw notANumber();
    for (let at = from + n + stride, channel = 1; at < end; at += stride, channel++) {
      const logit = data[at]!;
      // The negated comparison lets NaN in too.
      if (logit <= highest) continue;
      if (Number.isNaN(logit)) throw notANumber();
      best = channel;
      highest = logit;
    }
    target[n] = labels[best]!;
  }
}

/** Writes the values of the tile's core. Errors as for `stitchLabels`, shape [1, 1, D, H, W]. */
export function stitchValues(output: Tensor, tile: Tile, target: Float32Array, dims: Vec3): void {
  const data = floatsOf(output, tile.input, 1);
  forCoreRows(tile, dims, (from, to, length) => {
    for (let n = 0; n < length; n++) {
      const value = data[from + n]!;
      if (Number.isNaN(value)) throw notANumber();
      target[to + n] = value;
    }
  });
}

/** Rows of the core along i: first index in the tile's output, first index in the target, length. */
function forCoreRows(tile: Tile, dims: Vec3, row: (from: number, to: number, length: number) => void): void {
  const { input, core } = tile;
  const size = sizeOf(input);
  const length = core.max[0] - core.min[0] + 1;
  for (let k = core.min[2]; k <= core.max[2]; k++) {
    for (let j = core.min[1]; j <= core.max[1]; j++) {
      const from = ((k - input.min[2]) * size[1] + j - input.min[1]) * size[0] + core.min[0] - input.min[0];
      row(from, (k * dims[1] + j) * dims[0] + core.min[0], length);
    }
  }
}

function floatsOf(output: Tensor, box: IndexBox, channels: number): Float32Array {
  const [ni, nj, nk] = sizeOf(box);
  const expected = [1, channels, nk, nj, ni];
  const matches = output.dims.length === 5 && expected.every((length, axis) => output.dims[axis] === length);
  if (matches && output.data instanceof Float32Array && output.data.length === channels * ni * nj * nk)
    return output.data;
  throw new OverreadError('pipeline.bad-output', {
    why: `its shape is [${output.dims.join(', ')}] ${output.type} where [${expected.join(', ')}] float32 was expected`,
  });
}

function notANumber(): OverreadError {
  return new OverreadError('pipeline.bad-output', { why: 'it holds values that are no numbers (NaN)' });
}

function sizeOf(box: IndexBox): Vec3 {
  return [box.max[0] - box.min[0] + 1, box.max[1] - box.min[1] + 1, box.max[2] - box.min[2] + 1];
}
