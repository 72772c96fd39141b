import { describe, expect, it } from 'vitest';
import {
  createSampler,
  cropGrid,
  makeGrid,
  turnedGrid,
  voxelCount,
  type Grid,
  type Vec3,
} from '@overread/core/geometry';
import { thickAxis } from '../../../../core/pipeline/prepare/thick-axis.ts';
import { randomValues } from '../../../support/graph-run.ts';

const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const; // prettier-ignore
const from = makeGrid([9, 8, 5], [1, 1.2, 6], axes, [3, -4, 10]);
const samples = randomValues(voxelCount(from), 4);
const to = makeGrid([12, 11, 14], [0.75, 0.8, 2.1], axes, [3.1, -4.2, 9.2]);

/** Each slice sampled by itself, the nearest one taken. */
function sliceBySlice(by: 'linear' | 'cubic'): Float32Array {
  const [ni, nj, nk] = to.dims;
  const plane = from.dims[0] * from.dims[1];
  const answer = new Float32Array(voxelCount(to));
  for (let k = 0; k < nk; k++) {
    const z = 9.2 + 2.1 * k;
    const nearest = Math.min(4, Math.max(0, Math.floor((z - 10) / 6 + 0.5)));
    const slice = samples.slice(nearest * plane, (nearest + 1) * plane);
    const own: Grid = makeGrid([9, 8, 1], [1, 1.2, 6], axes, [3, -4, z]);
    const sampler = createSampler({ samples: slice, grid: own, outside: 77 }, by);
    sampler(
      cropGrid(to, { min: [0, 0, k], max: [ni - 1, nj - 1, k] }),
      answer.subarray(k * ni * nj, (k + 1) * ni * nj),
    );
  }
  return answer;
}

describe('the nearest slice along one axis', () => {
  it.each(['linear', 'cubic'] as const)('is sampled as if it stood alone: %s', (by) => {
    const found = new Float32Array(voxelCount(to));
    createSampler({ samples, grid: from, outside: 77, nearestAxis: 2 }, by)(to, found);
    const expected = sliceBySlice(by);
    expect(Math.max(...found.map((value, at) => Math.abs(value - expected[at]!)))).toBeLessThan(1e-5);
    const alike = new Float32Array(voxelCount(to));
    createSampler({ samples, grid: from, outside: 77 }, by)(to, alike);
    expect(Math.max(...found.map((value, at) => Math.abs(value - alike[at]!)))).toBeGreaterThan(0.1);
  });

  it('is the same however the target is turned', () => {
    const turned = turnedGrid(to, 'SRA');
    const [plain, other] = [new Float32Array(voxelCount(to)), new Float32Array(voxelCount(to))];
    const sampler = createSampler({ samples, grid: from, outside: 0, nearestAxis: 2 }, 'cubic');
    sampler(to, plain);
    sampler(turned, other);
    expect([...other].sort((a, b) => a - b)).toEqual([...plain].sort((a, b) => a - b));
  });
});

describe('the axis that is resampled apart', () => {
  const spaced = (spacing: Vec3) => makeGrid([4, 4, 4], spacing, axes, [0, 0, 0]);
  it.each<[string, Vec3, Vec3, 0 | 1 | 2 | undefined]>([
    ['thick slices', [0.7, 0.7, 5], [1, 1, 1], 2],
    ['thick slices to be made', [1, 1, 1], [0.7, 5, 0.7], 1],
    ['nearly isotropic voxels', [0.7, 0.7, 2], [1, 1, 1], undefined],
    ['two long axes', [0.5, 3, 3], [1, 1, 9], undefined],
  ])('is that of %s', (_, series, prepared, axis) => {
    expect(thickAxis(spaced(series), spaced(prepared), 3)).toBe(axis);
    expect(thickAxis(spaced(series), spaced(prepared), undefined)).toBeUndefined();
  });
});
