import { describe, expect, test } from 'vitest';
import type { Vec3 } from '@overread/core/geometry';
import { boxSection } from '../../../../../extension/src/host/overlay/box-section.ts';
import {
  planeOnGrid,
  toCanvas,
  viewPlane,
  voxelsFromPlane,
} from '../../../../../extension/src/host/overlay/view-plane.ts';

const box = { min: [2, 3, 4], max: [6, 5, 8] } as const;

/** One index is ten pixels; the plane lies across `k` at the given place. */
function slice(k: number) {
  const corners = { origin: [0, 0, k], right: [10, 0, k], down: [0, 10, k] } as const;
  return viewPlane([100, 100], corners, [0, 0, 1]);
}

const sorted = (points: readonly (readonly [number, number])[] | null) =>
  points?.map(([x, y]) => `${Math.round(x)},${Math.round(y)}`).sort();

describe('where a plane cuts a box', () => {
  test('a slice through it shows its rectangle', () => {
    expect(sorted(boxSection(box, slice(5)))).toEqual(['20,30', '20,50', '60,30', '60,50']);
  });

  test('beside it there is nothing', () => {
    expect(boxSection(box, slice(3.9))).toBeNull();
    expect(boxSection(box, slice(8.1))).toBeNull();
  });

  test('a diagonal plane shows more corners, in order around', () => {
    const cube = { min: [0, 0, 0], max: [2, 2, 2] } as const;
    // Through the middle of the cube, across its diagonal: a regular hexagon.
    const [u, v, n]: readonly [Vec3, Vec3, Vec3] = [
      [1 / Math.SQRT2, -1 / Math.SQRT2, 0],
      [1 / Math.sqrt(6), 1 / Math.sqrt(6), -2 / Math.sqrt(6)],
      [1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)],
    ];
    const at = (a: number, b: number): Vec3 => [
      1 + a * u[0] + b * v[0],
      1 + a * u[1] + b * v[1],
      1 + a * u[2] + b * v[2],
    ];
    const plane = viewPlane([100, 100], { origin: at(-5, -5), right: at(5, -5), down: at(-5, 5) }, n);
    const points = boxSection(cube, plane)!;
    expect(points).toHaveLength(6);
    const sides = points.map(([x, y], index) => {
      const [p, q] = points[(index + 1) % 6]!;
      return Math.hypot(p - x, q - y);
    });
    for (const side of sides) expect(side).toBeCloseTo(10 * Math.SQRT2, 6);
  });
});

describe('a view plane', () => {
  test('a voxel is cut by the plane up to half a voxel away', () => {
    expect(voxelsFromPlane(slice(5), [1, 1, 5.4])).toBeCloseTo(0.4, 9);
    // Depth in millimetres, slices 4 mm apart: 2 mm is half a slice.
    const corners = { origin: [0, 0, 5], right: [10, 0, 5], down: [0, 10, 5] } as const;
    expect(voxelsFromPlane(viewPlane([100, 100], corners, [0, 0, 0.25]), [1, 1, 5.5])).toBeCloseTo(0.5, 9);
  });

  test('another grid in the same space is seen at the same place', () => {
    const grid = { dims: [10, 10, 10], indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] } as const;
    const shifted = { dims: [20, 20, 5], indexToWorld: [0.5, 0, 0, 2, 0, 0.5, 0, 3, 0, 0, 2, 1, 0, 0, 0, 1] } as const;
    const plane = planeOnGrid(slice(5), grid, shifted);
    // World (4, 6, 5) is (4, 6, 5) in one grid and (4, 6, 2) in the other.
    expect(toCanvas(plane, [4, 6, 2]).map((value) => Math.round(value * 1e6) / 1e6)).toEqual([40, 60, 0]);
  });
});
