import type { Manifest } from '../../model/index.ts';
import { planeCount, type Choice } from '../device-labels.ts';

export type MaskOutput = Extract<Manifest['outputs'][number], { kind: 'maskLogits' }>;

/**
 * Chooses the labels of each voxel of a row. Channel c of voxel n stands at `data[from + c * stride + n]`; what is chosen is written from
 * `to` on, into each plane.
 */
export interface Chooser {
  /** Channels of the output. */
  readonly channels: number;
  readonly planes: number;
  readonly choose: Choose;
  /** Whether channels are only compared with each other: then sums of windows are of differences to channel 0, which is left out. */
  readonly againstFirst: boolean;
  /** The same from sums of weight times value; weights are looked at where channels stand on their own: 0 where nothing was added. */
  readonly chooseFromSums: (sums: Sums, ...where: Where) => void;
}

/** Sums of windows, and of their weights from `weights[from]` on. */
interface Sums {
  readonly sums: Float32Array;
  readonly weights: Float32Array;
}

type Where = [from: number, stride: number, planes: readonly Uint8Array[], to: number, length: number];
type Choose = (data: Float32Array, ...where: Where) => void;

/** How an output of logits or probabilities becomes labels. */
export function choiceOf({ activation, threshold, labels }: MaskOutput): Choice {
  if (activation === 'softmax') return { values: Uint8Array.from(labels, ({ value }) => value), atLeast: null };
  const atLeast = float32From(activation === 'sigmoid' ? logitOf(threshold) : threshold);
  return { values: Uint8Array.from(labels, (_, c) => 1 << (c % 8)), atLeast };
}

/** What chooses labels here. */
export function chooserOf(choice: Choice): Chooser {
  const { values, atLeast } = choice;
  return atLeast === null ? chooserOfHighest(values) : chooserFrom(atLeast, values, planeCount(choice));
}

/** All channels that are at least the cut, each as its bit. */
function chooserFrom(cut: number, bits: Uint8Array, count: number): Chooser {
  const clear = (planes: readonly Uint8Array[], to: number, length: number) => {
    for (const plane of planes) plane.fill(0, to, to + length);
  };
  return {
    channels: bits.length,
    planes: count,
    choose: (data, from, stride, planes, to, length) => {
      clear(planes, to, length);
      bits.forEach((bit, c) => markFrom(data, from + c * stride, cut, bit, planes[c >> 3]!, to, length));
    },
    againstFirst: false,
    chooseFromSums: ({ sums, weights }, from, stride, planes, to, length) => {
      clear(planes, to, length);
      bits.forEach((bit, c) =>
        markWeighed(sums, from + c * stride, cut, bit, weights, from, planes[c >> 3]!, to, length),
      );
    },
  };
}

function chooserOfHighest(values: Uint8Array): Chooser {
  let highest = new Float32Array(0);
  const row = (length: number): Float32Array => {
    if (highest.length < length) highest = new Float32Array(length);
    return highest;
  };
  /** Channels 1 and on, the first of them at `from`. */
  const markOthers: Choose = (data, from, stride, [target], to, length) => {
    let n = 0;
    for (; n + 4 <= values.length; n += 4) {
      markHighest(data, from + n * stride, stride, highest, values, n, target!, to, length);
    }
    for (; n < values.length; n++) {
      markHigher(data, from + n * stride, highest, values[n]!, target!, to, length);
    }
  };
  return {
    channels: values.length + 1,
    planes: 1,
    choose: (data, from, stride, planes, to, length) => {
      begin(data, from, row(length), planes[0]!, to, length);
      markOthers(data, from + stride, stride, planes, to, length);
    },
    againstFirst: true,
    chooseFromSums: ({ sums }, from, stride, planes, to, length) => {
      row(length).fill(0, 0, length);
      planes[0]!.fill(0, to, to + length);
      markOthers(sums, from, stride, planes, to, length);
    },
  };
}

/** What a sigmoid turns into this probability: -Infinity for 0, Infinity for 1. */
function logitOf(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/** The least number of single precision that is at least this: what every place compares values with, bit by bit the same. */
function float32From(value: number): number {
  const near = Math.fround(value);
  if (!(near < value)) return near;
  const bits = new Int32Array(Float32Array.of(near).buffer);
  // Neighbours in value are neighbours in their bits; negative numbers count the other way round.
  bits[0]! += near > 0 ? 1 : -1;
  return near === 0 ? 2 ** -149 : new Float32Array(bits.buffer)[0]!;
}

// The innermost loops, each in a function of its own, so that the engine optimizes it as such. A row of one channel after another, for
// values that stand side by side; four channels at a time, as loading and storing what is highest so far costs as much as comparing.

function begin(
  data: Float32Array,
  from: number,
  highest: Float32Array,
  target: Uint8Array,
  to: number,
  length: number,
): void {
  for (let n = 0; n < length; n++) {
    highest[n] = data[from + n]!;
    target[to + n] = 0;
  }
}

/** Four channels, whose labels are `labels[first]` and on. */
function markHighest(
  data: Float32Array,
  from: number,
  stride: number,
  highest: Float32Array,
  labels: Uint8Array,
  first: number,
  target: Uint8Array,
  to: number,
  length: number,
): void {
  const [a, b, c, d] = [from, from + stride, from + 2 * stride, from + 3 * stride];
  const [labelA, labelB] = [labels[first]!, labels[first + 1]!];
  const [labelC, labelD] = [labels[first + 2]!, labels[first + 3]!];
  for (let n = 0; n < length; n++) {
    let most = highest[n]!;
    let label = target[to + n]!;
    const valueA = data[a + n]!;
    if (valueA > most) {
      most = valueA;
      label = labelA;
    }
    const valueB = data[b + n]!;
    if (valueB > most) {
      most = valueB;
      label = labelB;
    }
    const valueC = data[c + n]!;
    if (valueC > most) {
      most = valueC;
      label = labelC;
    }
    const valueD = data[d + n]!;
    if (valueD > most) {
      most = valueD;
      label = labelD;
    }
    highest[n] = most;
    target[to + n] = label;
  }
}

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
  bit: number,
  target: Uint8Array,
  to: number,
  length: number,
): void {
  for (let n = 0; n < length; n++) if (data[from + n]! >= cut) target[to + n]! |= bit;
}

/** Sums that are at least the cut times their weight: the mean that no division has rounded. */
function markWeighed(
  sums: Float32Array,
  from: number,
  cut: number,
  bit: number,
  weights: Float32Array,
  weight: number,
  target: Uint8Array,
  to: number,
  length: number,
): void {
  for (let n = 0; n < length; n++) {
    const of = weights[weight + n]!;
    if (of > 0 && sums[from + n]! >= Math.fround(cut * of)) target[to + n]! |= bit;
  }
}
