import {
  containsIndex,
  cropGrid,
  gridDirections,
  gridOrigin,
  gridSpacing,
  indexToWorld,
  isotropicGrid,
  makeGrid,
  resample,
  resampleSlab,
  respacedGrid,
  voxelCount,
  worldToIndex,
  type Grid,
  type GridSamples,
  type Vec3,
} from '@overread/core/geometry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directions, grids, sampledGrids, spacings } from '../../../support/arbitrary-grid.ts';
import { expectClose } from '../../../support/expect-close.ts';

const outside = -5000;

/** The value at a point of space, by the definition of trilinear interpolation: a sum over all voxels. */
function trilinearAt(samples: GridSamples, grid: Grid, world: Vec3): number {
  const index = worldToIndex(grid, world);
  if (!containsIndex(grid, index)) return outside;
  const clamped = index.map((value, axis) => Math.min(Math.max(value, 0), (grid.dims[axis] ?? 1) - 1));
  let sum = 0;
  forEachVoxel(grid, (ijk, n) => {
    const weight = ijk.reduce((product, value, axis) => product * Math.max(0, 1 - Math.abs(value - (clamped[axis] ?? 0))), 1); // prettier-ignore
    sum += weight * (samples[n] ?? NaN);
  });
  return sum;
}

function forEachVoxel({ dims }: Grid, visit: (ijk: Vec3, n: number) => void): void {
  for (let n = 0; n < dims[0] * dims[1] * dims[2]; n++) {
    visit([n % dims[0], Math.floor(n / dims[0]) % dims[1], Math.floor(n / dims[0] / dims[1])], n);
  }
}

/** Voxels so close to the outer edge of `from` that rounding decides whether they are in. */
function isOnEdge(from: Grid, world: Vec3): boolean {
  return worldToIndex(from, world).some((value, axis) => {
    const count = from.dims[axis] ?? 1;
    return Math.abs(value + 0.5) < 1e-4 || Math.abs(value - count + 0.5) < 1e-4;
  });
}

const turnedPairs = sampledGrids.chain((from) => otherGrid(from.grid).map((to) => ({ ...from, to })));
/** A sampled grid and another along the same axes, up to two and a half times finer or coarser. */
const respacedPairs = fc
  .tuple(sampledGrids, fc.array(fc.double({ min: 0.4, max: 2.5, noNaN: true }), { minLength: 3, maxLength: 3 }))
  .map(([from, factors]) => {
    const spacing = gridSpacing(from.grid).map((value, axis) => value * (factors[axis] ?? 1));
    return { ...from, to: respacedGrid(from.grid, spacing as unknown as Vec3) };
  });

const anyPairs = fc.oneof(turnedPairs, respacedPairs);

function expectTrilinear(samples: GridSamples, from: Grid, to: Grid): void {
  const found = resample(samples, from, to, 'linear', outside);
  forEachVoxel(to, (ijk, n) => {
    const world = indexToWorld(to, ijk);
    if (!isOnEdge(from, world)) expectClose([found[n] ?? NaN], [trilinearAt(samples, from, world)], 0.02);
  });
}

/** A grid that looks at the middle of another from any direction. */
const otherGrid = (from: Grid): fc.Arbitrary<Grid> =>
  fc.tuple(spacings, directions).map(([spacing, axes]) => {
    const middle = indexToWorld(from, from.dims.map((count) => (count - 1) / 2) as unknown as Vec3);
    const centred = makeGrid([5, 4, 6], spacing, axes, [0, 0, 0]);
    const offset = indexToWorld(centred, [2, 1.5, 2.5]);
    return makeGrid([5, 4, 6], spacing, axes, [middle[0] - offset[0], middle[1] - offset[1], middle[2] - offset[2]]);
  });

