import type { Manifest } from '../../model/index.ts';

type MaskOutput = Extract<Manifest['outputs'][number], { kind: 'maskLogits' }>;

/**
 * Chooses the label of each voxel of a row. Channel c of voxel n stands at `data[from + c * stride + n]`; labels are written from
 * `target[to]` on.
 */
export interface Chooser {
  /** Channels of the output. */
  readonly channels: number;
  /** Whether sums of weighted values must be divided by their weights first. */
  readonly absolute: boolean;
  choose(data: Float32Array, from: number, stride: number, target: Uint8Array, to: number, length: number): void;
}

/** How an output of logits or probabilities becomes labels. */
export function chooserOf({ activation, threshold, labels }: MaskOutput): Chooser {
  const values = Uint8Array.from(labels, ({ value }) => value);
  if (activation !== 'softmax') {
    const cut = activation === 'sigmoid' ? logitOf(threshold) : threshold;
    return {
      channels: values.length,
      absolute: true,
      choose: (data, from, stride, target, to, length) => {
        target.fill(0, to, to + length);
        values.forEach((value, c) => markFrom(data, from + c * stride, cut, value, target, to, length));
      },
    };
  }
  let highest = new Float32Array(0);
  return {
    channels: values.length + 1,
    absolute: false,
    choose: (data, from, stride, target, to, length) => {
      if (highest.length < length) highest = new Float32Array(length);
      for (let n = 0; n < length; n++) highest[n] = data[from + n]!;
      target.fill(0, to, to + length);
      values.forEach((value, c) => markHigher(data, from + (c + 1) * stride, highest, value, target, to, length));
    },
  };
}

/** What a sigmoid turns into this probability: -Infinity for 0, Infinity for 1. */
function logitOf(probability: number): number {
  return Math.log(probability / (1 - probability));
}

// The innermost loops, each in a function of its own, so that the engine optimizes it as such. Channel by channel: values stand side by side.

function markHigher(
  data: Float32Array,
  from: number,
  highest: Float32Array,
  label: number,
  target: Uint8Array,
  to: number,
  length: number,
): void {
  for (let n = 0; n < length; n++) {
    const value = data[from + n]!;
    if (value > highest[n]!) {
      highest[n] = value;
      target[to + n] = label;
    }
  }
}

function markFrom(
  data: Float32Array,
  from: number,
  cut: number,
  label: number,
  target: Uint8Array,
  to: number,
  length: number,
): void {
  for (let n = 0; n < length; n++) if (data[from + n]! >= cut) target[to + n] = label;
}
