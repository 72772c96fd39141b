import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxSize, type Vec3 } from '@overread/core/geometry';
import { tilesOf } from '../../../../core/pipeline/tiles.ts';
import { croppedWindow } from '../../../support/tiny-manifest.ts';

const axis = fc.record({
  count: fc.integer({ min: 1, max: 40 }),
  halo: fc.integer({ min: 0, max: 4 }),
  core: fc.integer({ min: 2, max: 12 }),
});
const cases = fc.tuple(axis, axis, axis).map(([i, j, k]) => ({
  dims: [i.count, j.count, k.count] as Vec3,
  halo: [i.halo, j.halo, k.halo] as Vec3,
  size: [i.core + 2 * i.halo, j.core + 2 * j.halo, k.core + 2 * k.halo] as Vec3,
}));
/** Manifests write [k, j, i]. */
const reversed = ([i, j, k]: Vec3): [number, number, number] => [k, j, i];
const axes = [0, 1, 2] as const;

describe('tilesOf', () => {
  it('covers every voxel with exactly one core', () => {
    fc.assert(
      fc.property(cases, ({ dims, size, halo }) => {
        const covered = new Uint8Array(dims[0] * dims[1] * dims[2]);
        for (const { core } of tilesOf(dims, croppedWindow(reversed(size), reversed(halo)))) {
          for (let k = core.min[2]; k <= core.max[2]; k++)
            for (let j = core.min[1]; j <= core.max[1]; j++)
              for (let i = core.min[0]; i <= core.max[0]; i++) covered[(k * dims[1] + j) * dims[0] + i]!++;
        }
        expect(covered.every((times) => times === 1)).toBe(true);
      }),
    );
  });

  it('gives every core its whole halo, except at the faces of the grid, and never more than the window', () => {
    fc.assert(
      fc.property(cases, ({ dims, size, halo }) => {
        for (const { input, core } of tilesOf(dims, croppedWindow(reversed(size), reversed(halo)))) {
          for (const a of axes) {
            expect(boxSize(input)[a]).toBeLessThanOrEqual(size[a]);
            if (input.min[a] > 0) expect(core.min[a] - input.min[a]).toBe(halo[a]);
            else expect(core.min[a]).toBe(0);
            if (input.max[a] < dims[a] - 1) expect(input.max[a] - core.max[a]).toBe(halo[a]);
            else expect(core.max[a]).toBe(dims[a] - 1);
          }
        }
      }),
    );
  });

  it('starts every tile on an even voxel, for graphs that work on every second one', () => {
    fc.assert(
      fc.property(cases, ({ dims, size, halo }) => {
        const tiles = tilesOf(dims, croppedWindow(reversed(size), reversed(halo)));
        expect(tiles.every(({ input }) => axes.every((a) => input.min[a] % 2 === 0))).toBe(true);
      }),
    );
  });

  it('is one tile for a whole volume, and for a volume no larger than the window', () => {
    const everything = { min: [0, 0, 0], max: [9, 8, 7] };
    expect(tilesOf([10, 9, 8], { mode: 'whole', multipleOf: [1, 1, 1] })).toEqual([
      { input: everything, core: everything },
    ]);
    expect(tilesOf([10, 9, 8], croppedWindow([8, 9, 10], [2, 2, 2]))).toHaveLength(1);
  });

  it('refuses a window that its halos use up', () => {
    expect(() => tilesOf([50, 50, 50], croppedWindow([9, 9, 9], [4, 4, 4]))).toThrow(
      expect.objectContaining({ code: 'pipeline.bad-patch' }),
    );
  });
});
