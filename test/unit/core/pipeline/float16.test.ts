import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromFloat16, toFloat16 } from '../../../../core/pipeline/float16.ts';

/** The same by the language's own array of that type. */
function words(values: Float32Array): Uint16Array {
  return new Uint16Array(new Float16Array(values).buffer);
}

describe('float16', () => {
  it('reads every word as the language does', () => {
    const all = Uint16Array.from({ length: 0x10000 }, (_, n) => n);
    expect(fromFloat16(all)).toEqual(new Float32Array(new Float16Array(all.buffer)));
  });

  it('gives every word back from the number it stands for', () => {
    const numbers = Uint16Array.from({ length: 0x10000 }, (_, n) => n).filter((n) => (n & 0x7fff) <= 0x7c00);
    expect(toFloat16(fromFloat16(numbers))).toEqual(numbers);
  });

  it('rounds to the nearest, ties to even', () => {
    const halfway = Float32Array.from({ length: 0x7c00 }, (_, n) => {
      const [low = 0, high = 0] = fromFloat16(Uint16Array.of(n, n + 1));
      return n === 0x7bff ? 65520 : (low + high) / 2;
    });
    expect(toFloat16(halfway)).toEqual(words(halfway));
    const any = fc.float32Array({ noNaN: true });
    const usual = fc.float32Array({ min: -70_000, max: 70_000, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(any, usual), (values) => {
        expect(toFloat16(values)).toEqual(words(values));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps what is no number', () => {
    expect(fromFloat16(toFloat16(Float32Array.of(NaN, -Infinity)))).toEqual(Float32Array.of(NaN, -Infinity));
  });
});
