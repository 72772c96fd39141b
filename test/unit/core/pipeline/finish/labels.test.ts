import { describe, expect, it } from 'vitest';
import { labelStatistics } from '../../../../../core/pipeline/finish/label-statistics.ts';
import { assignMask, keepWithin } from '../../../../../core/pipeline/finish/labels.ts';

const code = { value: '1', scheme: 'SCT', meaning: 'Thing' };
const label = (value: number, within?: string) => ({
  value,
  name: `Label ${value}`,
  category: code,
  type: code,
  colour: [1, 2, 3] as [number, number, number],
  ...(within === undefined ? {} : { within }),
});
const masks = new Map([
  ['a', { bits: Uint8Array.from([1, 1, 0, 0]), lungs: null }],
  ['b', { bits: Uint8Array.from([0, 1, 1, 0]), lungs: null }],
]);

describe('keepWithin', () => {
  it('turns labels outside their own mask into background and leaves the others', () => {
    const labels = Uint8Array.from([1, 2, 1, 3]);
    keepWithin(labels, [label(1, 'a'), label(2, 'b'), label(3)], masks);
    expect([...labels]).toEqual([1, 2, 0, 3]);
    keepWithin(labels, [label(2, 'a'), label(3, 'b')], masks);
    expect([...labels]).toEqual([1, 2, 0, 0]);
  });
});

describe('assignMask', () => {
  it('labels the mask, but keeps the labels that are excepted', () => {
    const labels = Uint8Array.from([5, 6, 0, 6]);
    assignMask(labels, { kind: 'assignMask', mask: 'b', label: 9, except: [6] }, masks);
    expect([...labels]).toEqual([5, 6, 9, 6]);
    assignMask(labels, { kind: 'assignMask', mask: 'b', label: 9 }, masks);
    expect([...labels]).toEqual([5, 9, 9, 6]);
  });

  it('refuses a mask that the manifest does not define', () => {
    const step = { kind: 'assignMask', mask: 'missing', label: 9 } as const;
    expect(() => assignMask(new Uint8Array(4), step, masks)).toThrow(
      expect.objectContaining({ code: 'model.manifest-invalid' }),
    );
  });
});

describe('labelStatistics', () => {
  it('counts, averages and boxes each label', () => {
    // prettier-ignore
    const labels = Uint8Array.from([
      0, 2, 2,
      0, 0, 2,

      1, 0, 2,
      0, 0, 0,
    ]);
    const samples = Int16Array.from([0, 10, 20, 0, 0, 30, -5, 0, 40, 0, 0, 0]);
    const statistics = labelStatistics(labels, samples, [3, 2, 2], [25, 0]);
    expect(statistics.get(2)).toEqual({
      voxels: 4,
      mean: 25,
      below: [2, 0],
      box: { min: [1, 0, 0], max: [2, 1, 1] },
      centroid: [1.75, 0.25, 0.25],
    });
    expect(statistics.get(1)).toMatchObject({ voxels: 1, mean: -5, below: [1, 1] });
    expect([...statistics.keys()]).toEqual([1, 2]);
  });

  it('leaves samples that are no numbers out of the mean', () => {
    const statistics = labelStatistics(Uint8Array.of(1, 1, 1), Float32Array.of(2, NaN, 4), [3, 1, 1], [3]);
    expect(statistics.get(1)).toMatchObject({ voxels: 3, mean: 3, below: [1] });
  });
});