describe('resampling linearly', () => {
  it('onto the own grid changes nothing', () => {
    fc.assert(
      fc.property(sampledGrids, ({ grid, samples }) => {
        expect(resample(samples, grid, grid, 'linear', outside)).toEqual(Float32Array.from(samples));
      }),
    );
  });

  it('is trilinear interpolation in space, between grids in any position to each other', () => {
    fc.assert(fc.property(turnedPairs, ({ samples, grid, to }) => expectTrilinear(samples, grid, to)));
  });

  it('is the same interpolation where the grids share axes, finer or coarser', () => {
    fc.assert(
      fc.property(respacedPairs, ({ samples, grid, to }) => {
        expectTrilinear(samples, grid, to);
      }),
    );
  });

  it('is the same where the grids share axes in another order and sense, one beyond the other', () => {
    const order = fc.constantFrom([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]);
    const signs = fc.tuple(fc.constantFrom(1, -1), fc.constantFrom(1, -1), fc.constantFrom(1, -1));
    const shift = fc.double({ min: -4, max: 4, noNaN: true });
    fc.assert(
      fc.property(sampledGrids, spacings, order, signs, shift, ({ samples, grid }, spacing, axes, sense, by) => {
        const own = gridDirections(grid);
        const direction = (n: 0 | 1 | 2): Vec3 => {
          const [x, y, z] = own[axes[n]];
          return [x * sense[n], y * sense[n], z * sense[n]];
        };
        const origin = indexToWorld(grid, [by, by / 2, -by]);
        const to = makeGrid([4, 5, 3], spacing, [direction(0), direction(1), direction(2)], origin);
        expectTrilinear(samples, grid, to);
      }),
    );
  });

  it('reproduces a linear field exactly, whatever the two grids', () => {
    const field = ([x, y, z]: Vec3): number => 3 * x - 2 * y + 0.5 * z;
    fc.assert(
      fc.property(
        grids.filter(({ dims }) => Math.min(...dims) > 2),
        directions,
        (grid, axes) => {
          const samples = new Float32Array(voxelCount(grid));
          forEachVoxel(grid, (ijk, n) => (samples[n] = field(indexToWorld(grid, ijk))));
          const step = Math.min(...gridSpacing(grid)) / 4;
          const centre = indexToWorld(grid, grid.dims.map((count) => (count - 1) / 2) as unknown as Vec3);
          const inner = makeGrid([3, 3, 3], [step, step, step], axes, centre);
          const found = resample(samples, grid, inner, 'linear', NaN);
          forEachVoxel(inner, (ijk, n) => expectClose([found[n] ?? NaN], [field(indexToWorld(inner, ijk))], 0.01));
        },
      ),
    );
  });

  it('continues the edge value to the outer edge of the voxels, and gives the outside value beyond', () => {
    const from = makeGrid([2, 1, 1], [2, 2, 2], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]); // prettier-ignore
    const to = makeGrid([9, 1, 1], [0.75, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [-1.5, 0, 0]); // prettier-ignore
    const found = resample(new Int16Array([100, 200]), from, to, 'linear', -1);
    expect([...found]).toEqual([-1, 100, 100, 137.5, 175, 200, 200, -1, -1]);
  });

  it('gives only the outside value where the grids do not meet', () => {
    const from = makeGrid([2, 2, 2], [1, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]); // prettier-ignore
    for (const origin of [[50, 0, 0], [0, -50, 0], [0, 0, 50]] as const) {
      const to = { dims: from.dims, indexToWorld: cropGrid(from, { min: origin, max: origin }).indexToWorld };
      expect(new Set(resample(new Uint8Array(8).fill(9), from, to, 'linear', -7))).toEqual(new Set([-7]));
    } // prettier-ignore
  });

  it.each<[string, GridSamples]>([
    ['int8', new Int8Array([-128, 127])],
    ['uint8', new Uint8Array([0, 255])],
    ['int16', new Int16Array([-32768, 32767])],
    ['uint16', new Uint16Array([0, 65535])],
    ['int32', new Int32Array([-70_000, 70_000])],
    ['float32', new Float32Array([-1.5, 2.5])],
  ])('reads %s samples over their whole range', (_, samples) => {
    const from = makeGrid([2, 1, 1], [1, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]); // prettier-ignore
    const to = makeGrid([3, 1, 1], [0.5, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]); // prettier-ignore
    const [low = NaN, high = NaN] = samples;
    expect([...resample(samples, from, to, 'linear', 0)]).toEqual([low, (low + high) / 2, high]);
  });
});

