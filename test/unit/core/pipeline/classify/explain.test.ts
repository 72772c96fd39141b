import { describe, expect, it, vi } from 'vitest';
import type { HeatMap } from '@overread/core/analysis';
import { indexToWorld, mapAxes, worldToIndex, type Vec3 } from '@overread/core/geometry';
import type { ManifestSource } from '@overread/core/model';
import {
  analyse,
  explain,
  PreparedKeeper,
  SessionKeeper,
  type AnalyseOptions,
  type Progress,
} from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { nodeRuntime } from '../../../../../inference-server/src/inference/node-runtime.ts';
import { brightnessGraph, kindOf, sampledVolume, taskModel, testPlace } from '../../../../support/task-models.ts';

type Output = Extract<ManifestSource['outputs'][number], { kind: 'classScores' }>;
type Input = ManifestSource['input'];

const runtime = nodeRuntime(1);
const classes = [kindOf('Brightest', '27925004'), kindOf('Mean', '4147007')];
const whole: Input = { name: 'input', spacing: 'native', patch: { mode: 'whole' } };
const dims: Vec3 = [10, 8, 6];
const value = ([i, j, k]: Vec3) => (i === 6 && j === 3 && k === 2 ? 5 : 0.1 * i + 0.02 * j * k);
const volumeOf = (directions?: readonly [Vec3, Vec3, Vec3]) =>
  sampledVolume({ dims, spacing: [1, 2, 3], value, ...(directions && { directions }) });

const saliency = (size: Vec3, step: Vec3, fill = 0): Output['saliency'] => ({
  kind: 'occlusion',
  size: [...size],
  step: [...step],
  fill,
});

function run(
  covering: Output['saliency'],
  classIndex: number,
  input = whole,
  volume: Volume = volumeOf(),
  options: AnalyseOptions = {},
) {
  const rank = input.layout?.kind === '2d' ? 2 : 3;
  const output: Output = { kind: 'classScores', name: 'scores', classes, saliency: covering };
  const model = taskModel(brightnessGraph(rank), { input, outputs: [output] });
  return explain({ volume, model, of: { output: 'scores', classIndex } }, runtime, options);
}

/** Mean of the drop of the mean over all blocks that touch a cell, worked out block by block; sizes along [i, j, k]. */
function expectedDrops(size: Vec3, step: Vec3, fill: number): Map<string, number> {
  const sums = new Map<string, number[]>();
  const voxels: Vec3[] = [];
  for (let k = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++) for (let i = 0; i < dims[0]; i++) voxels.push([i, j, k]);
  const starts = mapAxes((axis) => Math.ceil(dims[axis] / step[axis]));
  for (let n = 0; n < starts[0] * starts[1] * starts[2]; n++) {
    const at: Vec3 = [n % starts[0], Math.floor(n / starts[0]) % starts[1], Math.floor(n / (starts[0] * starts[1]))];
    const inside = voxels.filter((voxel) =>
      voxel.every((index, a) => index >= at[a as 0] * step[a as 0] && index < at[a as 0] * step[a as 0] + size[a as 0]),
    );
    const drop = inside.reduce((sum, voxel) => sum + value(voxel) - fill, 0) / voxels.length;
    const touched = new Set(inside.map((voxel) => voxel.map((index, a) => Math.floor(index / step[a as 0])).join()));
    for (const cell of touched) sums.set(cell, [...(sums.get(cell) ?? []), drop]);
  }
  return new Map([...sums].map(([cell, drops]) => [cell, drops.reduce((a, b) => a + b, 0) / drops.length]));
}

const valueAt = ({ grid, values }: HeatMap, [i, j, k]: Vec3) => values[(k * grid.dims[1] + j) * grid.dims[0] + i]!;

