import { describe, expect, it } from 'vitest';
import { makeGrid } from '@overread/core/geometry';
import type { WorkingMap } from '../../../../../core/pipeline/finish/label-maps.ts';
import { labelStatistics } from '../../../../../core/pipeline/finish/label-statistics.ts';
import { assignMask, keepWithin } from '../../../../../core/pipeline/finish/labels.ts';
import { boxLabelMap } from '../../../../support/analyses.ts';
import { ctSeries } from '../../../../support/ct-series.ts';

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

const segmentOf = (number: number) => ({ ...boxLabelMap(ctSeries().geometry).segments[0]!, number });
const mapOf = (labels: readonly number[], numbers: readonly number[], mayOverlap = false): WorkingMap => ({
  grid: makeGrid([labels.length, 1, 1], [1, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]), // prettier-ignore
  labels: Uint8Array.from(labels),
  segments: numbers.map(segmentOf),
  mayOverlap,
});
const contentOf = (maps: readonly WorkingMap[]) =>
  maps.map(({ labels, segments }) => [[...labels], segments.map(({ number }) => number)]);

describe('assignMask', () => {
  it('labels the mask, but keeps the labels that are excepted', () => {
    const maps = [mapOf([5, 6, 0, 6], [5, 6, 9])];
    assignMask(maps, { kind: 'assignMask', mask: 'b', label: 9, except: [6] }, masks);
    expect(contentOf(maps)).toEqual([
      [
        [5, 6, 9, 6],
        [5, 6, 9],
      ],
    ]);
    assignMask(maps, { kind: 'assignMask', mask: 'b', label: 9 }, masks);
    expect(contentOf(maps)).toEqual([
      [
        [5, 9, 9, 6],
        [5, 6, 9],
      ],
    ]);
  });

  it('keeps off labels that are excepted, whichever map they are in', () => {
    const maps = [mapOf([0, 0, 0, 0], [9]), mapOf([6, 6, 0, 0], [6])];
    assignMask(maps, { kind: 'assignMask', mask: 'b', label: 9, except: [6] }, masks);
    expect(contentOf(maps)).toEqual([[[0, 0, 9, 0], [9]], [[6, 6, 0, 0], [6]]]); // prettier-ignore
  });

  it('takes nothing from labels that may overlap: the label goes into a map of its own where it meets one', () => {
    const maps = [mapOf([9, 6, 0, 6], [6, 9], true)];
    assignMask(maps, { kind: 'assignMask', mask: 'b', label: 9 }, masks);
    expect(contentOf(maps)).toEqual([[[0, 6, 0, 6], [6]], [[9, 9, 9, 0], [9]]]); // prettier-ignore
    const free = [mapOf([9, 0, 0, 6], [6, 9], true)];
    assignMask(free, { kind: 'assignMask', mask: 'b', label: 9 }, masks);
    expect(contentOf(free)).toEqual([
      [
        [9, 9, 9, 6],
        [6, 9],
      ],
    ]);
  });

  it('refuses a mask that the manifest does not define', () => {
    const step = { kind: 'assignMask', mask: 'missing', label: 9 } as const;
    expect(() => assignMask([mapOf([0, 0, 0, 0], [9])], step, masks)).toThrow(
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
