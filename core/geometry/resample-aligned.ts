import { strides } from './grid.ts';
import type { AxisMap } from './axis-map.ts';
import type { Grid, GridSamples } from './types.ts';

/** What both ways of resampling are given: slices kStart up to before kEnd of `to`, written to `output`. */
export interface ResampleJob {
  readonly samples: GridSamples;
  readonly from: Grid;
  readonly to: Grid;
  readonly outside: number;
  readonly output: GridSamples;
  readonly kStart: number;
  readonly kEnd: number;
}

type Maps = readonly [AxisMap, AxisMap, AxisMap];

/**
 * Trilinear resampling between grids that share axes: source rows are blended over k once, kept for the next target row,
 * and blended over j and i while writing.
 */
export function alignedLinear(job: ResampleJob, maps: Maps): void {
  const { output, outside, to } = job;
  const [alongI, alongJ, alongK] = maps;
  const [width, height] = to.dims;
  const rows = new BlendedRows(job, maps);
  for (let k = job.kStart; k < job.kEnd; k++) {
    const slice = (k - job.kStart) * width * height;
    if (isEmpty(alongI) || isEmpty(alongJ) || k < alongK.begin || k >= alongK.end) {
      output.fill(outside, slice, slice + width * height);
      continue;
    }
    rows.startSlice(k);
    output.fill(outside, slice, slice + alongJ.begin * width);
    output.fill(outside, slice + alongJ.end * width, slice + height * width);
    for (let j = alongJ.begin; j < alongJ.end; j++) {
      const at = slice + j * width;
      const lower = alongJ.lower[j] ?? 0;
      const weight = alongJ.weight[j] ?? 0;
      const first = rows.row(lower);
      const second = weight > 0 ? rows.row(lower + 1) : first;
      output.fill(outside, at, at + alongI.begin);
      writeRow(output, at, alongI, first, second, weight, rows.firstColumn);
      output.fill(outside, at + alongI.end, at + width);
    }
  }
}

/** The innermost loop, apart so that the engine optimizes it on its own. */
function writeRow(
  output: GridSamples,
  at: number,
  { lower, weight, begin, end }: AxisMap,
  first: Float32Array,
  second: Float32Array,
  secondWeight: number,
  firstColumn: number,
): void {
  for (let i = begin; i < end; i++) {
    const column = lower[i]! - firstColumn;
    const share = weight[i]!;
    const low = first[column]!;
    const a = low + (first[column + 1]! - low) * share;
    const high = second[column]!;
    const b = high + (second[column + 1]! - high) * share;
    output[at + i] = a + (b - a) * secondWeight;
  }
}

/**
 * Source rows (along the source axis that target i follows) blended over k, as float32: two are kept, which is what
 * neighbouring target rows share. Copying by `TypedArray.set` converts any sample type natively, so the arithmetic
 * always sees float32 whatever mix of types one program works on.
 */
class BlendedRows {
  readonly firstColumn: number;
  readonly #job: ResampleJob;
  readonly #alongK: AxisMap;
  readonly #stride: { readonly i: number; readonly j: number; readonly k: number };
  readonly #count: number;
  readonly #second: Float32Array;
  #rows: [Float32Array, Float32Array];
  #kept: [number, number] = [-1, -1];
  #base = 0;
  #weight = 0;

  constructor(job: ResampleJob, [alongI, alongJ, alongK]: Maps) {
    const stride = strides(job.from);
    this.#job = job;
    this.#alongK = alongK;
    this.#stride = { i: stride[alongI.sourceAxis], j: stride[alongJ.sourceAxis], k: stride[alongK.sourceAxis] };
    const last = job.from.dims[alongI.sourceAxis] - 1;
    const ends = isEmpty(alongI) ? [0, 0] : [alongI.lower[alongI.begin] ?? 0, alongI.lower[alongI.end - 1] ?? 0];
    this.firstColumn = Math.min(...ends);
    this.#count = Math.min(Math.max(...ends) + 1, last) - this.firstColumn + 1;
    // One cell more than the source has: read, with weight 0, beside the last column.
    this.#rows = [new Float32Array(this.#count + 1), new Float32Array(this.#count + 1)];
    this.#second = new Float32Array(this.#count + 1);
  }

