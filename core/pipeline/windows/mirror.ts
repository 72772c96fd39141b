import { OverreadError } from '../../errors/index.ts';
import type { GraphAnswer } from '../collect/collector.ts';
import type { FloatTensor } from './feed.ts';

/** Tensor axes [D, H, W] as the manifest names them, counted from the last one. */
const fromEnd = { D: 3, H: 2, W: 1 } as const;
export type MirrorAxis = keyof typeof fromEnd;

/** Every combination of these axes, none of them first. */
export function combinationsOf(axes: readonly MirrorAxis[]): readonly (readonly MirrorAxis[])[] {
  return Array.from({ length: 2 ** axes.length }, (_, bits) => axes.filter((_axis, n) => (bits >> n) & 1));
}

/** The tensor's values turned round along these axes; D, H, W are its last three. */
export function mirrored({ type, dims, data }: FloatTensor, axes: readonly MirrorAxis[]): FloatTensor {
  const turned = new Float32Array(data.length);
  forMirroredRows(dims, axes, (from, to, length, reversed) => {
    turned.set(data.subarray(from, from + length), to);
    if (reversed) turned.subarray(to, to + length).reverse();
  });
  return { type, dims, data: turned };
}

/**
 * The mean of what a graph answered to an input and its mirror images, each turned back. Tensors without spatial axes (rank below 4)
 * have nothing to turn.
 */
export class MirroredMean {
  readonly #count: number;
  readonly #sums = new Map<string, Float32Array>();

  /** @param count how many answers there will be */
  constructor(count: number) {
    this.#count = count;
  }

  /** @throws OverreadError `pipeline.bad-output` for an output that is no float32 */
  add(answer: GraphAnswer, axes: readonly MirrorAxis[]): void {
    for (const [name, { data, dims, type }] of Object.entries(answer)) {
      if (!(data instanceof Float32Array)) {
        const why = `output '${name}' is ${type}: only float32 has a mean over mirror images`;
        throw new OverreadError('pipeline.bad-output', { why, details: { name } });
      }
      const sum = this.#sums.get(name) ?? new Float32Array(data.length);
      this.#sums.set(name, sum);
      const spatial = dims.length < 4 ? [] : axes;
      forMirroredRows(dims, spatial, (from, to, length, reversed) => {
        if (reversed) addReversed(data, from, sum, to, length);
        else addRow(data, from, sum, to, length);
      });
    }
  }

  /** The mean, in the shapes of one of the answers. */
  mean(like: GraphAnswer): GraphAnswer {
    return Object.fromEntries(
      Object.entries(like).map(([name, tensor]) => {
        const sum = this.#sums.get(name) ?? new Float32Array(0);
        for (let n = 0; n < sum.length; n++) sum[n]! /= this.#count;
        return [name, { ...tensor, data: sum }];
      }),
    );
  }
}

function addRow(data: Float32Array, from: number, sum: Float32Array, to: number, length: number): void {
  for (let n = 0; n < length; n++) sum[to + n]! += data[from + n]!;
}

function addReversed(data: Float32Array, from: number, sum: Float32Array, to: number, length: number): void {
  for (let n = 0, back = from + length - 1; n < length; n++, back--) sum[to + n]! += data[back]!;
}

/** Each row along the last axis: where it stands, where its mirror image stands, and whether it runs backwards there. */
function forMirroredRows(
  dims: readonly number[],
  axes: readonly MirrorAxis[],
  row: (from: number, to: number, length: number, reversed: boolean) => void,
): void {
  const turns = (axis: MirrorAxis): boolean => axes.includes(axis);
  const extent = (axis: MirrorAxis): number => dims[dims.length - fromEnd[axis]] ?? 1;
  const [depth, height, width] = [turns('D') ? extent('D') : 1, extent('H'), extent('W')];
  const rows = dims.reduce((product, length) => product * length, 1) / width;
  for (let n = 0; n < rows; n++) {
    const j = n % height;
    const k = Math.floor(n / height) % depth;
    const outer = n - j - k * height;
    const to = outer + (turns('D') ? depth - 1 - k : k) * height + (turns('H') ? height - 1 - j : j);
    row(n * width, to * width, width, turns('W'));
  }
}
