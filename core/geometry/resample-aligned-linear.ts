import { strides } from './grid.ts';
import { sliceAxisMap, type AxisMap, type AxisMaps } from './axis-map.ts';
import type { ResampleJob } from './resample-job.ts';
import { dimsOf, inSourceOrder, type AlignedJob } from './source-order.ts';
import type { Grid, GridSamples } from './types.ts';

interface LinearJob extends AlignedJob {
  readonly samples: GridSamples;
  readonly from: Grid;
}

/** Trilinear resampling between grids that share axes. */
export function alignedLinear(
  { samples, from, outside, output, kStart, kEnd }: ResampleJob,
  [i, j, k]: AxisMaps,
): void {
  inSourceOrder<LinearJob>({ samples, from, outside, output, maps: [i, j, sliceAxisMap(k, kStart, kEnd)] }, linear);
}

/**
 * Each source slice is brought to the rows and columns of the target once, and neighbours of those are blended over k, so that thick
 * slices cost little more than writing the result.
 */
function linear(job: LinearJob): void {
  const { output, outside, maps } = job;
  const [alongI, alongJ, alongK] = maps;
  const [width, height, depth] = dimsOf(maps);
  const planes = new Planes(job);
  const isEmpty = [alongI, alongJ].some(({ begin, end }) => begin >= end);
  for (let k = 0; k < depth; k++) {
    const slice = k * width * height;
    if (isEmpty || k < alongK.begin || k >= alongK.end) {
      output.fill(outside, slice, slice + width * height);
      continue;
    }
    const weight = alongK.weight[k]!;
    const lower = alongK.lower[k]!;
    output.fill(outside, slice, slice + alongJ.begin * width);
    output.fill(outside, slice + alongJ.end * width, slice + height * width);
    if (weight === 0 && planes.copiesRows) {
      planes.copy(lower, slice);
      continue;
    }
    const first = planes.plane(lower);
    const second = weight > 0 ? planes.plane(lower + 1) : first;
    for (let j = alongJ.begin; j < alongJ.end; j++) {
      const at = slice + j * width;
      output.fill(outside, at, at + alongI.begin);
      blend(first, second, weight, (j - alongJ.begin) * planes.width, output, at + alongI.begin, planes.width);
      output.fill(outside, at + alongI.end, at + width);
    }
  }
}

/** A source slice or row, and which; -1: none. */
interface Kept {
  source: number;
  readonly values: Float32Array;
}

/**
 * Source slices at the rows and columns of the target, as far as these lie inside, as float32. Of slices, and of rows while a slice is
 * made, two are kept: those of even and of odd index, which serves neighbours in either direction. Copying by `TypedArray.set` converts
 * any sample type natively, so the arithmetic always sees float32 whatever mix of types one program works on.
 */
class Planes {
  /** Columns of a plane: the target's from `begin` to before `end`. */
  readonly width: number;
  /** Rows and columns of the target are voxels of the source, neighbours neighbours: nothing is to be worked out. */
  readonly copiesRows: boolean;
  readonly #job: LinearJob;
  readonly #rowStep: number;
  readonly #sliceStep: number;
  readonly #firstColumn: number;
  readonly #copiesColumns: boolean;
  /** A slice of the target is one of the source, all of it. */
  readonly #copiesSlices: boolean;
  /** One source row as it is, with one cell more than the source has: read, with weight 0, beside the last column. */
  readonly #read: Float32Array;
  readonly #rows: readonly [Kept, Kept];
  #planes: readonly [Kept, Kept] | null = null;

