import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vec3 } from '@overread/core/geometry';
import { fillHolesPerSlice } from '../../../../../core/pipeline/masks/holes.ts';
import { close, dilate, erode } from '../../../../../core/pipeline/masks/morphology.ts';
import { boundingBox, cutOut, putBack, windowAround } from '../../../../../core/pipeline/masks/window.ts';

const dims: Vec3 = [9, 8, 6];
const spacing: Vec3 = [1, 1.5, 2];
const count = dims[0] * dims[1] * dims[2];
/** Sparse, so that balls do not fill everything. */
const masks = fc
  .array(fc.integer({ min: 0, max: count - 1 }), { maxLength: 12 })
  .map((set) => Uint8Array.from({ length: count }, (_, v) => (set.includes(v) ? 1 : 0)));
const radii = fc.double({ min: 0, max: 5, noNaN: true });

const place = (v: number): Vec3 => [
  (v % 9) * spacing[0],
  (Math.floor(v / 9) % 8) * spacing[1],
  Math.floor(v / 72) * spacing[2],
];
const apart = (v: number, u: number): number => {
  const [p, q] = [place(v), place(u)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
};
const subset = (a: Uint8Array, b: Uint8Array): boolean => a.every((set, v) => set === 0 || b[v] !== 0);

describe('morphology', () => {
  it('dilates by exactly the voxels within the radius', () => {
    fc.assert(
      fc.property(masks, radii, (mask, radius) => {
        const set = [...mask.keys()].filter((v) => mask[v] !== 0);
        const distances = [...mask.keys()].map((v) => Math.min(Infinity, ...set.map((u) => apart(v, u))));
        // Voxels on the sphere itself may fall to either side.
        const wide = dilate(mask, dims, spacing, radius);
        distances.forEach((d, v) => {
          if (Math.abs(d - radius) > 1e-3) expect(wide[v]).toBe(d < radius ? 1 : 0);
        });
      }),
    );
  });

  it('closes to something between the mask and its dilation, and closing again changes nothing', () => {
    fc.assert(
      fc.property(masks, radii, (mask, radius) => {
        const closed = close(mask, dims, spacing, radius);
        expect(subset(mask, closed)).toBe(true);
        expect(subset(closed, dilate(mask, dims, spacing, radius))).toBe(true);
        expect(close(closed, dims, spacing, radius)).toEqual(closed);
      }),
    );
  });

  it('does not erode from the edge of the array', () => {
    expect(erode(new Uint8Array(count).fill(1), dims, spacing, 4).every((set) => set === 1)).toBe(true);
  });
});

describe('fillHolesPerSlice', () => {
  it('fills what is enclosed in its slice, whatever is open above', () => {
    const size: Vec3 = [5, 5, 2];
    const ring = [1, 1, 1, 1, 0, 1, 1, 1, 1];
    const mask = new Uint8Array(50);
    ring.forEach((set, n) => (mask[(1 + Math.floor(n / 3)) * 5 + 1 + (n % 3)] = set));
    fillHolesPerSlice(mask, size);
    expect(mask[12]).toBe(1);
    expect(mask.filter((set) => set !== 0)).toHaveLength(9);
  });

  it('leaves a bay that is open to the edge', () => {
    // prettier-ignore
    const mask = Uint8Array.from([
      1, 1, 1,
      1, 0, 1,
      1, 0, 1,
    ]);
    const before = mask.slice();
    fillHolesPerSlice(mask, [3, 3, 1]);
    expect(mask).toEqual(before);
  });
});

describe('a window of a mask', () => {
  it('cuts out the set voxels with their rim and puts them back where they were', () => {
    fc.assert(
      fc.property(masks, fc.integer({ min: 0, max: 4 }), (mask, rim) => {
        const window = windowAround(mask, dims, [rim, rim, rim]);
        expect(window === null).toBe(mask.every((set) => set === 0));
        if (window === null) return;
        const part = cutOut(mask, dims, window);
        expect(boundingBox(part, window.size)!.min).toEqual([rim, rim, rim]);
        expect(putBack(part, dims, window)).toEqual(mask);
      }),
    );
  });
});
