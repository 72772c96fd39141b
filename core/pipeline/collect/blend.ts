import type { Vec3 } from '../../geometry/index.ts';
import type { BlendSettings } from '../windows/blend-settings.ts';
import type { Window } from '../windows/window.ts';
import type { SlabAxis } from '../windows/windows-of.ts';
import type { OutputView } from './output-view.ts';

/** A slice of the grid, perpendicular to the slab axis, whose every window has been added. */
export interface BlendedSlice {
  /** Where it stands on the slab axis. */
  readonly at: number;
  /** [channels, rows, ni]: sums of weight times value; without channel 0 where the others are taken against it. */
  readonly sums: Float32Array;
  /** [rows, ni]: sums of weights, empty where channels are taken against channel 0; 0 where no window was run. */
  readonly weights: Float32Array;
}

interface BlendOptions extends BlendSettings {
  /** Of the output. */
  readonly channels: number;
  /** Whether channels are only compared with each other: then differences to channel 0 are summed, and no weights. */
  readonly againstFirst: boolean;
}

/** Rows along i in an array: where the first begins, and how far it is to the next. */
interface Rows {
  at: number;
  readonly step: number;
}

/** The voxels of a window's slice that lie on the grid. */
interface Kept {
  readonly first: number;
  readonly rows: number;
  readonly skipped: number;
  readonly length: number;
}

/**
 * Weighted sums of overlapping windows. Windows come in order of the slab axis, so a slice is done as soon as a window begins behind it: it
 * is handed on and its memory used again. At most as many slices are held as a window is thick.
 */
export class Blend {
  readonly #options: BlendOptions;
  readonly #done: (slice: BlendedSlice) => void;
  readonly #open = new Map<number, BlendedSlice>();
  readonly #free: BlendedSlice[] = [];
  /** Of the sums. */
  readonly #channels: number;
  /** Weights of a slice of a window of which a part is kept, row after row. */
  readonly #part: Float32Array;
  /** Weights of each slice of a whole window, once they were asked for. */
  readonly #whole: Float32Array[] = [];

  /** @param done takes each slice when it is complete; its arrays are used again afterwards */
  constructor(options: BlendOptions, done: (slice: BlendedSlice) => void) {
    this.#options = options;
    this.#done = done;
    this.#channels = options.channels - (options.againstFirst ? 1 : 0);
    this.#part = new Float32Array(this.#planeSize());
  }

  /** Slice by slice: all that one slice takes of a window lies in few places of memory. */
  add({ data, channel, slice, row }: OutputView<Float32Array>, { input, core }: Window): void {
    const { dims, axis, againstFirst } = this.#options;
    const across = axis === 2 ? 1 : 2;
    this.#finishBefore(core.min[axis]);
    const [ni] = dims;
    const skipped = core.min[0] - input.min[0];
    const length = core.max[0] - core.min[0] + 1;
    const first = core.min[across] - input.min[across];
    const rows = core.max[across] - core.min[across] + 1;
    const [perSlice, perRow] = axis === 2 ? [slice, row] : [row, slice];
    const to = { at: core.min[across] * ni + core.min[0], step: ni };
    for (let at = core.min[axis]; at <= core.max[axis]; at++) {
      const { sums, weights } = this.#sliceAt(at);
      const inWindow = at - input.min[axis];
      const plane = this.#weigh(inWindow, { first, rows, skipped, length });
      if (!againstFirst) addRows(plane, weights, to, rows, length);
      const from = { at: inWindow * perSlice + first * perRow + skipped, step: perRow };
      for (let c = 0; c < this.#channels; c++) {
        if (againstFirst) addWeightedDifferences(data, from, (c + 1) * channel, plane, sums, to, rows, length);
        else addWeightedRows(data, { ...from, at: from.at + c * channel }, plane, sums, to, rows, length);
        to.at += ni * dims[across];
      }
      to.at -= this.#channels * ni * dims[across];
    }
  }

  /** Hands on what is left. */
  end(): void {
    this.#finishBefore(Infinity);
    this.#free.length = 0;
  }