describe('explain', () => {
  it('tells by how much the score falls where a block is covered', async () => {
    const map = await run(saliency([2, 4, 5], [2, 4, 5]), 1);
    // The manifest's [D, H, W].
    const drops = expectedDrops([5, 4, 2], [5, 4, 2], 0);
    expect(map.grid.dims).toEqual([2, 2, 3]);
    expect(map.values).toHaveLength(drops.size);
    for (const [cell, drop] of drops)
      expect(valueAt(map, cell.split(',').map(Number) as unknown as Vec3)).toBeCloseTo(drop, 5);
    expect(map.quantity.meaning).toBe('Saliency');
    expect(map.displayRange[1]).toBeCloseTo(Math.max(...drops.values()), 5);
  });

  it('puts overlapping blocks together, and covers with the value of the manifest', async () => {
    const map = await run(saliency([2, 4, 4], [1, 2, 2], 1), 1);
    const drops = expectedDrops([4, 4, 2], [2, 2, 1], 1);
    expect(map.values).toHaveLength(drops.size);
    for (const [cell, drop] of drops)
      expect(valueAt(map, cell.split(',').map(Number) as unknown as Vec3)).toBeCloseTo(drop, 5);
  });

  it('lies where the blocks lie in the patient, however the series is turned', async () => {
    const turned: readonly [Vec3, Vec3, Vec3] = [
      [0, 0, -1],
      [1, 0, 0],
      [0, -1, 0],
    ];
    const volume = volumeOf(turned);
    const map = await run(saliency([1, 1, 1], [1, 1, 1]), 0, { ...whole, orientation: 'RAS' }, volume);
    const best = map.values.indexOf(Math.max(...map.values));
    const [ni, nj] = map.grid.dims;
    const at: Vec3 = [best % ni, Math.floor(best / ni) % nj, Math.floor(best / (ni * nj))];
    const there = worldToIndex(volume.grid, indexToWorld(map.grid, at));
    there.forEach((index, axis) => expect(index).toBeCloseTo([6, 3, 2][axis]!, 6));
    expect(map.values.filter((drop) => drop > 1)).toHaveLength(1);
  });

  it('runs only the windows that a block touches, slices included', async () => {
    const asked: number[] = [];
    const counting = {
      ...runtime,
      async createSession(graph: Uint8Array) {
        const session = await runtime.createSession(graph);
        return { ...session, run: (feeds: Parameters<typeof session.run>[0]) => (asked.push(1), session.run(feeds)) };
      },
    };
    const output: Output = {
      kind: 'classScores',
      name: 'scores',
      classes,
      combine: 'mean',
      saliency: saliency([1, 8, 5], [1, 8, 5]),
    };
    const input: Input = { ...whole, layout: { kind: '2d' }, patch: { mode: 'slices', batch: 2 } };
    const model = taskModel(brightnessGraph(2), { input, outputs: [output] });
    const map = await explain({ volume: volumeOf(), model, of: { output: 'scores', classIndex: 1 } }, counting);
    // Three calls of two slices each, then one for each of 2 x 6 blocks.
    expect(asked).toHaveLength(3 + 12);
    expect(map.grid.dims).toEqual([2, 1, 6]);
    const drops = expectedDrops([5, 8, 1], [5, 8, 1], 0);
    for (const [cell, drop] of drops)
      expect(valueAt(map, cell.split(',').map(Number) as unknown as Vec3)).toBeCloseTo(drop, 5);
  });

  it('draws nothing where covering lowers the score nowhere', async () => {
    // Brighter than any of the volume: the mean only rises.
    const map = await run(saliency([6, 8, 10], [6, 8, 10], 100), 1);
    expect(Math.max(...map.values)).toBeLessThan(0);
    expect(map.displayRange[0]).toBeGreaterThan(0);
  });

  it('tells its progress and stops when it is cancelled', async () => {
    const stop = new AbortController();
    const seen: Progress[] = [];
    const running = run(saliency([1, 2, 2], [1, 2, 2]), 1, whole, volumeOf(), {
      signal: stop.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (progress.stage === 'tile' && progress.done === 3) stop.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'run.cancelled' });
    expect(seen.at(-1)).toMatchObject({ stage: 'tile', done: 3, total: 5 * 4 * 6 });
  });

  it('refuses more runs than anybody waits for, before the model is loaded, however many there would be', async () => {
    const large: Volume = {
      ...volumeOf(),
      samples: new Float32Array(512 * 512 * 2),
      grid: { ...volumeOf().grid, dims: [512, 512, 2] },
    };
    const output: Output = { kind: 'classScores', name: 'scores', classes, saliency: saliency([1, 1, 1], [1, 1, 1]) };
    const model = taskModel(brightnessGraph(3), { input: whole, outputs: [output] });
    const unused = { ...runtime, createSession: () => Promise.reject(new Error('the model was loaded')) };
    const of = { output: 'scores', classIndex: 0 };
    await expect(explain({ volume: large, model, of }, unused)).rejects.toMatchObject({
      code: 'pipeline.too-many-runs',
      why: expect.stringMatching(/takes 524289 runs, of 262144.*'scores'.*step/) as string,
    });
  });

  it('after a run of the model begins at once: session and prepared volume are those of the run', async () => {
    const output: Output = { kind: 'classScores', name: 'scores', classes, saliency: saliency([3, 4, 5], [3, 4, 5]) };
    // Standardized as a whole: that is done once for the volume.
    const input: Input = { ...whole, intensity: [{ kind: 'zScore' }] };
    const model = taskModel(brightnessGraph(3), { input, outputs: [output] });
    const made: string[] = [];
    const counting = {
      ...runtime,
      createSession: (graph: Uint8Array) => (made.push('session'), runtime.createSession(graph)),
    };
    const sessions = new SessionKeeper();
    const keeping = sessions.keeping(counting);
    const preparedKeeper = new PreparedKeeper();
    const kept = vi.spyOn(preparedKeeper, 'keep');
    const options = { preparedKeeper };
    const place = testPlace;
    await analyse({ volume: volumeOf(), model, place }, keeping, options);
    for (const classIndex of [0, 1]) {
      const map = await explain({ volume: volumeOf(), model, of: { output: 'scores', classIndex } }, keeping, options);
      expect(map.values.some((drop) => drop !== 0)).toBe(true);
    }
    expect(made).toEqual(['session']);
    expect(kept).toHaveBeenCalledTimes(1);
    await sessions.release();
  });

  it('refuses models without saliency and classes that there are none of', async () => {
    await expect(run(null, 0)).rejects.toMatchObject({ code: 'model.unsupported' });
    await expect(run(saliency([1, 1, 1], [1, 1, 1]), 2)).rejects.toMatchObject({ code: 'model.unsupported' });
  });
});