  startSlice(k: number): void {
    this.#base = (this.#alongK.lower[k] ?? 0) * this.#stride.k + this.firstColumn * this.#stride.i;
    this.#weight = this.#alongK.weight[k] ?? 0;
    this.#kept = [-1, -1];
  }

  /** Source row j of the current slice; valid until the next but one other row is asked for. */
  row(j: number): Float32Array {
    if (this.#kept[0] === j) {
      this.#kept = [this.#kept[1], this.#kept[0]];
      this.#rows = [this.#rows[1], this.#rows[0]];
    } else if (this.#kept[1] !== j) {
      this.#kept = [this.#kept[1], j];
      this.#rows = [this.#rows[1], this.#rows[0]];
      this.#blend(this.#rows[1], this.#base + j * this.#stride.j);
    }
    return this.#rows[1];
  }

  #blend(row: Float32Array, offset: number): void {
    this.#read(row, offset);
    if (this.#weight > 0) {
      this.#read(this.#second, offset + this.#stride.k);
      blend(row, this.#second, this.#weight, this.#count);
    }
    row[this.#count] = row[this.#count - 1]!;
  }

  #read(row: Float32Array, offset: number): void {
    const { samples } = this.#job;
    const step = this.#stride.i;
    if (step === 1) row.set(samples.subarray(offset, offset + this.#count));
    else for (let n = 0; n < this.#count; n++) row[n] = samples[offset + n * step]!;
  }
}

function blend(row: Float32Array, second: Float32Array, weight: number, count: number): void {
  for (let n = 0; n < count; n++) {
    const value = row[n]!;
    row[n] = value + (second[n]! - value) * weight;
  }
}

/** Nearest-neighbour resampling between grids that share axes. */
export function alignedNearest(job: ResampleJob, maps: Maps): void {
  const { output, outside, to, from } = job;
  const [alongI, alongJ, alongK] = maps;
  const [width, height] = to.dims;
  const stride = strides(from);
  const [source, target] = asBits(job.samples, output);
  const columns = alongI.nearest.map((index) => index * stride[alongI.sourceAxis]);
  for (let k = job.kStart; k < job.kEnd; k++) {
    const slice = (k - job.kStart) * width * height;
    const kInside = k >= alongK.begin && k < alongK.end;
    for (let j = 0; j < height; j++) {
      const at = slice + j * width;
      if (!kInside || j < alongJ.begin || j >= alongJ.end) {
        output.fill(outside, at, at + width);
        continue;
      }
      const offset = alongK.nearest[k]! * stride[alongK.sourceAxis] + alongJ.nearest[j]! * stride[alongJ.sourceAxis];
      output.fill(outside, at, at + alongI.begin);
      pickRow(source, offset, columns, target, at, alongI.begin, alongI.end);
      output.fill(outside, at + alongI.end, at + width);
    }
  }
}

function pickRow(
  source: GridSamples,
  offset: number,
  columns: Int32Array,
  target: GridSamples,
  at: number,
  begin: number,
  end: number,
): void {
  for (let i = begin; i < end; i++) target[at + i] = source[offset + columns[i]!]!;
}

/**
 * Copying needs no arithmetic, so arrays of one type are copied as integers of their width: three kinds of array at
 * most reach the inner loop, which an engine still optimizes where six would not be.
 */
function asBits(samples: GridSamples, output: GridSamples): readonly [GridSamples, GridSamples] {
  if (samples.constructor !== output.constructor) return [samples, output];
  const Bits = { 1: Uint8Array, 2: Uint16Array, 4: Int32Array }[samples.BYTES_PER_ELEMENT as 1 | 2 | 4];
  const view = (array: GridSamples): GridSamples =>
    new Bits(array.buffer as ArrayBuffer, array.byteOffset, array.length);
  return [view(samples), view(output)];
}

function isEmpty(map: AxisMap): boolean {
  return map.begin >= map.end;
}
