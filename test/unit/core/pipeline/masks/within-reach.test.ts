import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vec3 } from '@overread/core/geometry';
import { squaredDistance } from '../../../../../core/pipeline/distance.ts';
import { withinReach } from '../../../../../core/pipeline/masks/within-reach.ts';

const millimetres = fc.double({ min: 0.3, max: 4, noNaN: true });
const scattered = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 8 }))
  .chain((dims) =>
    fc.record({
      dims: fc.constant<Vec3>(dims),
      spacing: fc.tuple(millimetres, millimetres, millimetres),
      // From empty over sparse to full.
      density: fc.double({ min: 0, max: 1, noNaN: true }),
      dice: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
        minLength: dims[0] * dims[1] * dims[2],
        maxLength: dims[0] * dims[1] * dims[2],
      }),
      radius: fc.double({ min: 0, max: 15, noNaN: true }),
    }),
  );

describe('withinReach', () => {
  it.each(['set', 'unset'] as const)('is the distance to %s voxels, cut off at the radius', (of) => {
    fc.assert(
      fc.property(scattered, ({ dims, spacing, density, dice, radius }) => {
        const mask = Uint8Array.from(dice, (value) => (value < density ? 1 : 0));
        const distance = squaredDistance(mask, dims, spacing, of);
        const near = withinReach(mask, dims, spacing, radius, of);
        near.forEach((value, v) => {
          // On the radius itself the last digit may decide.
          if (Math.abs(distance[v]! - radius * radius) > 1e-4)
            expect(value).toBe(distance[v]! < radius * radius ? 1 : 0);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('includes what lies exactly on the radius, along every axis', () => {
    const dims: Vec3 = [7, 7, 7];
    const mask = new Uint8Array(343);
    mask[3 + 7 * (3 + 7 * 3)] = 1;
    const near = withinReach(mask, dims, [1, 2, 3], 6);
    const at = (i: number, j: number, k: number): number => near[i + 7 * (j + 7 * k)]!;
    expect([at(0, 3, 3), at(3, 0, 3), at(3, 1, 3), at(3, 3, 1), at(3, 3, 0)]).toEqual([1, 1, 1, 1, 0]);
  });
});
