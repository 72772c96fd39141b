import { describe, expect, it } from 'vitest';
import { indexToWorld, makeGrid, type Grid, type Vec3 } from '@overread/core/geometry';
import { diameterAxes } from '../../../../../core/pipeline/finish/axes.ts';
import { forWorld } from '../../../../support/thorax.ts';

const axial = makeGrid(
  [60, 60, 9],
  [0.5, 0.5, 3],
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [-15, -15, -12],
);
const sagittal = makeGrid(
  [60, 12, 40],
  [0.5, 3, 0.75],
  [
    [0, 1, 0],
    [0, 0, -1],
    [1, 0, 0],
  ],
  [-15, -15, 18],
);

/** Voxels [i, j, k] of an ellipsoid at (0, 0, 0), turned by an angle in the axial plane. Half axes in mm. */
function ellipsoid(grid: Grid, [a, b, c]: Vec3, angle = 0): Vec3[] {
  const voxels: Vec3[] = [];
  forWorld(grid, ([x, y, z], v) => {
    const [u, w] = [x * Math.cos(angle) + y * Math.sin(angle), y * Math.cos(angle) - x * Math.sin(angle)];
    if ((u / a) ** 2 + (w / b) ** 2 + (z / c) ** 2 > 1) return;
    const [ni, nj] = grid.dims;
    voxels.push([v % ni, Math.floor(v / ni) % nj, Math.floor(v / (ni * nj))]);
  });
  return voxels;
}

const length = (grid: Grid, [from, to]: readonly [Vec3, Vec3]): number => {
  const [p, q] = [indexToWorld(grid, from), indexToWorld(grid, to)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
};
const direction = (grid: Grid, [from, to]: readonly [Vec3, Vec3]): Vec3 => {
  const [p, q] = [indexToWorld(grid, from), indexToWorld(grid, to)];
  return [q[0] - p[0], q[1] - p[1], q[2] - p[2]];
};

describe('diameterAxes', () => {
  it.each([0, 0.4, 1.1])('measures an ellipsoid turned by %f as it is', (angle) => {
    const axes = diameterAxes(ellipsoid(axial, [9, 5, 8], angle), axial)!;
    expect(Math.abs(axes.longLength - 18)).toBeLessThan(0.8);
    expect(Math.abs(axes.shortLength - 10)).toBeLessThan(0.8);
  });

  it('gives end points that are as far apart as it says, in the largest slice, at right angles', () => {
    const axes = diameterAxes(ellipsoid(axial, [9, 5, 8], 0.4), axial)!;
    expect(length(axial, axes.long)).toBeCloseTo(axes.longLength, 6);
    expect(length(axial, axes.short)).toBeCloseTo(axes.shortLength, 6);
    const [u, v] = [direction(axial, axes.long), direction(axial, axes.short)];
    expect(u[0] * v[0] + u[1] * v[1] + u[2] * v[2]).toBeCloseTo(0, 6);
    expect(axes.long.concat(axes.short).map((point) => point[2])).toEqual([4, 4, 4, 4]);
  });

  it('measures in the axial plane when the images are sagittal', () => {
    const axes = diameterAxes(ellipsoid(sagittal, [9, 5, 12]), sagittal)!;
    expect(Math.abs(axes.longLength - 18)).toBeLessThan(0.9);
    expect(Math.abs(axes.shortLength - 10)).toBeLessThan(0.9);
    expect(direction(sagittal, axes.long)[2]).toBeCloseTo(0, 6);
  });

  it('gives one voxel its own width', () => {
    const axes = diameterAxes([[3, 4, 5]], axial)!;
    expect(axes.longLength).toBeCloseTo(0.5, 6);
    expect(axes.shortLength).toBeCloseTo(0.5, 6);
  });

  it('measures the chord of a row of voxels across its middle', () => {
    const axes = diameterAxes(
      [
        [3, 4, 5],
        [4, 4, 5],
        [5, 4, 5],
      ],
      axial,
    )!;
    expect(axes.longLength).toBeCloseTo(1.5, 6);
    expect(axes.shortLength).toBeCloseTo(0.5, 6);
  });

  it('has no axes for no voxels', () => {
    expect(diameterAxes([], axial)).toBeNull();
  });
});
