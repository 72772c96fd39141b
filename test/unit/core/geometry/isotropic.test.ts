import {
  boxExtent,
  boxToWorld,
  containsIndex,
  gridBox,
  gridDirections,
  gridSpacing,
  indexToWorld,
  isotropicGrid,
  makeGrid,
  respacedGrid,
  sameGrid,
  worldToIndex,
  type Vec3,
} from '@overread/core/geometry';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { grids, spacings } from '../../../support/arbitrary-grid.ts';
import { expectClose } from '../../../support/expect-close.ts';

const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const; // prettier-ignore

it('an isotropic grid keeps the axes and covers the extent with the fewest voxels', () => {
  fc.assert(
    fc.property(grids, fc.double({ min: 0.5, max: 5, noNaN: true }), (grid, spacing) => {
      const isotropic = isotropicGrid(grid, spacing);
      expectClose(gridSpacing(isotropic), [spacing, spacing, spacing]);
      expectClose(gridDirections(isotropic).flat(), gridDirections(grid).flat());
      const extent = boxExtent(grid, gridBox(grid));
      isotropic.dims.forEach((count, axis) => {
        expect(count * spacing).toBeGreaterThanOrEqual((extent[axis] ?? NaN) - 1e-5);
        expect((count - 1) * spacing).toBeLessThan(extent[axis] ?? NaN);
      });
    }),
  );
});

it('every voxel centre of it lies inside the extent, and it overhangs both ends alike', () => {
  fc.assert(
    fc.property(grids, spacings, (grid, spacing) => {
      const respaced = respacedGrid(grid, spacing);
      const last = respaced.dims.map((count) => count - 1) as unknown as Vec3;
      const low = worldToIndex(grid, indexToWorld(respaced, [0, 0, 0]));
      const high = worldToIndex(grid, indexToWorld(respaced, last));
      expect(containsIndex(grid, low)).toBe(true);
      expect(containsIndex(grid, high)).toBe(true);
      expectClose(
        low.map((value, axis) => value + (high[axis] ?? NaN)),
        grid.dims.map((count) => count - 1),
        1e-6,
      );
    }),
  );
});

it('its own spacing gives the same grid', () => {
  fc.assert(
    fc.property(grids, (grid) => {
      expect(sameGrid(respacedGrid(grid, gridSpacing(grid)), grid, 1e-6)).toBe(true);
    }),
  );
});

it('of a box, it covers the box', () => {
  const grid = makeGrid([512, 512, 143], [0.54, 0.54, 2], axes, [0, 0, 0]);
  const isotropic = isotropicGrid(grid, 1, { min: [100, 100, 10], max: [199, 299, 19] });
  expect(isotropic.dims).toEqual([54, 108, 20]);
  const edges = boxToWorld(isotropic, gridBox(isotropic));
  expectClose(edges.min, [99.5 * 0.54, 99.5 * 0.54, 19]);
  expectClose(edges.max, [199.5 * 0.54, 299.5 * 0.54, 39]);
});

it('a step larger than the extent leaves one voxel in the middle', () => {
  const grid = makeGrid([4, 4, 1], [1, 1, 3], axes, [0, 0, 0]);
  const coarse = isotropicGrid(grid, 50);
  expect(coarse.dims).toEqual([1, 1, 1]);
  expectClose(indexToWorld(coarse, [0, 0, 0]), [1.5, 1.5, 0]);
});
