import { describe, expect, it } from 'vitest';
import type { Grid, Vec3 } from '@overread/core/geometry';
import { labelMap } from '../../../../../core/pipeline/collect/label-map.ts';
import { windowHeatMap } from '../../../../../core/pipeline/collect/heat-map.ts';
import { choiceOf, type MaskOutput } from '../../../../../core/pipeline/collect/choose.ts';
import { labelCollector } from '../../../../../core/pipeline/collect/labels.ts';
import type { Tensor } from '../../../../../core/pipeline/runtime.ts';
import type { Window } from '../../../../../core/pipeline/windows/window.ts';
import { tinyManifest } from '../../../../support/tiny-manifest.ts';

const tensor = (dims: readonly number[], values: readonly number[]): { logits: Tensor } => ({
  logits: { type: 'float32', dims, data: Float32Array.from(values) },
});
const [plain] = tinyManifest(new Uint8Array()).outputs as [MaskOutput];
const labelled = (...values: number[]): MaskOutput['labels'] =>
  values.map((value) => ({ ...plain.labels[0]!, value, name: `label ${value}` }));
const output = (changes: Partial<MaskOutput> = {}): MaskOutput => ({ ...plain, labels: labelled(10, 20), ...changes });
const { labels, name } = output();

/** Four voxels in a row of a grid of six, of which the middle two are kept. */
const window: Window = { input: { min: [1, 0, 0], max: [4, 0, 0] }, core: { min: [2, 0, 0], max: [3, 0, 0] } };
const gridOf = (dims: Vec3): Grid => ({ dims, indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] });
const grid = gridOf([6, 1, 1]);
const badOutput = (details: object = {}): Error =>
  expect.objectContaining({
    code: 'pipeline.bad-output',
    details: expect.objectContaining(details) as object,
  }) as Error;

const windowLabels = (made: MaskOutput, { dims }: Grid, layered: boolean) =>
  labelCollector({ name: made.name, choice: choiceOf(made), layered, dims, blend: null });

describe('labels of windows', () => {
  const labelsOf = (made: MaskOutput, answer: { logits: Tensor }, layered = false): number[] => {
    const collector = windowLabels(made, grid, layered);
    collector.add(answer, window);
    return [...collector.result()[0]!];
  };

  it('are those of the largest channel in the core, and nothing around it', () => {
    // prettier-ignore
    const logits = tensor([1, 3, 1, 1, 4], [
      0, 5, 0, 0,
      9, 1, 2, 9,
      0, 0, 7, 0,
    ]);
    expect(labelsOf(output(), logits)).toEqual([0, 0, 0, 20, 0, 0]);
  });

  it('are the lower channel where logits are equal', () => {
    const logits = tensor([1, 2, 1, 1, 4], [1, 1, 1, 1, 1, 1, 2, 1]);
    expect(labelsOf(output({ labels: labelled(7) }), logits)).toEqual([0, 0, 0, 7, 0, 0]);
  });

  it('stand on their own with a sigmoid, each as its bit: from the threshold on', () => {
    const sigmoid = output({ activation: 'sigmoid', threshold: 0.25 });
    const cut = Math.log(0.25 / 0.75);
    // prettier-ignore
    const logits = tensor([1, 2, 1, 1, 4], [
      9, cut + 1e-3, cut + 1e-3, 9,
      9, cut - 1e-3, cut + 1e-3, 9,
    ]);
    expect(labelsOf(sigmoid, logits)).toEqual([0, 0, 1, 3, 0, 0]);
    const probabilities = tensor([1, 2, 1, 1, 4], [0, 0.25, 0.2, 0, 0, 0.2, 0.2, 0]);
    expect(labelsOf({ ...sigmoid, activation: 'none' }, probabilities)).toEqual([0, 0, 1, 0, 0, 0]);
  });

  it.each([
    [NaN, 0, 'NaN'],
    [NaN, 1, 'NaN'],
    [Infinity, 0, 'infinite'],
    [-Infinity, 1, 'infinite'],
  ])('are refused where an output holds %d in channel %i, naming output and window', (value, channel, word) => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8].with(channel * 4 + 1, value);
    const add = () => labelsOf(output({ labels: labelled(7) }), tensor([1, 2, 1, 1, 4], values));
    expect(add).toThrow(badOutput({ name, window: [1, 0, 0, 4, 0, 0] }));
    expect(add).toThrow(expect.objectContaining({ message: expect.stringContaining(word) as string }) as Error);
  });

  it('are refused from an output of another shape or type, or none', () => {
    const one = output({ labels: labelled(7) });
    expect(() => labelsOf(one, tensor([1, 2, 1, 4, 1], Array<number>(8).fill(0)))).toThrow(badOutput({ name }));
    expect(() => labelsOf(one, tensor([1, 3, 1, 1, 4], Array<number>(12).fill(0)))).toThrow(badOutput({ name }));
    const whole: Tensor = { type: 'int32', dims: [1, 2, 1, 1, 4], data: new Int32Array(8) };
    expect(() => labelsOf(one, { logits: whole })).toThrow(badOutput({ name }));
    expect(() => windowLabels(one, grid, false).add({}, window)).toThrow(badOutput({ name }));
  });

  it('come slice by slice from 2-D layouts', () => {
    const deep = gridOf([1, 1, 3]);
    const collector = windowLabels(output(), deep, true);
    // The fourth slice of the batch is beyond the grid.
    // prettier-ignore
    collector.add(tensor([4, 3, 1, 1], [
      0, 1, 2,
      0, 2, 1,
      9, 2, 1,
      0, 1, 2,
    ]), { input: { min: [0, 0, 0], max: [0, 0, 3] }, core: { min: [0, 0, 0], max: [0, 0, 2] } });
    expect([...collector.result()[0]!]).toEqual([20, 10, 0]);
  });
});

