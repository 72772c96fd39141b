import { describe, expect, it } from 'vitest';
import { analyse, TimeKeeper, type Progress } from '@overread/core/pipeline';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { modelWith, nodePlace, noiseVolume } from '../../../support/pipeline-runs.ts';
import { convolutionGraph } from '../../../support/test-models.ts';

const times = new Map([['prepare', 20] as const, ['load', 5] as const, ['tile', 600] as const]);
const model = modelWith(convolutionGraph([2]), { patch: { mode: 'whole' } });
const runtime = nodeRuntime(1);

describe('the time of an earlier run', () => {
  it('is expected again, by voxels of series and windows, for the same model at the same place only', () => {
    const keeper = new TimeKeeper();
    keeper.note(model, runtime, { voxels: 1000, inWindows: 500 }, times);
    const expected = (work: { voxels: number; inWindows: number | null }) =>
      Object.fromEntries(keeper.expected(model, runtime, work) ?? []);
    expect(expected({ voxels: 2000, inWindows: 1500 })).toEqual({ tile: 1800, prepare: 40, load: 5 });
    expect(expected({ voxels: 2000, inWindows: null })).toEqual({ tile: 1200, prepare: 40, load: 5 });
    expect(keeper.expected({ ...model, digest: 'another' }, runtime, { voxels: 1, inWindows: 1 })).toBeNull();
    expect(keeper.expected(model, { ...runtime, threads: 7 }, { voxels: 1, inWindows: 1 })).toBeNull();
  });

  it('gives an estimate to a run of one window, which has none the first time', async () => {
    const keeper = new TimeKeeper();
    const run = async (): Promise<readonly Progress[]> => {
      const told: Progress[] = [];
      await analyse({ volume: noiseVolume([16, 16, 16]), model, place: nodePlace }, runtime, {
        timeKeeper: keeper,
        onProgress: (progress) => told.push(progress),
      });
      return told.filter(({ stage, done }) => stage === 'tile' && done === 0);
    };
    expect((await run()).map(({ remainingMilliseconds }) => remainingMilliseconds)).toEqual([null]);
    expect((await run()).map(({ remainingMilliseconds }) => typeof remainingMilliseconds)).toEqual(['number']);
  });
});
