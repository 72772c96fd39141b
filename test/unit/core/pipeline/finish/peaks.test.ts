import { describe, expect, it } from 'vitest';
import type { Vec3 } from '@overread/core/geometry';
import { localMaxima, suppressNear } from '../../../../../core/pipeline/finish/peaks.ts';

const dims: Vec3 = [7, 7, 5];
const at = (i: number, j: number, k: number): number => (k * 7 + j) * 7 + i;
const mapOf = (values: Readonly<Record<number, number>>): Float32Array => {
  const map = new Float32Array(7 * 7 * 5);
  for (const [voxel, value] of Object.entries(values)) map[Number(voxel)] = value;
  return map;
};

describe('localMaxima', () => {
  it('finds what is higher than all 26 neighbours, highest first', () => {
    const map = mapOf({ [at(2, 2, 2)]: 5, [at(3, 3, 3)]: 4, [at(5, 5, 2)]: 6 });
    expect(localMaxima(map, dims, 1, null)).toEqual([
      { voxel: [5, 5, 2], value: 6 },
      { voxel: [2, 2, 2], value: 5 },
    ]);
  });

  it('counts a plateau once', () => {
    const map = mapOf({ [at(2, 2, 2)]: 5, [at(3, 2, 2)]: 5, [at(3, 3, 2)]: 5 });
    expect(localMaxima(map, dims, 1, null)).toEqual([{ voxel: [2, 2, 2], value: 5 }]);
  });

  it('leaves out what is too low, outside the mask, no number, or on a face', () => {
    const map = mapOf({ [at(1, 1, 1)]: 0.5, [at(3, 3, 2)]: 5, [at(5, 5, 3)]: NaN, [at(0, 3, 2)]: 9 });
    const mask = new Uint8Array(map.length).fill(1);
    mask[at(3, 3, 2)] = 0;
    expect(localMaxima(map, dims, 1, mask)).toEqual([]);
  });
});

describe('suppressNear', () => {
  it('drops peaks nearer than the distance in mm to a higher one', () => {
    const peaks = [
      { voxel: [2, 2, 2] as Vec3, value: 3 },
      { voxel: [2, 2, 3] as Vec3, value: 2 },
      { voxel: [5, 2, 2] as Vec3, value: 1 },
    ];
    expect(suppressNear(peaks, [1, 1, 3], 3.5)).toEqual([peaks[0]]);
    expect(suppressNear(peaks, [1, 1, 3], 3)).toEqual(peaks);
  });
});