describe('labels that the graph chose', () => {
  const chosen = { kind: 'labelMap', name, labels } as const;

  it.each([
    ['uint8', Uint8Array.of(0, 2, 1, 0)],
    ['int32', Int32Array.of(0, 2, 1, 0)],
    ['int64', BigInt64Array.of(0n, 2n, 1n, 0n)],
    ['float32', Float32Array.of(0, 2, 1, 0)],
  ] as const)('are the n-th of the table, as %s', (type, data) => {
    for (const dims of [
      [1, 1, 1, 1, 4],
      [1, 1, 1, 4],
    ]) {
      const collector = labelMap(chosen, grid, false);
      collector.add({ logits: { type, dims, data } }, window);
      expect([...collector.result()[0]!]).toEqual([0, 0, 20, 10, 0, 0]);
    }
  });

  it.each([
    [3, 'int32', Int32Array.of(0, 3, 1, 0)],
    [-1, 'int32', Int32Array.of(0, -1, 1, 0)],
    [0.5, 'float32', Float32Array.of(0, 0.5, 1, 0)],
    [NaN, 'float32', Float32Array.of(0, NaN, 1, 0)],
  ] as const)('are refused with their value where the table has not %d', (value, type, data) => {
    const collector = labelMap(chosen, grid, false);
    expect(() => collector.add({ logits: { type, dims: [1, 1, 1, 1, 4], data } }, window)).toThrow(
      badOutput({ name, value: String(value) }),
    );
  });
});

describe('values of a heat map', () => {
  const heat = { ...tinyHeat(), name } as const;
  function tinyHeat() {
    const code = { value: '1', scheme: 'UCUM', meaning: 'no units' };
    const displayRange: [number, number] = [0, 1];
    return { kind: 'heatMap', activation: 'none', quantity: code, unit: code, displayRange } as const;
  }

  it('are those of the core', () => {
    const collector = windowHeatMap(heat, grid, false);
    collector.add(tensor([1, 1, 1, 1, 4], [1, 2, 3, 4]), window);
    expect([...collector.result()]).toEqual([0, 0, 2, 3, 0, 0]);
  });

  it('pass through a sigmoid where the manifest says so; where nothing was run they stay 0', () => {
    const collector = windowHeatMap({ ...heat, activation: 'sigmoid' }, grid, false);
    collector.add(tensor([1, 1, 1, 1, 4], [1, 0, Math.log(3), 4]), window);
    expect([...collector.result()]).toEqual([0, 0, 0.5, 0.75, 0, 0]);
  });

  it('are refused where they are no numbers', () => {
    const collector = windowHeatMap(heat, grid, false);
    expect(() => collector.add(tensor([1, 1, 1, 1, 4], [1, NaN, 3, 4]), window)).toThrow(badOutput({ name }));
  });
});
