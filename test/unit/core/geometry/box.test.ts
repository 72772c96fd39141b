import {
  boxCorners,
  boxExtent,
  boxFromWorld,
  boxSize,
  boxToWorld,
  cropGrid,
  expandBox,
  gridBox,
  indexToWorld,
  intersectBoxes,
  makeGrid,
  uniteBoxes,
  type Grid,
  type IndexBox,
} from '@overread/core/geometry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grids } from '../../../support/arbitrary-grid.ts';
import { expectClose } from '../../../support/expect-close.ts';

/** A grid with a box inside it. */
const boxed: fc.Arbitrary<{ grid: Grid; box: IndexBox }> = grids.chain((grid) => {
  const range = (count: number) =>
    fc
      .tuple(fc.integer({ min: 0, max: count - 1 }), fc.integer({ min: 0, max: count - 1 }))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  return fc.tuple(range(grid.dims[0]), range(grid.dims[1]), range(grid.dims[2])).map(([i, j, k]) => ({
    grid,
    box: { min: [i[0], j[0], k[0]], max: [i[1], j[1], k[1]] } as const,
  }));
});

it('the outer corners of a box give the same box back, in oblique and flipped grids', () => {
  fc.assert(
    fc.property(boxed, ({ grid, box }) => {
      expect(boxFromWorld(grid, boxCorners(grid, box))).toEqual(box);
      const { min, max } = boxToWorld(grid, box);
      expect(boxFromWorld(grid, [min, max])).toEqual(box);
    }),
  );
});

it('a box extends from outer edge to outer edge, half a voxel beyond the centres', () => {
  const grid = makeGrid([10, 10, 10], [0.5, 0.5, 2], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [100, 0, 0]); // prettier-ignore
  const box = { min: [2, 3, 4], max: [2, 4, 6] } as const;
  expect(boxSize(box)).toEqual([1, 2, 3]);
  expect(boxExtent(grid, box)).toEqual([0.5, 1, 6]);
  expect(boxToWorld(grid, box)).toEqual({ min: [100.75, 1.25, 7], max: [101.25, 2.25, 13] });
});

it('the corners of a box are its eight outer corners, opposite ones first and last', () => {
  fc.assert(
    fc.property(boxed, ({ grid, box }) => {
      const corners = boxCorners(grid, box);
      const { min, max } = boxToWorld(grid, box);
      expect(corners[0]).toEqual(min);
      expect(corners[7]).toEqual(max);
      expect(new Set(corners.map(String)).size).toBe(8);
    }),
  );
});

describe('the box around points', () => {
  const grid = makeGrid([5, 5, 5], [1, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]); // prettier-ignore

  it('is the voxel a single point lies in', () => {
    expect(boxFromWorld(grid, [[1.2, 2.6, 4.4]])).toEqual({ min: [1, 3, 4], max: [1, 3, 4] });
  });

  it('is cut to the grid, and null outside it', () => {
    expect(boxFromWorld(grid, [[-3, -3, -3], [1.2, 1.2, 1.2]])).toEqual({ min: [0, 0, 0], max: [1, 1, 1] }); // prettier-ignore
    expect(boxFromWorld(grid, [[-3, 0, 0], [-2, 2, 2]])).toBeNull(); // prettier-ignore
    expect(boxFromWorld(grid, [])).toBeNull();
  });
});

it('the grid of a box has its voxels in the same places', () => {
  fc.assert(
    fc.property(boxed, ({ grid, box }) => {
      const cropped = cropGrid(grid, box);
      expect(cropped.dims).toEqual(boxSize(box));
      expectClose(indexToWorld(cropped, [0, 0, 0]), indexToWorld(grid, box.min), 1e-9);
      const last = boxSize(box).map((count) => count - 1) as [number, number, number];
      expectClose(indexToWorld(cropped, last), indexToWorld(grid, box.max), 1e-9);
    }),
  );
});

it('a box grows by a margin and stops at the grid', () => {
  const grid = makeGrid([5, 6, 7], [1, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]); // prettier-ignore
  expect(expandBox({ min: [1, 3, 3], max: [2, 3, 3] }, [2, 1, 10], grid)).toEqual({ min: [0, 2, 0], max: [4, 4, 6] });
  expect(expandBox(gridBox(grid), [3, 3, 3], grid)).toEqual(gridBox(grid));
});

it('boxes unite and intersect', () => {
  const a = { min: [0, 0, 0], max: [4, 4, 4] } as const;
  const b = { min: [2, 3, 4], max: [6, 6, 6] } as const;
  expect(intersectBoxes(a, b)).toEqual({ min: [2, 3, 4], max: [4, 4, 4] });
  expect(uniteBoxes(a, b)).toEqual({ min: [0, 0, 0], max: [6, 6, 6] });
  expect(intersectBoxes(a, { min: [5, 0, 0], max: [6, 4, 4] })).toBeNull();
});
