/** How a slice lies in the encoder's input: scaled alike along both axes, its first voxel at the input's first corner. */
export interface PlaneFit {
  /** Voxels [ni, nj] of the slice. */
  readonly slice: readonly [number, number];
  /** Columns and rows [W, H] of the input. */
  readonly input: readonly [number, number];
  /** Columns of the input per column of the slice. */
  readonly scale: number;
}

/**
 * @param fit [H, W] that the slice is scaled to fit into; null: it stays as large as it is
 * @param multipleOf [H, W]: the input is padded at its ends to a multiple of this
 */
export function planeFit(
  slice: readonly [number, number],
  fit: readonly [number, number] | null,
  multipleOf: readonly [number, number],
): PlaneFit {
  const [ni, nj] = slice;
  const padded = (length: number, multiple: number) => Math.ceil(length / multiple) * multiple;
  if (fit === null) return { slice, input: [padded(ni, multipleOf[1]), padded(nj, multipleOf[0])], scale: 1 };
  return { slice, input: [fit[1], fit[0]], scale: Math.min(fit[1] / ni, fit[0] / nj) };
}

/** Column or row of the slice to column or row of the input; 0 is the centre of the first voxel in both. */
export function toInput(at: number, { scale }: PlaneFit): number {
  return (at + 0.5) * scale - 0.5;
}

/** Columns and rows of the input that hold the slice; what lies behind is padding. */
function coveredInput({ slice, input, scale }: PlaneFit): readonly [number, number] {
  return [Math.min(input[0], Math.round(slice[0] * scale)), Math.min(input[1], Math.round(slice[1] * scale))];
}

/** The channels of a slice [C, nj, ni] as the encoder's input [C, H, W]: interpolated linearly, 0 beyond the slice. */
export function fitPlanes(values: Float32Array, channels: number, fit: PlaneFit): Float32Array {
  const [width, height] = fit.input;
  const [columns, rows] = coveredInput(fit);
  const into = new Float32Array(channels * width * height);
  const x = samplesAlong(columns, fit.slice[0], (at) => (at + 0.5) / fit.scale - 0.5);
  const y = samplesAlong(rows, fit.slice[1], (at) => (at + 0.5) / fit.scale - 0.5);
  for (let c = 0; c < channels; c++) {
    const plane = values.subarray(c * fit.slice[0] * fit.slice[1], (c + 1) * fit.slice[0] * fit.slice[1]);
    const target = into.subarray(c * width * height, (c + 1) * width * height);
    for (let j = 0; j < rows; j++) interpolateRow(plane, fit.slice[0], y, j, x, target, j * width, columns);
  }
  return into;
}

/**
 * Logits [h, w] of the encoder's whole input as 1 and 0 on the slice [nj, ni], from a threshold on, interpolated linearly.
 * @param logits h rows of w columns
 */
export function maskOnSlice(
  logits: Float32Array,
  [w, h]: readonly [number, number],
  fit: PlaneFit,
  threshold: number,
): Uint8Array {
  const [ni, nj] = fit.slice;
  const [width, height] = fit.input;
  const x = samplesAlong(ni, w, (at) => ((toInput(at, fit) + 0.5) * w) / width - 0.5);
  const y = samplesAlong(nj, h, (at) => ((toInput(at, fit) + 0.5) * h) / height - 0.5);
  const row = new Float32Array(ni);
  const bits = new Uint8Array(ni * nj);
  for (let j = 0; j < nj; j++) {
    interpolateRow(logits, w, y, j, x, row, 0, ni);
    for (let i = 0; i < ni; i++) if (row[i]! > threshold) bits[j * ni + i] = 1;
  }
  return bits;
}

/** Where samples lie between two neighbours: the first one, and the weight of the second. */
interface Samples {
  readonly first: Int32Array;
  readonly weight: Float64Array;
}

/** Samples beyond the outermost centres take the outermost value. */
function samplesAlong(count: number, length: number, positionOf: (at: number) => number): Samples {
  const first = new Int32Array(count);
  const weight = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    const position = Math.min(length - 1, Math.max(0, positionOf(n)));
    first[n] = Math.min(Math.max(0, length - 2), Math.floor(position));
    weight[n] = position - first[n]!;
  }
  return { first, weight };
}

function interpolateRow(
  plane: Float32Array,
  width: number,
  rows: Samples,
  row: number,
  columns: Samples,
  target: Float32Array,
  to: number,
  count: number,
): void {
  const upper = rows.first[row]! * width;
  // A weight of 0 makes the neighbour count for nothing; on a plane of one row it is the row itself.
  const lower = rows.weight[row]! > 0 ? upper + width : upper;
  const down = rows.weight[row]!;
  for (let n = 0; n < count; n++) {
    const left = columns.first[n]!;
    const along = columns.weight[n]!;
    const right = along > 0 ? left + 1 : left;
    const top = plane[upper + left]! * (1 - along) + plane[upper + right]! * along;
    const bottom = plane[lower + left]! * (1 - along) + plane[lower + right]! * along;
    target[to + n] = top * (1 - down) + bottom * down;
  }
}
