import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vec3 } from '@overread/core/geometry';
import { FAR, squaredDistance } from '../../../../core/pipeline/distance.ts';

const millimetres = fc.double({ min: 0.3, max: 4, noNaN: true });
const volume = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }))
  .chain((dims) => {
    const length = dims[0] * dims[1] * dims[2];
    return fc.record({
      dims: fc.constant<Vec3>(dims),
      spacing: fc.tuple(millimetres, millimetres, millimetres),
      mask: fc.uint8Array({ min: 0, max: 1, minLength: length, maxLength: length }),
    });
  });

function bruteForce(mask: Uint8Array, [nx, ny]: Vec3, spacing: Vec3, wanted: (value: number) => boolean): number[] {
  const place = (v: number): Vec3 => [
    (v % nx) * spacing[0],
    (Math.floor(v / nx) % ny) * spacing[1],
    Math.floor(v / (nx * ny)) * spacing[2],
  ];
  return [...mask].map((_, v) => {
    const p = place(v);
    const squares = [...mask].flatMap((value, u) => {
      if (!wanted(value)) return [];
      const q = place(u);
      return [(p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2];
    });
    return Math.min(FAR, ...squares);
  });
}

function expectClose(found: Float32Array, expected: readonly number[]): void {
  expected.forEach((value, v) => expect(found[v]).toBeCloseTo(value, value >= FAR ? -16 : 3));
}

describe('squaredDistance', () => {
  it('is the distance to the nearest set voxel that trying all of them gives', () => {
    fc.assert(
      fc.property(volume, ({ mask, dims, spacing }) => {
        expectClose(
          squaredDistance(mask, dims, spacing),
          bruteForce(mask, dims, spacing, (value) => value !== 0),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('is the distance to the nearest unset voxel when asked for that', () => {
    fc.assert(
      fc.property(volume, ({ mask, dims, spacing }) => {
        const expected = bruteForce(mask, dims, spacing, (value) => value === 0);
        expectClose(squaredDistance(mask, dims, spacing, 'unset'), expected);
      }),
    );
  });

  it('answers FAR everywhere when there is nothing to be near to', () => {
    expect([...squaredDistance(new Uint8Array(8), [2, 2, 2], [1, 1, 1])]).toEqual(Array(8).fill(Math.fround(FAR)));
  });
});
