import { describe, expect, it } from 'vitest';
import type { Manifest } from '@overread/core/model';
import { recordedSelfTest, runSelfTest, selfTestInput, selfTestPositions } from '@overread/core/pipeline';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { heatOutput, modelWith } from '../../../support/pipeline-runs.ts';
import { promptModel } from '../../../support/prompt-model.ts';
import { convolutionGraph } from '../../../support/test-models.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

describe('selfTestInput', () => {
  it('is the same for a seed and another for another seed', () => {
    const shape = [1, 1, 6, 10, 12];
    expect(selfTestInput(3, shape, [0, 1])).toEqual(selfTestInput(3, shape, [0, 1]));
    expect(selfTestInput(3, shape, [0, 1])).not.toEqual(selfTestInput(4, shape, [0, 1]));
  });

  it('keeps its recorded values: packages that exist depend on them', () => {
    const values = selfTestInput(7, [1, 1, 2, 2, 9], [-1, 1]);
    expect([values[0], values[8], values[35]]).toMatchInlineSnapshot(`
      [
        -0.4939890503883362,
        -0.7781548500061035,
        -0.8870733976364136,
      ]
    `);
  });

  it('fills every channel and slice', () => {
    expect(selfTestInput(5, [1, 3, 4, 5, 6], [1, 2])).toHaveLength(360);
    expect(Math.min(...selfTestInput(5, [2, 3, 5, 6], [1, 2]))).toBeGreaterThanOrEqual(1);
  });

  it('fills the range', () => {
    const values = [...selfTestInput(1, [1, 1, 32, 32, 32], [-1000, 500])];
    expect(Math.min(...values.slice(0, 20_000))).toBeGreaterThanOrEqual(-1000);
    expect(Math.max(...values.slice(0, 20_000))).toBeLessThan(500);
    expect(new Set(values.map((v) => Math.floor(v / 300))).size).toBe(6);
  });
});

describe('selfTestPositions', () => {
  it('spreads over all channels and the middle of the space, without leaving it', () => {
    const dims = [1, 3, 16, 20, 24];
    const positions = selfTestPositions(dims, 60);
    const volume = 16 * 20 * 24;
    expect(new Set(positions.map((p) => Math.floor(p / volume)))).toEqual(new Set([0, 1, 2]));
    for (const position of positions) {
      const [k, j, i] = [Math.floor((position % volume) / 480), Math.floor((position % 480) / 24), position % 24];
      expect([k >= 6 && k < 10, j >= 7 && j < 13, i >= 9 && i < 15]).toEqual([true, true, true]);
    }
    expect(new Set(positions).size).toBeGreaterThan(50);
  });

  it('spreads over the channels and the middle of the first slice of a 2-D output', () => {
    const positions = selfTestPositions([4, 2, 16, 16], 40);
    expect(new Set(positions.map((p) => Math.floor(p / 256)))).toEqual(new Set([0, 1]));
    for (const position of positions) {
      const [j, i] = [Math.floor((position % 256) / 16), position % 16];
      expect([j >= 6 && j < 10, i >= 6 && i < 10]).toEqual([true, true]);
    }
  });

  it('spreads evenly over rows of boxes or scores', () => {
    expect(selfTestPositions([4, 6], 4)).toEqual([3, 9, 15, 21]);
    expect(selfTestPositions([1, 2], 4)).toEqual([0, 0, 1, 1]);
  });

  it('stays inside an output of one voxel', () => {
    expect(selfTestPositions([1, 1, 1, 1, 1], 4)).toEqual([0, 0, 0, 0]);
  });
});

