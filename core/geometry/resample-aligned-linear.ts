import { strides } from './grid.ts';
import type { AxisMap, AxisMaps } from './axis-map.ts';
import type { ResampleJob } from './resample-job.ts';
import type { GridSamples } from './types.ts';

/**
 * Trilinear resampling between grids that share axes: source rows are blended over k once, kept for the next target row,
 * and blended over j and i while writing.
 */
export function alignedLinear(job: ResampleJob, maps: AxisMaps): void {
  const { output, outside, to } = job;
  const [alongI, alongJ, alongK] = maps;
  const [width, height] = to.dims;
  const rows = new BlendedRows(job, maps);
  const stride = strides(job.from);
  const copiesRows = stride[alongI.sourceAxis] === 1 && isRunOfVoxels(alongI);
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
      if (copiesRows && weight === 0 && alongK.weight[k] === 0) {
        const from = alongI.lower[alongI.begin]! + lower * stride[alongJ.sourceAxis] + alongK.lower[k]! * stride[alongK.sourceAxis]; // prettier-ignore
        output.fill(outside, at, at + alongI.begin);
        output.set(job.samples.subarray(from, from + alongI.end - alongI.begin), at + alongI.begin);
        output.fill(outside, at + alongI.end, at + width);
        continue;
      }
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

  constructor(job: ResampleJob, [alongI, alongJ, alongK]: AxisMaps) {
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

/** Whether neighbours on the target are neighbours on the source, nothing between them: such rows are copied as they are. */
function isRunOfVoxels({ lower, weight, begin, end }: AxisMap): boolean {
  for (let index = begin; index < end; index++) {
    if (weight[index] !== 0 || lower[index] !== lower[begin]! + index - begin) return false;
  }
  return true;
}

function isEmpty(map: AxisMap): boolean {
  return map.begin >= map.end;
}
