import { describe, expect, it } from 'vitest';
import { GraphBuilder, readModel } from '@overread/core/graph';
import type { ManifestSource } from '@overread/core/model';
import { analyse, type InferenceRuntime } from '@overread/core/pipeline';
import { OverreadError } from '@overread/core/errors';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { meshNet, uNet } from '../../../support/networks.ts';
import { heatOutput, modelWith, nodePlace, noiseVolume } from '../../../support/pipeline-runs.ts';
import { endingGraph } from '../../../support/slab-graphs.ts';
import { convolutionGraph } from '../../../support/test-models.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const volume = noiseVolume([26, 25, 23]);
const [plain] = tinyManifest(new Uint8Array()).outputs;
const labels = (count: number): ManifestSource['outputs'] => {
  if (plain?.kind !== 'maskLogits') throw new Error('the tiny manifest has a mask');
  const [label] = plain.labels;
  return [
    { ...plain, labels: Array.from({ length: count }, (_, n) => ({ ...label!, value: n + 1, name: `${n + 1}` })) },
  ];
};

/** Counts the calls of the graph and their largest input. */
function counted(): { readonly runtime: InferenceRuntime; readonly sizes: number[] } {
  const runtime = nodeRuntime(1);
  const sizes: number[] = [];
  return {
    sizes,
    runtime: {
      ...runtime,
      async createSession(graph, shapes) {
        const session = await runtime.createSession(graph, shapes);
        return {
          ...session,
          run: (feeds, outputs) => {
            sizes.push(...Object.values(feeds).map(({ data }) => data.length));
            return session.run(feeds, outputs);
          },
        };
      },
    },
  };
}

