/** A seeded source of numbers: the same seed gives the same phantom on every machine. */
export interface Random {
  /** In [0, 1). */
  readonly uniform: () => number;
  readonly between: (low: number, high: number) => number;
}

/** Mulberry32: small, fast, good enough for anatomy; not for secrets. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { uniform, between: (low, high) => low + (high - low) * uniform() };
}

/** Fills an array with numbers of mean 0 and variance 1: the sum of four uniform bytes' worth, near enough to Gauss. */
export function fillNormal(values: Float32Array, seed: number): void {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  // Four uniform bytes: variance 4 * (256^2 - 1) / 12.
  const scale = 1 / Math.sqrt((4 * (256 * 256 - 1)) / 12);
  for (let at = 0; at < values.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const sum = (state & 255) + ((state >>> 8) & 255) + ((state >>> 16) & 255) + (state >>> 24);
    values[at] = (sum - 510) * scale;
  }
}
