import { describe, expect, it } from 'vitest';
import { makeGrid, voxelCount, type Grid, type Vec3 } from '@overread/core/geometry';
import { coarsen, latticeOf } from '../../../../core/pipeline/lattice.ts';
import { forWorld } from '../../../support/thorax.ts';

type Directions = readonly [Vec3, Vec3, Vec3];
const orientations: Record<string, Directions> = {
  axial: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'head first': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, -1],
  ],
  prone: [
    [-1, 0, 0],
    [0, -1, 0],
    [0, 0, 1],
  ],
  sagittal: [
    [0, 1, 0],
    [0, 0, -1],
    [1, 0, 0],
  ],
  coronal: [
    [1, 0, 0],
    [0, 0, -1],
    [0, 1, 0],
  ],
  oblique: [
    [0.96, 0.28, 0],
    [-0.28, 0.96, 0],
    [0, 0, 1],
  ],
};

/** A cube of 24 x 24 x 24 mm round (0, 0, 0). */
function cube(directions: Directions): Grid {
  const half = directions.reduce<Vec3>(
    (sum, d) => [sum[0] + 11.5 * d[0], sum[1] + 11.5 * d[1], sum[2] + 11.5 * d[2]],
    [0, 0, 0],
  );
  return makeGrid([24, 24, 24], [1, 1, 1], directions, [-half[0], -half[1], -half[2]]);
}

describe('latticeOf', () => {
  it('makes cells of at most the size asked for, and at least one voxel', () => {
    const grid = makeGrid([10, 9, 7], [0.5, 0.9, 3], orientations['axial']!, [0, 0, 0]);
    const lattice = latticeOf(grid, 2.2);
    expect(lattice.spacing).toEqual([2, 1.8, 3]);
    expect(lattice.dims).toEqual([3, 5, 7]);
    expect(lattice.rowFactor).toBe(4);
  });

  it.each(Object.entries(orientations))('lays its axes along left, posterior, superior (%s)', (_, directions) => {
    const grid = cube(directions);
    const lattice = latticeOf(grid, 2);
    const { dims, offsets } = lattice;
    const sums = Array.from({ length: dims[0] * dims[1] * dims[2] }, () => [0, 0, 0, 0]);
    forWorld(grid, ([x, y, z], v) => {
      const cell = sums[offsets[0][v % 24]! + offsets[1][Math.floor(v / 24) % 24]! + offsets[2][Math.floor(v / 576)]!]!;
      [x, y, z, 1].forEach((value, n) => (cell[n]! += value));
    });
    const mean = (cell: number, axis: number): number => sums[cell]![axis]! / sums[cell]![3]!;
    const strides = [1, dims[0], dims[0] * dims[1]];
    for (const axis of [0, 1, 2]) {
      // One cell on along an axis of the lattice is (nearly) its spacing on along that axis of the patient.
      expect(mean(strides[axis]!, axis) - mean(0, axis)).toBeGreaterThan(1.9);
      expect(mean(strides[axis]!, axis) - mean(0, axis)).toBeLessThan(2.001);
    }
    expect(sums.every(([, , , count]) => count === 8)).toBe(true);
  });
});

describe('coarsen', () => {
  it('averages the voxels of each cell, also in cells that are not full', () => {
    const grid = makeGrid([3, 2, 1], [1, 1, 2], orientations['axial']!, [0, 0, 0]);
    const cells = coarsen(Int16Array.of(1, 2, 3, 5, 6, 7), grid.dims, latticeOf(grid, 2), -1024, 3071);
    expect([...cells]).toEqual([3.5, 5]);
  });

  it('limits values first, and takes what is no number for the lowest', () => {
    const grid = makeGrid([2, 2, 1], [1, 1, 2], orientations['axial']!, [0, 0, 0]);
    const cells = coarsen(Float32Array.of(-5000, NaN, 9000, 0), grid.dims, latticeOf(grid, 2), -1000, 2000);
    expect([...cells]).toEqual([0]);
  });

  it('gives the same cells however the patient is stored', () => {
    const value = ([x, y, z]: Vec3): number => Math.round(100 * Math.sin(x) + 50 * Math.cos(0.7 * y) + 10 * z);
    const cells = ['axial', 'head first', 'prone', 'sagittal', 'coronal'].map((name) => {
      const grid = cube(orientations[name]!);
      const samples = new Int16Array(voxelCount(grid));
      forWorld(grid, (point, v) => (samples[v] = value(point)));
      return coarsen(samples, grid.dims, latticeOf(grid, 3), -1024, 3071);
    });
    for (const other of cells.slice(1))
      expect([...other]).toEqual([...cells[0]!].map((c) => expect.closeTo(c, 3) as number));
  });
});
