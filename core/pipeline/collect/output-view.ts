import { OverreadError } from '../../errors/index.ts';
import { boxSize, type IndexBox, type Vec3 } from '../../geometry/index.ts';
import { firstNotFinite } from '../not-finite.ts';
import type { Tensor } from '../runtime.ts';
import type { Window } from '../windows/window.ts';
import type { GraphAnswer } from './collector.ts';

/** An output over the voxels of a window: the value of channel c at (i, j, k) of the window stands at c `channel` + k `slice` + j `row` + i. */
export interface OutputView<Data> {
  readonly data: Data;
  /** Distances in `data`. */
  readonly channel: number;
  readonly slice: number;
  readonly row: number;
}

export interface ExpectedOutput {
  readonly name: string;
  readonly channels: number;
  /** A 2-D layout: [N, C, H, W], slices first. */
  readonly layered: boolean;
}

/**
 * A float output, looked through for values that are no numbers.
 * @throws OverreadError `pipeline.bad-output` naming output and window: it is not there, of another shape or type, or holds NaN or infinity
 */
export function floatView(answer: GraphAnswer, expected: ExpectedOutput, window: Window): OutputView<Float32Array> {
  const tensor = tensorNamed(answer, expected.name);
  const view = viewOf(tensor, expected, window);
  if (!(tensor.data instanceof Float32Array)) throw wrongShape(tensor, expected, boxSize(window.input));
  const odd = firstNotFinite(tensor.data);
  if (odd >= 0) throw notFiniteIn(expected.name, window.input, tensor.data[odd]);
  return { ...view, data: tensor.data };
}

/** The output of that name. @throws OverreadError `pipeline.bad-output` where the graph gave none */
export function tensorNamed(answer: GraphAnswer, name: string): Tensor {
  const tensor = answer[name];
  if (tensor !== undefined) return tensor;
  throw new OverreadError('pipeline.bad-output', {
    why: `the graph has no output named '${name}'`,
    details: { name },
  });
}

/** A tensor whose values may be elsewhere. */
interface Shaped {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data?: { readonly length: number };
}

/** Where its values stand, for [1, C, D, H, W] and [N, C, H, W]; a channel axis of one may be absent. @throws OverreadError `pipeline.bad-output` for another shape */
export function viewOf(tensor: Shaped, expected: ExpectedOutput, window: Window): Omit<OutputView<unknown>, 'data'> {
  const size = boxSize(window.input);
  const [ni, nj, nk] = size;
  const { channels, layered } = expected;
  const plane = ni * nj;
  const full = layered ? [nk, channels, nj, ni] : [1, channels, nk, nj, ni];
  const short = full.toSpliced(1, 1);
  const fits = same(tensor.dims, full) || (channels === 1 && same(tensor.dims, short));
  if (!fits || (tensor.data?.length ?? channels * nk * plane) !== channels * nk * plane) {
    throw wrongShape(tensor, expected, size);
  }
  return layered
    ? { channel: plane, slice: channels * plane, row: ni }
    : { channel: nk * plane, slice: plane, row: ni };
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** @param value the one that is none; absent: not known which */
export function notFiniteIn(name: string, box: IndexBox, value?: number): OverreadError {
  const [i, j, k] = box.min;
  const what =
    value === undefined
      ? 'values that are no numbers or infinite'
      : Number.isNaN(value)
        ? 'values that are no numbers (NaN)'
        : 'infinite values';
  return new OverreadError('pipeline.bad-output', {
    why: `output '${name}' holds ${what} in the window that begins at column ${i}, row ${j}, slice ${k}`,
    details: { name, window: [...box.min, ...box.max] },
  });
}

function wrongShape({ dims, type }: Shaped, { name, channels, layered }: ExpectedOutput, size: Vec3): OverreadError {
  const [ni, nj, nk] = size;
  const expected = layered ? [nk, channels, nj, ni] : [1, channels, nk, nj, ni];
  return new OverreadError('pipeline.bad-output', {
    why: `output '${name}' is [${dims.join(', ')}] ${type} where [${expected.join(', ')}] was expected`,
    details: { name },
  });
}
