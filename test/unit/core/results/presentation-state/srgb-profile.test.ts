import { describe, expect, it } from 'vitest';
import { srgbProfile } from '../../../../../core/results/presentation-state/srgb-profile.ts';

const profile = srgbProfile();
const view = new DataView(profile.buffer);
const ascii = (at: number, length: number) => String.fromCharCode(...profile.subarray(at, at + length));

/** Tag table of ICC.1:2001-04, section 6.2: offset and size by signature. */
const tags = new Map(
  Array.from({ length: view.getUint32(128) }, (_, index) => {
    const at = 132 + 12 * index;
    return [ascii(at, 4), { offset: view.getUint32(at + 4), size: view.getUint32(at + 8) }] as const;
  }),
);
const offsetOf = (signature: string) => tags.get(signature)?.offset ?? NaN;

describe('the sRGB profile', () => {
  it('is a whole input profile of RGB, as presentation states need it', () => {
    expect(view.getUint32(0)).toBe(profile.length);
    expect([ascii(12, 4), ascii(16, 4), ascii(20, 4), ascii(36, 4)]).toEqual(['scnr', 'RGB ', 'XYZ ', 'acsp']);
    expect([...tags.keys()].sort()).toEqual(
      ['bTRC', 'bXYZ', 'cprt', 'desc', 'gTRC', 'gXYZ', 'rTRC', 'rXYZ', 'wtpt'].sort(),
    );
    for (const { offset, size } of tags.values()) {
      expect(offset % 4).toBe(0);
      expect(offset).toBeGreaterThanOrEqual(132 + 12 * tags.size);
      expect(offset + size).toBeLessThanOrEqual(profile.length);
    }
  });

  it('gives white as D50: the colorants add up to the white point', () => {
    const xyz = (signature: string, part: number) => view.getInt32(offsetOf(signature) + 8 + 4 * part) / 65536;
    for (const part of [0, 1, 2]) {
      const sum = ['rXYZ', 'gXYZ', 'bXYZ'].reduce((total, signature) => total + xyz(signature, part), 0);
      expect(sum).toBeCloseTo(xyz('wtpt', part), 3);
    }
  });

  it('has the tone curve of sRGB', () => {
    const curve = offsetOf('rTRC');
    const entries = view.getUint32(curve + 8);
    const light = (value: number) => view.getUint16(curve + 12 + 2 * Math.round(value * (entries - 1))) / 65535;
    expect([light(0), light(1)]).toEqual([0, 1]);
    // IEC 61966-2-1: half the signal is 21.4 % of the light.
    expect(light(0.5)).toBeCloseTo(0.214, 2);
    expect(light(0.03)).toBeCloseTo(0.03 / 12.92, 3);
  });
});
