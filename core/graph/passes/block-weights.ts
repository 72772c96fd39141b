export interface WeightBlock {
  /** Values of [M, C / group, k...], little-endian, row-major. */
  readonly bytes: Uint8Array;
  readonly bytesPerElement: number;
  /** M / group. */
  readonly perGroup: number;
  /** C / group. */
  readonly inputsPerGroup: number;
  readonly kernel: readonly number[];
  /** The groups that the block takes. */
  readonly first: number;
  readonly count: number;
}

/**
 * Kernel of one dense convolution for some of the groups: [count x M / group, count x C / group, k...], each group's
 * weights on the diagonal, zeros elsewhere. For one group a view of the weights as they are.
 */
export function blockWeights(block: WeightBlock): Uint8Array {
  const { bytes, bytesPerElement, perGroup, inputsPerGroup, kernel, first, count } = block;
  const rowBytes = inputsPerGroup * kernel.reduce((product, extent) => product * extent, 1) * bytesPerElement;
  const rows = count * perGroup;
  const source = bytes.subarray(first * perGroup * rowBytes, (first * perGroup + rows) * rowBytes);
  if (count === 1) return source;
  const made = new Uint8Array(rows * count * rowBytes);
  for (let row = 0; row < rows; row++) {
    const group = Math.floor(row / perGroup);
    made.set(source.subarray(row * rowBytes, (row + 1) * rowBytes), (row * count + group) * rowBytes);
  }
  return made;
}
