import { describe, expect, it } from 'vitest';
import {
  gridBox,
  gridSpacing,
  indexToWorld,
  makeGrid,
  voxelCount,
  worldToIndex,
  type Vec3,
} from '@overread/core/geometry';
import type { Manifest } from '@overread/core/model';
import { preparedGrid, tileInput } from '../../../../core/pipeline/prepare.ts';
import type { Masks } from '../../../../core/pipeline/masks/index.ts';
import { forWorld, thorax } from '../../../support/thorax.ts';
import { croppedWindow, tinyManifest } from '../../../support/tiny-manifest.ts';

const grid = makeGrid(
  [12, 10, 6],
  [0.5, 0.8, 2],
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, -1],
  ],
  [-3, 4, 20],
);
const bits = new Uint8Array(voxelCount(grid));
for (const [i, j, k] of [
  [4, 3, 2],
  [7, 5, 3],
] as const)
  bits[(k * 10 + j) * 12 + i] = 1;
const masks: Masks = new Map([['thing', { bits, lungs: null }]]);
const samples = new Float32Array(voxelCount(grid));
/** Linear in space, so that trilinear sampling gives it back exactly. */
const value = ([x, y, z]: Vec3): number => 10 * x - 20 * y + 5 * z;
forWorld(grid, (point, v) => (samples[v] = value(point)));
const volume = { ...thorax({ spacing: [30, 30, 30] }), grid, samples, padding: -2000 };

const input = (changes: Partial<Manifest['input']>): Manifest['input'] => ({
  ...tinyManifest(new Uint8Array()).input,
  ...changes,
});
const patch = () => croppedWindow([9, 9, 9], [1, 2, 3]);

describe('preparedGrid', () => {
  it('is the source grid where nothing is asked for', () => {
    expect(preparedGrid(input({}), grid, new Map())).toEqual(grid);
  });

  it('is isotropic along the same axes where a spacing is given', () => {
    const prepared = preparedGrid(input({ spacing: 1 }), grid, new Map());
    expect(gridSpacing(prepared)).toEqual([1, 1, 1].map((s) => expect.closeTo(s, 9) as number));
    expect(prepared.dims).toEqual([6, 8, 12]);
  });

  it('is the box of the mask and the halo around it, native', () => {
    const prepared = preparedGrid(input({ cropTo: 'thing', patch: patch() }), grid, masks);
    // Halo [k, j, i] = [1, 2, 3] around i 4…7, j 3…5, k 2…3.
    expect(prepared.dims).toEqual([10, 7, 4]);
    expect(worldToIndex(grid, indexToWorld(prepared, [0, 0, 0])).map(Math.round)).toEqual([1, 1, 1]);
  });

  it('holds the mask with a halo of prepared voxels around it, resampled, also beyond the source', () => {
    const prepared = preparedGrid(input({ cropTo: 'thing', spacing: 1, patch: patch() }), grid, masks);
    for (const corner of [
      [4, 3, 2],
      [7, 5, 3],
    ] as Vec3[]) {
      worldToIndex(prepared, indexToWorld(grid, corner)).forEach((index, axis) => {
        const halo = [3, 2, 1][axis]!;
        expect(index).toBeGreaterThanOrEqual(halo - 0.5);
        expect(index).toBeLessThanOrEqual(prepared.dims[axis as 0] - 1 - halo + 0.5);
      });
    }
  });
});

describe('tileInput', () => {
  it('samples the volume at the voxels of the tile, as [1, 1, D, H, W]', () => {
    const prepared = preparedGrid(input({ spacing: 1 }), grid, new Map());
    const box = { min: [1, 2, 3] as Vec3, max: [3, 6, 8] as Vec3 };
    const tensor = tileInput(volume, input({ spacing: 1 }), new Map(), prepared, box);
    expect(tensor.dims).toEqual([1, 1, 6, 5, 3]);
    expect(tensor.data[0]).toBeCloseTo(value(indexToWorld(prepared, [1, 2, 3])), 3);
    expect(tensor.data[(2 * 5 + 3) * 3 + 1]).toBeCloseTo(value(indexToWorld(prepared, [2, 5, 5])), 3);
  });

  it('is the padding value beyond the source', () => {
    const wide = input({ cropTo: 'thing', patch: croppedWindow([40, 40, 40], [9, 9, 9]) });
    const prepared = preparedGrid(wide, grid, masks);
    expect(tileInput(volume, wide, masks, prepared, gridBox(prepared)).data[0]).toBe(-2000);
  });

  it('applies the intensity steps in their order', () => {
    const steps: Manifest['input']['intensity'] = [
      { kind: 'clip', min: -50, max: 50 },
      { kind: 'scale', fromMin: -50, fromMax: 50, toMin: 0, toMax: 1 },
      { kind: 'fillOutside', mask: 'thing', value: 7 },
    ];
    const { data } = tileInput(volume, input({ intensity: steps }), masks, grid, gridBox(grid));
    const expected = [...samples].map((s, v) => (bits[v] === 0 ? 7 : (Math.min(50, Math.max(-50, s)) + 50) / 100));
    expected.forEach((e, v) => expect(data[v]).toBeCloseTo(e, 5));
  });
});