  /** The weights of those voxels of a window's slice that are kept. */
  #weigh(at: number, { first, rows, skipped, length }: Kept): Float32Array {
    const { weights, axis } = this.#options;
    const isWhole = rows * length === this.#part.length;
    const known = isWhole ? this.#whole[at] : undefined;
    if (known !== undefined) return known;
    const plane = isWhole ? (this.#whole[at] = new Float32Array(this.#planeSize())) : this.#part;
    const ofSlice = weights.axes[axis][at]!;
    const across = weights.axes[axis === 2 ? 1 : 2];
    for (let r = 0; r < rows; r++) {
      weighRow(weights.axes[0], skipped, ofSlice * across[first + r]!, weights.least, plane, r * length, length);
    }
    return plane;
  }

  /** Voxels of a slice of a window. */
  #planeSize(): number {
    const { weights, axis } = this.#options;
    return weights.axes[0].length * weights.axes[axis === 2 ? 1 : 2].length;
  }

  #sliceAt(at: number): BlendedSlice {
    const open = this.#open.get(at);
    if (open !== undefined) return open;
    const { dims, axis, againstFirst } = this.#options;
    const plane = dims[0] * dims[3 - axis]!;
    const used = this.#free.pop();
    const slice = {
      at,
      sums: used?.sums.fill(0) ?? new Float32Array(this.#channels * plane),
      weights: used?.weights.fill(0) ?? new Float32Array(againstFirst ? 0 : plane),
    };
    this.#open.set(at, slice);
    return slice;
  }

  #finishBefore(end: number): void {
    for (const slice of this.#open.values()) {
      if (slice.at >= end) continue;
      this.#done(slice);
      this.#open.delete(slice.at);
      this.#free.push(slice);
    }
  }
}

/** Where row r of a slice stands in a grid's memory. */
export function rowStart(dims: Vec3, axis: SlabAxis, at: number, r: number): number {
  return (axis === 2 ? at * dims[1] + r : r * dims[1] + at) * dims[0];
}

/** Divides sums by their weights, in place; 0 where nothing was added. */
export function divideByWeights({ sums, weights }: BlendedSlice): void {
  for (let start = 0; start < sums.length; start += weights.length) divide(sums, start, weights);
}

const { fround } = Math;

// The innermost loops, each in a function of its own, so that the engine optimizes it as such.

function divide(sums: Float32Array, start: number, weights: Float32Array): void {
  for (let n = 0; n < weights.length; n++) if (weights[n]! > 0) sums[start + n]! /= weights[n]!;
}

function weighRow(
  along: Float64Array,
  skipped: number,
  factor: number,
  least: number,
  plane: Float32Array,
  to: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) {
    const weight = factor * along[skipped + i]!;
    plane[to + i] = weight > least ? weight : least;
  }
}

function addRows(values: Float32Array, sums: Float32Array, { at, step }: Rows, rows: number, length: number): void {
  for (let r = 0; r < rows; r++) {
    const from = r * length;
    const to = at + r * step;
    for (let n = 0; n < length; n++) sums[to + n]! += values[from + n]!;
  }
}

function addWeightedRows(
  data: Float32Array,
  from: Rows,
  plane: Float32Array,
  sums: Float32Array,
  to: Rows,
  rows: number,
  length: number,
): void {
  for (let r = 0; r < rows; r++) {
    const source = from.at + r * from.step;
    const target = to.at + r * to.step;
    const weight = r * length;
    for (let n = 0; n < length; n++) {
      // Rounded at each step as 32-bit arithmetic does, so that it is used.
      sums[target + n] = fround(sums[target + n]! + fround(plane[weight + n]! * data[source + n]!));
    }
  }
}

/** @param distance from channel 0, which `from` is in, to the channel that is taken against it */
function addWeightedDifferences(
  data: Float32Array,
  from: Rows,
  distance: number,
  plane: Float32Array,
  sums: Float32Array,
  to: Rows,
  rows: number,
  length: number,
): void {
  for (let r = 0; r < rows; r++) {
    const first = from.at + r * from.step;
    const other = first + distance;
    const target = to.at + r * to.step;
    const weight = r * length;
    for (let n = 0; n < length; n++) {
      const difference = fround(data[other + n]! - data[first + n]!);
      sums[target + n] = fround(sums[target + n]! + fround(plane[weight + n]! * difference));
    }
  }
}
