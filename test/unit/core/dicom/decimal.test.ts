import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDecimalString } from '@overread/core/dicom';

describe('a decimal string', () => {
  it('has at most 16 characters and is as close as that allows', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatDecimalString(value) ?? '';
        expect(text).toMatch(/^-?(\d+(\.\d+)?)(e-?\d+)?$/);
        expect(text.length).toBeLessThanOrEqual(16);
        // Sign, point and a three-digit exponent leave nine digits in the worst case.
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 5e-9);
      }),
    );
  });

  it.each([
    [0.1, '0.1'],
    [-0.0123456789012345, '-0.0123456789012'],
    [1 / 3, '0.33333333333333'],
    [-123456.78901234567, '-123456.78901235'],
    [1e21, '1e21'],
  ])('of %s is %s', (value, text) => {
    expect(formatDecimalString(value)).toBe(text);
  });

  it('cannot say what is no number', () => {
    expect(formatDecimalString(NaN)).toBeNull();
    expect(formatDecimalString(Infinity)).toBeNull();
  });
});
