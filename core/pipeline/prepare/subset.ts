/** Which values of a prepared channel a statistic is taken over. What is no number (beyond the series) never counts. */
export interface Subset {
  /** Only voxels where this is not 0; null: all. */
  readonly mask: Uint8Array | null;
  /** Only values that are not exactly 0. */
  readonly nonzero: boolean;
}

/** Whether a value counts, the mask aside. */
export function counts(value: number, nonzero: boolean): boolean {
  return nonzero ? value < 0 || value > 0 : value === value;
}

/** The least and the greatest value; null where none counts. */
export function rangeOf(values: Float32Array, { mask, nonzero }: Subset): readonly [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if ((mask !== null && mask[n] === 0) || !counts(value, nonzero)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? null : [low, high];
}

/** Mean and standard deviation (of the population); null where no value counts. */
export function momentsOf(
  values: Float32Array,
  { mask, nonzero }: Subset,
): { readonly mean: number; readonly deviation: number } | null {
  let [count, sum] = [0, 0];
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if ((mask !== null && mask[n] === 0) || !counts(value, nonzero)) continue;
    count++;
    sum += value;
  }
  if (count === 0) return null;
  const mean = sum / count;
  // A second pass: the difference of two large sums would lose the digits.
  let squares = 0;
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if ((mask !== null && mask[n] === 0) || !counts(value, nonzero)) continue;
    squares += (value - mean) * (value - mean);
  }
  return { mean, deviation: Math.sqrt(squares / count) };
}
