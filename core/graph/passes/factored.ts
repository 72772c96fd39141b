/** A length as the product of two that are as equal as can be; null where it is not known, or prime. */
export function factored(length: number | null): readonly [number, number] | null {
  if (length === null || !Number.isSafeInteger(length) || length > 2 ** 40) return null;
  for (let low = Math.floor(Math.sqrt(length)); low > 1; low--) {
    if (length % low === 0) return [length / low, low];
  }
  return null;
}
