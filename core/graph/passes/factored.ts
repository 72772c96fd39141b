/** Lengths of real volumes have many divisors; a search to the end would be long for a prime. */
const tries = 1024;

/** A length as the product of two that are near each other; null where it is not known, or has no such two. */
export function factored(length: number | null): readonly [number, number] | null {
  if (length === null || !Number.isSafeInteger(length) || length > 2 ** 40) return null;
  const root = Math.floor(Math.sqrt(length));
  for (let low = root; low > Math.max(1, root - tries); low--) {
    if (length % low === 0) return [length / low, low];
  }
  return null;
}