describe('a whole volume that needs much memory', () => {
  const multipleOf: [number, number, number] = [2, 2, 2];
  it.each([
    ['labels', meshNet(4, 7, [1, 2, 1]), labels(6)],
    ['labels and a map', convolutionGraph([4, 4]), [...labels(1), heatOutput()]],
  ] as const)('gives the same %s in windows', async (_, graph, outputs) => {
    const model = modelWith(graph, { patch: { mode: 'whole', multipleOf } }, [...outputs]);
    const [once, often] = [counted(), counted()];
    const whole = await analyse({ volume, model, place: nodePlace }, once.runtime);
    const divided = await analyse({ volume, model, place: nodePlace }, often.runtime, { memory: 250_000 });
    expect(once.sizes).toHaveLength(1);
    expect(often.sizes.length).toBeGreaterThan(3);
    expect(Math.max(...often.sizes)).toBeLessThan(once.sizes[0]! / 2);
    expect(divided.labelMaps[0]!.labels).toEqual(whole.labelMaps[0]!.labels);
    expect(new Set(whole.labelMaps[0]!.labels).size).toBeGreaterThan(1);
    const [a, b] = [
      whole.heatMaps[0]?.values ?? new Float32Array(0),
      divided.heatMaps[0]?.values ?? new Float32Array(0),
    ];
    expect(b.length).toBe(a.length);
    expect(Math.max(0, ...a.map((value, v) => Math.abs(value - b[v]!)))).toBeLessThan(1e-5);
  });

  it('has its labels chosen in slabs where the graph ends in its own choice of them', async () => {
    const layer = {
      kernel: 3,
      stride: 1,
      dilation: 1,
      outputPadding: 0,
      mode: 'linear',
      positions: 'half_pixel',
    } as const;
    const graph = endingGraph({ layer: { ...layer, kind: 'Conv', pads: [1, 1] }, after: ['Softmax'], chooses: true });
    const [mask] = labels(4);
    const table = mask?.kind === 'maskLogits' ? mask.labels : [];
    const model = modelWith(graph, { patch: { mode: 'whole' } }, [{ kind: 'labelMap', name: 'labels', labels: table }]);
    const given: Uint8Array[] = [];
    const runtime = nodeRuntime(1);
    const watching: InferenceRuntime = {
      ...runtime,
      createSession: (bytes, shapes) => {
        given.push(bytes);
        return runtime.createSession(bytes, shapes);
      },
    };
    const whole = await analyse({ volume, model, place: nodePlace }, watching);
    const divided = await analyse({ volume, model, place: nodePlace }, watching, { memory: 450_000 });
    expect(given[0]).toBe(graph);
    expect(readModel(given[1]!).graph!.node.filter(({ opType }) => opType === 'ArgMax').length).toBeGreaterThan(4);
    expect(divided.labelMaps[0]!.labels).toEqual(whole.labelMaps[0]!.labels);
    expect(new Set(whole.labelMaps[0]!.labels).size).toBeGreaterThan(2);
  });

  it('has the labels of its largest output chosen in slabs beside other outputs', async () => {
    // A mean over the whole volume: no windows give the same answer.
    const g = new GraphBuilder('two outputs');
    const input = g.input('input', 'float32', [1, 1, 'D', 'H', 'W']);
    const root = g.node('Sub', [input, g.node('ReduceMean', [input], { axes: [2, 3, 4], keepdims: 1 })]);
    const convolved = (name: string, count: number) => {
      const weights = Float32Array.from({ length: count }, (_, n) => Math.cos(3 * n + count));
      const kernel = g.initializer(`${name}_weights`, 'float32', [count, 1, 1, 1, 1], weights);
      g.output(g.node('Conv', [root, kernel]), 'float32', [1, count, 'D', 'H', 'W'], name);
    };
    convolved('logits', 31);
    convolved('few', 3);
    convolved('heat', 1);
    const [many] = labels(30);
    const [few] = labels(2);
    if (few?.kind !== 'maskLogits') throw new Error('the tiny manifest has a mask');
    const others = { ...few, name: 'few', labels: few.labels.map((label) => ({ ...label, value: label.value + 40 })) };
    const model = modelWith(g.toBytes(), { patch: { mode: 'whole' } }, [heatOutput(), others, many!]);
    const asked: number[] = [];
    const runtime = nodeRuntime(1);
    const watching: InferenceRuntime = {
      ...runtime,
      createSession: (bytes, shapes) => {
        asked.push(readModel(bytes).graph!.node.filter(({ opType }) => opType === 'ArgMax').length);
        return runtime.createSession(bytes, shapes);
      },
    };
    const whole = await analyse({ volume, model, place: nodePlace }, watching);
    const divided = await analyse({ volume, model, place: nodePlace }, watching, { memory: 1_200_000 });
    expect(asked[0]).toBe(0);
    expect(asked[1]).toBeGreaterThan(4);
    expect(divided.labelMaps.map((map) => map.labels)).toEqual(whole.labelMaps.map((map) => map.labels));
    expect(divided.heatMaps.map((map) => map.values)).toEqual(whole.heatMaps.map((map) => map.values));
    expect(whole.labelMaps).toHaveLength(2);
  });

  it('names logits that are no numbers, though the graph chose the labels', async () => {
    const g = new GraphBuilder('not a number');
    const root = g.node('Sqrt', [g.input('input', 'float32', [1, 1, 'D', 'H', 'W'])]);
    const weights = g.initializer('weights', 'float32', [7, 1, 1, 1, 1], new Float32Array(7).fill(1));
    g.output(g.node('Conv', [root, weights]), 'float32', [1, 7, 'D', 'H', 'W'], 'logits');
    const model = modelWith(g.toBytes(), { patch: { mode: 'whole' } }, labels(6));
    const run = analyse({ volume, model, place: nodePlace }, nodeRuntime(1), { memory: 250_000 });
    await expect(run).rejects.toMatchObject({
      code: 'pipeline.bad-output',
      why: expect.stringContaining("'logits'") as string,
    });
  });

  it('says why it could not be taken apart where memory was short', async () => {
    const short: InferenceRuntime = {
      ...nodeRuntime(1),
      createSession: () => Promise.reject(new OverreadError('runtime.out-of-memory', { why: 'there is none' })),
    };
    const model = modelWith(uNet(2, 2, 2), { patch: { mode: 'whole', multipleOf } }, labels(1));
    await expect(analyse({ volume, model, place: nodePlace }, short, { memory: 250_000 })).rejects.toMatchObject({
      code: 'runtime.out-of-memory',
      why: expect.stringMatching(/there is none.*InstanceNormalization.*whole volume/) as string,
    });
  });
});