describe('resampling to the nearest voxel', () => {
  it('keeps the type and invents no value', () => {
    fc.assert(
      fc.property(turnedPairs, ({ samples, grid, to }) => {
        const found = resample(samples, grid, to, 'nearest', outside);
        expect(found).toBeInstanceOf(Int16Array);
        const known = new Set([...samples, outside]);
        expect([...found].every((value) => known.has(value))).toBe(true);
      }),
    );
  });

  it('takes the voxel whose centre is closest in index space', () => {
    fc.assert(
      fc.property(anyPairs, ({ samples, grid, to }) => {
        const found = resample(samples, grid, to, 'nearest', outside);
        forEachVoxel(to, (ijk, n) => {
          const index = worldToIndex(grid, indexToWorld(to, ijk));
          const isTie = index.some((value) => Math.abs(value - Math.floor(value) - 0.5) < 1e-4);
          if (isTie) return;
          const [i, j, k] = index.map(Math.round) as [number, number, number];
          const inside = containsIndex(grid, index);
          expect(found[n]).toBe(inside ? samples[i + grid.dims[0] * (j + grid.dims[1] * k)] : outside);
        });
      }),
    );
  });

  it('brings labels to a finer grid and back unchanged', () => {
    fc.assert(
      fc.property(sampledGrids, fc.integer({ min: 2, max: 4 }), ({ grid, samples }, factor) => {
        const spacing = gridSpacing(grid);
        const finer = respacedGrid(grid, [spacing[0] / factor, spacing[1] / factor, spacing[2] / factor]);
        const labels = Uint8Array.from(samples, (value) => value & 3);
        const there = resample(labels, grid, finer, 'nearest', 0);
        // Where the factor is even, no fine voxel stands at a coarse centre: ties go up, into the same coarse voxel.
        expect(resample(there, finer, grid, 'nearest', 0)).toEqual(labels);
      }),
    );
  });

  it.each<[string, GridSamples]>([
    ['int8', new Int8Array([-128, 127])],
    ['uint8', new Uint8Array([7, 255])],
    ['int16', new Int16Array([-32768, 32767])],
    ['uint16', new Uint16Array([1, 65535])],
    ['int32', new Int32Array([-(2 ** 31), 2 ** 31 - 1])],
    ['float32', new Float32Array([-1.5, 3.25])],
  ])('copies %s samples as they are', (_, samples) => {
    const from = makeGrid([2, 1, 1], [1, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]); // prettier-ignore
    const to = makeGrid([4, 1, 1], [0.9, 1, 1], [[-1, 0, 0], [0, 1, 0], [0, 0, 1]], [1.9, 0, 0]); // prettier-ignore
    const [low, high] = samples;
    const found = resample(samples, from, to, 'nearest', 3);
    expect(found.constructor).toBe(samples.constructor);
    expect([...found]).toEqual([3, high, low, 3]);
  });
});

describe('resampling slab by slab', () => {
  it.each(['linear', 'nearest'] as const)('gives the same as at once (%s)', (interpolation) => {
    fc.assert(
      fc.property(anyPairs, fc.integer({ min: 1, max: 4 }), ({ samples, grid: from, to }, thickness) => {
        const whole = resample(samples, from, to, interpolation, outside);
        const plane = to.dims[0] * to.dims[1];
        for (let kStart = 0; kStart < to.dims[2]; kStart += thickness) {
          const kEnd = Math.min(kStart + thickness, to.dims[2]);
          const length = plane * (kEnd - kStart);
          const output = interpolation === 'linear' ? new Float32Array(length) : new Int16Array(length);
          resampleSlab({ samples, from, to, interpolation, outside }, { kStart, kEnd }, output);
          expect(output).toEqual(whole.slice(kStart * plane, kEnd * plane));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses slices that the grid does not have and buffers of another size', () => {
    const grid = makeGrid([2, 2, 2], [1, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]); // prettier-ignore
    const job = { samples: new Int16Array(8), from: grid, to: grid, interpolation: 'linear', outside: 0 } as const;
    expect(() => resampleSlab(job, { kStart: 1, kEnd: 3 }, new Float32Array(8))).toThrow(/slices 1 to 3/);
    expect(() => resampleSlab(job, { kStart: 0, kEnd: 2 }, new Float32Array(7))).toThrow(/target holds 7 samples, its grid 8/); // prettier-ignore
  });
});

it('refuses samples that do not fill their grid', () => {
  const grid = makeGrid([2, 2, 2], [1, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]); // prettier-ignore
  expect(() => resample(new Int16Array(9), grid, grid, 'linear', 0)).toThrow(/source holds 9 samples, its grid 8/);
});

it('takes a CT to 1 mm and keeps a ball where it is', () => {
  const grid = makeGrid([64, 64, 24], [0.7, 0.7, 2.5], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [-20, 10, 100]); // prettier-ignore
  const centre: Vec3 = [3.3, 30.2, 128.7];
  const samples = new Int16Array(voxelCount(grid));
  forEachVoxel(grid, (ijk, n) => {
    const [x, y, z] = indexToWorld(grid, ijk);
    samples[n] = Math.hypot(x - centre[0], y - centre[1], z - centre[2]) < 9 ? 50 : -850;
  });
  const to = isotropicGrid(grid, 1);
  const found = resample(samples, grid, to, 'linear', -1024);
  const sum = [0, 0, 0, 0];
  forEachVoxel(to, (ijk, n) => {
    const weight = ((found[n] ?? NaN) + 850) / 900;
    [...indexToWorld(to, ijk), 1].forEach((value, at) => (sum[at] = (sum[at] ?? 0) + weight * value));
  });
  const [x = NaN, y = NaN, z = NaN, volume = NaN] = sum;
  expectClose([x / volume, y / volume, z / volume], centre, 0.25);
  // 4/3 pi 9^3 = 3054 cubic millimetres.
  expect(volume).toBeGreaterThan(2950);
  expect(volume).toBeLessThan(3150);
  expect(gridOrigin(to)).not.toEqual(gridOrigin(grid));
});
