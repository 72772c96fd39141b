import type { Vec3 } from '../../geometry/index.ts';
import type { WindowWeights } from '../windows/weights.ts';
import type { Window } from '../windows/window.ts';
import type { SlabAxis } from '../windows/windows-of.ts';
import type { OutputView } from './output-view.ts';

/** A slice of the grid, perpendicular to the slab axis, whose every window has been added. */
export interface BlendedSlice {
  /** Where it stands on the slab axis. */
  readonly at: number;
  /** [channels, rows, ni]: sums of weight times value. */
  readonly sums: Float32Array;
  /** [rows, ni]: sums of weights, where they were asked for; 0 where no window was run. */
  readonly weights: Float32Array;
}

/** What the manifest says of blending. */
export interface BlendSettings {
  readonly dims: Vec3;
  readonly weights: WindowWeights;
  readonly axis: SlabAxis;
}

interface BlendOptions extends BlendSettings {
  readonly channels: number;
  /** Whether the sums of weights are needed: not to compare channels with each other. */
  readonly weighed: boolean;
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
  readonly #row: Float32Array;

  /** @param done takes each slice when it is complete; its arrays are used again afterwards */
  constructor(options: BlendOptions, done: (slice: BlendedSlice) => void) {
    this.#options = options;
    this.#done = done;
    this.#row = new Float32Array(options.weights.axes[0].length);
  }

  add({ data, channel, slice, row }: OutputView<Float32Array>, { input, core }: Window): void {
    const { dims, channels, axis, weighed } = this.#options;
    this.#finishBefore(core.min[axis]);
    const [ni] = dims;
    const plane = ni * dims[3 - axis]!;
    const skipped = core.min[0] - input.min[0];
    const length = core.max[0] - core.min[0] + 1;
    for (let k = core.min[2]; k <= core.max[2]; k++) {
      for (let j = core.min[1]; j <= core.max[1]; j++) {
        const { sums, weights } = this.#sliceAt(axis === 2 ? k : j);
        this.#weigh(k - input.min[2], j - input.min[1]);
        const to = (axis === 2 ? j : k) * ni + core.min[0];
        const from = (k - input.min[2]) * slice + (j - input.min[1]) * row + skipped;
        if (weighed) addRow(this.#row, skipped, weights, to, length);
        for (let c = 0; c < channels; c++) {
          addWeighted(data, from + c * channel, this.#row, skipped, sums, to + c * plane, length);
        }
      }
    }
  }

  /** Hands on what is left. */
  end(): void {
    this.#finishBefore(Infinity);
    this.#free.length = 0;
  }

  /** The weights of a row of a window. */
  #weigh(k: number, j: number): void {
    const { axes, least } = this.#options.weights;
    const factor = axes[2][k]! * axes[1][j]!;
    weighRow(axes[0], factor, least, this.#row);
  }

  #sliceAt(at: number): BlendedSlice {
    const open = this.#open.get(at);
    if (open !== undefined) return open;
    const { dims, channels, axis, weighed } = this.#options;
    const plane = dims[0] * dims[3 - axis]!;
    const used = this.#free.pop();
    const slice = {
      at,
      sums: used?.sums.fill(0) ?? new Float32Array(channels * plane),
      weights: used?.weights.fill(0) ?? new Float32Array(weighed ? plane : 0),
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

// The innermost loops, each in a function of its own, so that the engine optimizes it as such.

function divide(sums: Float32Array, start: number, weights: Float32Array): void {
  for (let n = 0; n < weights.length; n++) if (weights[n]! > 0) sums[start + n]! /= weights[n]!;
}

function weighRow(along: Float64Array, factor: number, least: number, row: Float32Array): void {
  for (let i = 0; i < along.length; i++) {
    const weight = factor * along[i]!;
    row[i] = weight > least ? weight : least;
  }
}

function addRow(row: Float32Array, from: number, sums: Float32Array, to: number, length: number): void {
  for (let n = 0; n < length; n++) sums[to + n]! += row[from + n]!;
}

function addWeighted(
  data: Float32Array,
  from: number,
  row: Float32Array,
  skipped: number,
  sums: Float32Array,
  to: number,
  length: number,
): void {
  for (let n = 0; n < length; n++) sums[to + n]! += row[skipped + n]! * data[from + n]!;
}
