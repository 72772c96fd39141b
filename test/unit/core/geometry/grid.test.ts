import {
  checkGrid,
  containsIndex,
  gridDirections,
  gridNormal,
  gridOrigin,
  gridSpacing,
  indexToIndexMatrix,
  indexToWorld,
  makeGrid,
  sameGrid,
  transformPoint,
  voxelVolume,
  worldToIndex,
} from '@overread/core/geometry';
import { OverreadError } from '@overread/core/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dimensions, directions, grids, points, spacings } from '../../../support/arbitrary-grid.ts';
import { expectClose } from '../../../support/expect-close.ts';

it('a grid gives back the spacing, directions and origin it was made of', () => {
  fc.assert(
    fc.property(dimensions, spacings, directions, points, (dims, spacing, axes, origin) => {
      const grid = makeGrid(dims, spacing, axes, origin);
      expectClose(gridSpacing(grid), spacing);
      expectClose(gridDirections(grid).flat(), axes.flat());
      expect(gridOrigin(grid)).toEqual(origin);
      expect(voxelVolume(grid)).toBeCloseTo(spacing[0] * spacing[1] * spacing[2], 8);
    }),
  );
});

it('indices go to the world and back', () => {
  fc.assert(
    fc.property(grids, points, (grid, ijk) => {
      expectClose(worldToIndex(grid, indexToWorld(grid, ijk)), ijk, 1e-6);
    }),
  );
});

it('an index of one grid becomes the index of the same place in another', () => {
  fc.assert(
    fc.property(grids, grids, points, (a, b, ijk) => {
      const inB = transformPoint(indexToIndexMatrix(a, b), ijk);
      expectClose(indexToWorld(b, inB), indexToWorld(a, ijk), 1e-6);
    }),
  );
});

it('the normal is at a right angle to the slices and has length 1', () => {
  fc.assert(
    fc.property(grids, (grid) => {
      const [i, j] = gridDirections(grid);
      const normal = gridNormal(grid);
      const product = (a: readonly number[]): number =>
        a.reduce((sum, value, n) => sum + value * (normal[n] ?? NaN), 0);
      expectClose([product(i), product(j), product(normal)], [0, 0, 1]);
    }),
  );
});

describe('a voxel belongs to a grid', () => {
  const grid = makeGrid([4, 3, 1], [1, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]); // prettier-ignore

  it('up to its outer edges, half a voxel beyond the centres', () => {
    expect(containsIndex(grid, [-0.5, -0.5, 0.5])).toBe(true);
    expect(containsIndex(grid, [3.5, 2.5, -0.5])).toBe(true);
    expect(containsIndex(grid, [3.51, 0, 0])).toBe(false);
    expect(containsIndex(grid, [0, -0.51, 0])).toBe(false);
  });
});

describe('two grids are the same', () => {
  const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const; // prettier-ignore
  const grid = makeGrid([100, 100, 50], [0.5, 0.5, 2], axes, [-25, -25, 0]);

  it('when they differ by what decimal strings lose', () => {
    expect(sameGrid(grid, makeGrid([100, 100, 50], [0.500001, 0.5, 2], axes, [-25.0001, -25, 0]))).toBe(true);
  });

  it.each([
    ['one slice fewer', makeGrid([100, 100, 49], [0.5, 0.5, 2], axes, [-25, -25, 0])],
    ['half a voxel aside', makeGrid([100, 100, 50], [0.5, 0.5, 2], axes, [-24.75, -25, 0])],
    ['a spacing that drifts over the grid', makeGrid([100, 100, 50], [0.5, 0.5, 2.01], axes, [-25, -25, 0])],
    ['read backwards', makeGrid([100, 100, 50], [0.5, 0.5, 2], [axes[0], axes[1], [0, 0, -1]], [-25, -25, 98])],
  ])('but not with %s', (_, other) => {
    expect(sameGrid(grid, other)).toBe(false);
  });
});

it.each([
  ['no voxels', { dims: [0, 1, 1], indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] }],
  ['half a voxel', { dims: [1.5, 1, 1], indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] }],
  ['a matrix too short', { dims: [1, 1, 1], indexToWorld: [1, 0, 0] }],
  ['an endless origin', { dims: [1, 1, 1], indexToWorld: [1, 0, 0, Infinity, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] }],
  ['flat voxels', { dims: [1, 1, 1], indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] }],
] as const)('a grid with %s is refused', (_, grid) => {
  expect(() => checkGrid(grid)).toThrow(OverreadError);
});