  constructor(job: LinearJob) {
    const [alongI, alongJ] = job.maps;
    [, this.#rowStep, this.#sliceStep] = strides(job.from);
    this.#job = job;
    this.width = Math.max(0, alongI.end - alongI.begin);
    const last = job.from.dims[0] - 1;
    const ends = this.width === 0 ? [0, 0] : [alongI.lower[alongI.begin]!, alongI.lower[alongI.end - 1]!];
    this.#firstColumn = Math.min(...ends);
    const count = Math.min(Math.max(...ends) + 1, last) - this.#firstColumn + 1;
    this.#read = new Float32Array(count + 1);
    this.#copiesColumns = isRunOfVoxels(alongI);
    const isOnRows = alongJ.weight.subarray(alongJ.begin, alongJ.end).every((share) => share === 0);
    this.copiesRows = this.#copiesColumns && isOnRows;
    this.#copiesSlices = isAllOf(alongI, job.from.dims[0]) && isAllOf(alongJ, job.from.dims[1]);
    this.#rows = pairOf(this.width);
  }

  /** Writes source slice k to the output as it is. */
  copy(k: number, slice: number): void {
    const { samples, output, outside, maps } = this.#job;
    const [alongI, alongJ] = maps;
    const width = alongI.position.length;
    if (this.#copiesSlices) {
      const from = k * this.#sliceStep;
      output.set(samples.subarray(from, from + this.#sliceStep), slice);
      return;
    }
    for (let j = alongJ.begin; j < alongJ.end; j++) {
      const at = slice + j * width;
      const from = this.#firstColumn + alongJ.lower[j]! * this.#rowStep + k * this.#sliceStep;
      output.fill(outside, at, at + alongI.begin);
      output.set(samples.subarray(from, from + this.width), at + alongI.begin);
      output.fill(outside, at + alongI.end, at + width);
    }
  }

  /** Source slice k; valid until one of the same evenness is asked for. */
  plane(k: number): Float32Array {
    const [, alongJ] = this.#job.maps;
    this.#planes ??= pairOf(this.width * (alongJ.end - alongJ.begin));
    const kept = this.#planes[(k % 2) as 0 | 1];
    if (kept.source !== k) {
      kept.source = k;
      this.#fill(kept.values, k, alongJ);
    }
    return kept.values;
  }

  #fill(values: Float32Array, k: number, { lower, weight, begin, end }: AxisMap): void {
    for (const row of this.#rows) row.source = -1;
    for (let j = begin; j < end; j++) {
      const share = weight[j]!;
      const first = this.#row(lower[j]!, k);
      const second = share > 0 ? this.#row(lower[j]! + 1, k) : first;
      blendRows(first, second, share, values, (j - begin) * this.width);
    }
  }

  #row(j: number, k: number): Float32Array {
    const kept = this.#rows[(j % 2) as 0 | 1];
    if (kept.source !== j) {
      kept.source = j;
      this.#readRow(kept.values, this.#firstColumn + j * this.#rowStep + k * this.#sliceStep);
    }
    return kept.values;
  }

  #readRow(values: Float32Array, from: number): void {
    const { samples, maps } = this.#job;
    if (this.#copiesColumns) {
      values.set(samples.subarray(from, from + this.width));
      return;
    }
    const read = this.#read;
    const count = read.length - 1;
    read.set(samples.subarray(from, from + count));
    read[count] = read[count - 1]!;
    pickColumns(read, maps[0], this.#firstColumn, values);
  }
}

function pairOf(length: number): readonly [Kept, Kept] {
  return [
    { source: -1, values: new Float32Array(length) },
    { source: -1, values: new Float32Array(length) },
  ];
}

// The innermost loops, each in a function of its own so that the engine optimizes it as such.

function pickColumns(
  row: Float32Array,
  { lower, weight, begin }: AxisMap,
  firstColumn: number,
  values: Float32Array,
): void {
  for (let n = 0; n < values.length; n++) {
    const column = lower[begin + n]! - firstColumn;
    const low = row[column]!;
    values[n] = low + (row[column + 1]! - low) * weight[begin + n]!;
  }
}

function blendRows(first: Float32Array, second: Float32Array, share: number, values: Float32Array, at: number): void {
  for (let n = 0; n < first.length; n++) {
    const value = first[n]!;
    values[at + n] = value + (second[n]! - value) * share;
  }
}

function blend(
  first: Float32Array,
  second: Float32Array,
  share: number,
  from: number,
  output: GridSamples,
  at: number,
  count: number,
): void {
  for (let n = 0; n < count; n++) {
    const value = first[from + n]!;
    output[at + n] = value + (second[from + n]! - value) * share;
  }
}

/** Whether the target has just the voxels that the source has along an axis. */
function isAllOf(map: AxisMap, count: number): boolean {
  return (
    map.begin === 0 && map.end === count && map.position.length === count && map.lower[0] === 0 && isRunOfVoxels(map)
  );
}

/** Whether neighbours on the target are neighbours on the source, nothing between them: such rows are copied as they are. */
function isRunOfVoxels({ lower, weight, begin, end }: AxisMap): boolean {
  for (let index = begin; index < end; index++) {
    if (weight[index] !== 0 || lower[index] !== lower[begin]! + index - begin) return false;
  }
  return true;
}