describe('runSelfTest', () => {
  it('names what of the graph does not fit the manifest, before anything runs', async () => {
    const graph = convolutionGraph([2]);
    const { input } = tinyManifest(graph);
    const manifest = tinyManifest(graph, {
      input: { ...input, name: 'image', layout: { kind: '2d' }, patch: { mode: 'slices' } },
    });
    const runtime = { ...nodeRuntime(1), createSession: () => Promise.reject(new Error('it is run')) };
    await expect(runSelfTest({ manifest, graph }, runtime)).rejects.toMatchObject({
      code: 'model.graph-mismatch',
      details: {
        faults: [
          "input.name: the graph has no input 'image', only 'input'",
          "outputs[0].name: output 'logits' is [1, 2, ?, ?, ?], where [N, 2, H, W] is needed",
        ],
      },
    });
  });

  describe('of a model of several outputs', () => {
    const runtime = nodeRuntime(1);
    const [logits] = tinyManifest(new Uint8Array()).outputs;
    const model = modelWith(convolutionGraph([2]), { patch: { mode: 'whole' } }, [logits!, heatOutput()]);
    const recorded = async () => {
      const selfTest = { ...model.manifest.selfTest, shape: [1, 1, 6, 7, 8] };
      return recordedSelfTest({ ...model, manifest: { ...model.manifest, selfTest } }, runtime, 12);
    };
    const run = (selfTest: Manifest['selfTest']) =>
      runSelfTest({ ...model, manifest: { ...model.manifest, selfTest } }, runtime);

    it('compares them all, and names the one that differs', async () => {
      const selfTest = await recorded();
      const [heat] = selfTest.outputs!;
      expect(heat).toMatchObject({ name: 'heat', tolerance: selfTest.tolerance });
      expect(new Set(heat!.expected).size).toBeGreaterThan(5);
      await expect(run(selfTest)).resolves.toBeUndefined();
      const other = { ...heat!, expected: heat!.expected.with(3, heat!.expected[3]! + 1) };
      await expect(run({ ...selfTest, outputs: [other] })).rejects.toMatchObject({
        code: 'pipeline.self-test-failed',
        why: expect.stringContaining("of output 'heat'") as string,
        details: { of: 'graph', output: 'heat' },
      });
    });

    it('compares the first alone in a package of before', async () => {
      const { outputs, ...selfTest } = await recorded();
      expect(outputs).toHaveLength(1);
      await expect(run(selfTest)).resolves.toBeUndefined();
    });

    it('fails where the graph has no such output any more', async () => {
      const selfTest = await recorded();
      const gone = selfTest.outputs!.map((output) => ({ ...output, name: 'gone' }));
      await expect(run({ ...selfTest, outputs: gone })).rejects.toMatchObject({ code: 'pipeline.bad-output' });
    });
  });

  describe('of a promptable model', () => {
    const runtime = nodeRuntime(1);
    const made = promptModel([18, 24]);
    const shape = [1, 1, 18, 24];
    const recorded = async (gain: number) => {
      const { manifest } = promptModel([18, 24], {}, { constants: { gain: [gain] } });
      const untested = { ...made, manifest: { ...manifest, selfTest: { ...manifest.selfTest, shape } } };
      return { ...untested.manifest, selfTest: await recordedSelfTest(untested, runtime, 30) };
    };

    it('runs the decoder on what the encoder says, and passes on what was recorded', async () => {
      const manifest = await recorded(8);
      expect(new Set(manifest.selfTest.decoder?.expected)).toEqual(new Set([-4, 4]));
      await expect(runSelfTest({ ...made, manifest }, runtime)).resolves.toBeUndefined();
    });

    it('fails where only the decoder answers otherwise', async () => {
      const manifest = { ...(await recorded(8)), prompts: (await recorded(9)).prompts! };
      await expect(runSelfTest({ ...made, manifest }, runtime)).rejects.toMatchObject({
        code: 'pipeline.self-test-failed',
        details: { of: 'decoder', largest: 0.5 },
      });
    });

    it('is not recorded from a decoder that answers no numbers', async () => {
      await expect(recorded(1e39)).rejects.toMatchObject({
        code: 'pipeline.bad-output',
        message: expect.stringContaining('the masks of the decoder') as string,
      });
    });

    it('is that of the encoder alone in a package of before', async () => {
      const { decoder, ...selfTest } = (await recorded(8)).selfTest;
      expect(decoder).toBeDefined();
      const manifest = { ...(await recorded(9)), selfTest };
      await expect(runSelfTest({ ...made, manifest }, runtime)).resolves.toBeUndefined();
    });
  });

  it('names what of a decoder does not fit, before the first prompt', async () => {
    const { manifest, graph } = promptModel([18, 24]);
    const runtime = { ...nodeRuntime(1), createSession: () => Promise.reject(new Error('it is run')) };
    await expect(runSelfTest({ manifest, graph, decoder: graph }, runtime)).rejects.toMatchObject({
      code: 'model.graph-mismatch',
      details: { faults: expect.arrayContaining(["prompts.masks: the decoder has no output 'masks'"]) as unknown },
    });
  });
});
