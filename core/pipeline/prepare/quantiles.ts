import { counts, type Subset } from './subset.ts';

/** A number's place in order: larger keys are larger numbers. The bits of a float32 sort like this once negative ones are turned round. */
const keyOf = (bits: number): number => ((bits & 0x80000000) !== 0 ? ~bits : bits ^ 0x80000000) >>> 0;
const bitsOf = (key: number): number => ((key & 0x80000000) !== 0 ? key ^ 0x80000000 : ~key) >>> 0;

/**
 * Quantiles of the chosen values, with linear interpolation between ranks as NumPy has it by default. Exact: values are counted by the upper
 * half of their bits, then those that share it with a wanted rank by the lower half; nothing is sorted or copied.
 * @param shares from 0 to 1
 * @returns as many numbers as shares, or null where no value counts
 */
export function quantiles(values: Float32Array, shares: readonly number[], subset: Subset): readonly number[] | null {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const upper = countUpper(bits, values, subset);
  const count = upper.reduce((sum, one) => sum + one, 0);
  if (count === 0) return null;
  const places = shares.map((share) => share * (count - 1));
  const ranks = [...new Set(places.flatMap((place) => [Math.floor(place), Math.ceil(place)]))];
  const found = new Map(ranks.map((rank) => [rank, locate(upper, rank)]));
  const lower = new Map([...found.values()].map(({ bin }) => [bin, new Uint32Array(0x10000)]));
  countLower(bits, values, subset, lower);
  const at = (rank: number): number => {
    const { bin, before } = found.get(rank)!;
    return valueOf(bin * 0x10000 + locate(lower.get(bin)!, rank - before).bin);
  };
  return places.map((place) => {
    const [low, high] = [at(Math.floor(place)), at(Math.ceil(place))];
    return low + (high - low) * (place - Math.floor(place));
  });
}

// The loops over all values, each in a function of its own so that the engine optimizes it as such.

function countUpper(bits: Uint32Array, values: Float32Array, { mask, nonzero }: Subset): Uint32Array {
  const bins = new Uint32Array(0x10000);
  for (let n = 0; n < bits.length; n++) {
    if ((mask !== null && mask[n] === 0) || !counts(values[n]!, nonzero)) continue;
    bins[keyOf(bits[n]!) >>> 16]!++;
  }
  return bins;
}

function countLower(
  bits: Uint32Array,
  values: Float32Array,
  { mask, nonzero }: Subset,
  bins: ReadonlyMap<number, Uint32Array>,
): void {
  const slots = new Uint8Array(0x10000);
  const tables = [...bins.values()];
  [...bins.keys()].forEach((bin, n) => (slots[bin] = n + 1));
  for (let n = 0; n < bits.length; n++) {
    const key = keyOf(bits[n]!);
    const slot = slots[key >>> 16]!;
    if (slot === 0 || (mask !== null && mask[n] === 0) || !counts(values[n]!, nonzero)) continue;
    tables[slot - 1]![key & 0xffff]!++;
  }
}

/** The bin that holds a rank (0-based), and how many values lie in bins before it. */
function locate(counts: Uint32Array, rank: number): { readonly bin: number; readonly before: number } {
  let before = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    if (rank < before + counts[bin]!) return { bin, before };
    before += counts[bin]!;
  }
  return { bin: counts.length - 1, before };
}

function valueOf(key: number): number {
  return new Float32Array(Uint32Array.of(bitsOf(key)).buffer)[0]!;
}
