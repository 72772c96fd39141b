import { describe, expect, it } from 'vitest';
import { makeGrid, voxelCount, worldToIndex, type Vec3 } from '@overread/core/geometry';
import type { Volume } from '@overread/core/volume';
import { candidateAt, paintRegions, type Candidate } from '../../../../../core/pipeline/finish/regions.ts';
import { forWorld, thorax } from '../../../../support/thorax.ts';

const grid = makeGrid(
  [60, 60, 30],
  [0.7, 0.7, 1.5],
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [-20.65, -20.65, -21.75],
);

/** Lung with something dense in it. */
function lungWith(dense: (point: Vec3) => boolean): Volume {
  const samples = new Int16Array(voxelCount(grid));
  forWorld(grid, (point, v) => (samples[v] = dense(point) ? 40 : -850));
  return { ...thorax({ spacing: [30, 30, 30] }), grid, samples };
}
const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function candidate(volume: Volume, world: Vec3): Candidate | null {
  const voxel = worldToIndex(volume.grid, world).map(Math.round) as unknown as Vec3;
  return candidateAt({ voxel, value: 1 }, identity, volume, null, 18, { background: -850, densest: 50 });
}

const ball = ([x, y, z]: Vec3, radius: number, [a, b, c]: Vec3 = [0, 0, 0]): boolean =>
  Math.hypot(x - a, y - b, z - c) < radius;

describe('candidateAt', () => {
  it.each([3, 5, 8, 13])('finds a ball of radius %f mm to be one, of its size', (radius) => {
    const found = candidate(
      lungWith((point) => ball(point, radius)),
      [0, 0, 0],
    )!;
    expect(Math.abs(found.shape.equivalentDiameter - 2 * radius)).toBeLessThan(1);
    // A ball of few voxels holds no smooth ball of its own size.
    expect(found.shape.compactness).toBeGreaterThan(radius < 5 ? 0.55 : 0.7);
    expect(found.shape.free).toBeGreaterThan(0.95);
  });

  it('finds the ball though the peak lies beside its centre', () => {
    const found = candidate(
      lungWith((point) => ball(point, 5)),
      [2, 1, 1.5],
    )!;
    expect(found.centre.map((c, a) => Math.abs(c - [29.5, 29.5, 14.5][a]!) <= 1)).toEqual([true, true, true]);
  });

  it('cuts the vessels off that lead through a nodule', () => {
    const found = candidate(
      lungWith((point) => ball(point, 6) || Math.hypot(point[1], point[2]) < 2),
      [0, 0, 0],
    )!;
    expect(Math.abs(found.shape.equivalentDiameter - 12)).toBeLessThan(1.5);
    expect(found.shape.free).toBeGreaterThan(0.8);
  });

  it('rates a vessel far below a ball of its width', () => {
    const vessel = candidate(
      lungWith(([, y, z]) => Math.hypot(y, z) < 3),
      [0, 0, 0],
    )!;
    const spot = candidate(
      lungWith((point) => ball(point, 3)),
      [0, 0, 0],
    )!;
    expect(vessel.score).toBeLessThan(0.7 * spot.score);
  });

  it('rates a bulge of the chest wall by the share that looks into the lung', () => {
    const found = candidate(
      lungWith(([x, y, z]) => x > 3 || ball([x, y, z], 5)),
      [0, 0, 0],
    );
    expect(found!.shape.free).toBeLessThan(0.75);
  });

  it('finds nothing in empty lung', () => {
    expect(
      candidate(
        lungWith(() => false),
        [0, 0, 0],
      )?.score ?? 0,
    ).toBe(0);
  });

  it('works at the corner of the volume', () => {
    const found = candidate(
      lungWith((point) => ball(point, 6, [-20, -20, -21])),
      [-19, -19, -20],
    )!;
    expect(found.shape.volume).toBeGreaterThan(50);
  });
});

describe('paintRegions', () => {
  it('gives each of two touching balls its own half', () => {
    const centres: Vec3[] = [
      [-4.5, 0, 0],
      [4.5, 0, 0],
    ];
    const volume = lungWith((point) => centres.some((centre) => ball(point, 5, centre)));
    const candidates = centres.map((centre) => candidate(volume, centre)!);
    const labels = new Uint8Array(volume.samples.length);
    paintRegions(candidates, labels, grid.dims);
    const counts = [1, 2].map((label) => labels.filter((l) => l === label).length);
    expect(Math.min(...counts) / Math.max(...counts)).toBeGreaterThan(0.9);
    const wrong: number[] = [];
    forWorld(grid, ([x], v) => {
      if ((labels[v] === 1 && x > 1.5) || (labels[v] === 2 && x < -1.5)) wrong.push(v);
    });
    expect(wrong).toEqual([]);
  });
});
