import { expect } from 'vitest';

/** Numbers equal within `tolerance`, element by element, and equally many. */
export function expectClose(actual: Iterable<number>, expected: Iterable<number>, tolerance = 1e-9): void {
  const [found, wanted] = [[...actual], [...expected]];
  expect(found.length).toBe(wanted.length);
  const worst = found.reduce((most, value, n) => {
    const difference = Math.abs(value - (wanted[n] ?? NaN));
    return difference <= most ? most : difference;
  }, 0);
  expect(worst, `[${found.slice(0, 16).join(', ')}] against [${wanted.slice(0, 16).join(', ')}]`).toBeLessThanOrEqual(
    tolerance,
  );
}
