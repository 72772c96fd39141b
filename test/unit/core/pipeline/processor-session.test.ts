import { elementTypes, GraphBuilder } from '@overread/core/graph';
import type { ManifestSource } from '@overread/core/model';
import { analyse, type InferenceRuntime } from '@overread/core/pipeline';
import { ortRuntime } from '@overread/inference-worker/runtime';
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { randomTensor } from '../../../support/graph-run.ts';
import { modelWith, nodePlace, noiseVolume } from '../../../support/pipeline-runs.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const dims = [9, 8, 7] as const;
const [ni, nj, nk] = dims;

/** Labels of three classes, chosen inside the graph; a constant that is added holds NaN in its last slices, or does not. */
function shiftedLabels(hasNaN: boolean): Uint8Array {
  const graph = new GraphBuilder('shifted', { opset: 13 });
  const x = graph.input('input', 'float32', [1, 1, nk, nj, ni]);
  const values = new Float32Array(nk * nj * ni);
  if (hasNaN) values.fill(NaN, 5 * nj * ni);
  const shifted = graph.node('Add', [x, graph.initializer('shift', 'float32', [1, 1, nk, nj, ni], values)]);
  const weights = randomTensor([3, 1, 3, 3, 3], 4);
  const w = graph.initializer('weights', 'float32', weights.dims, weights.data);
  const logits = graph.node('Conv', [shifted, w], { pads: [1, 1, 1, 1, 1, 1] });
  const labels = graph.node('ArgMax', [logits], { axis: 1 });
  graph.output(graph.node('Cast', [labels], { to: elementTypes.uint8.code }), 'uint8', null, 'labels');
  return graph.toBytes();
}

const [mask] = tinyManifest(new Uint8Array()).outputs;
const outputs: ManifestSource['outputs'] =
  mask?.kind === 'maskLogits'
    ? [{ kind: 'labelMap', name: 'labels', labels: [1, 2].map((value) => ({ ...mask.labels[0]!, value })) }]
    : [];
const places: readonly (readonly [string, InferenceRuntime])[] = [
  ['node-cpu', nodeRuntime(1)],
  ['wasm', ortRuntime({ kind: 'wasm', threads: 1, device: null })],
];

describe.each(places)('labels that the graph itself chooses, on %s', (_, runtime) => {
  const run = (hasNaN: boolean) => {
    const model = modelWith(shiftedLabels(hasNaN), { patch: { mode: 'whole' } }, [...outputs]);
    return analyse({ volume: noiseVolume(dims), model, place: nodePlace }, runtime);
  };

  it('are refused where they were chosen from NaN, naming output and window', async () => {
    await expect(run(true)).rejects.toMatchObject({
      code: 'pipeline.bad-output',
      why: expect.stringMatching(/'labels'.*NaN.*window that begins at column 0, row 0, slice 0/) as string,
      details: { name: 'labels', window: [0, 0, 0, ni - 1, nj - 1, nk - 1] },
    });
  });

  it('are the result where they were not, and the session shows no other output', async () => {
    const {
      labelMaps: [labelMap],
    } = await run(false);
    expect(new Set(labelMap?.labels).size).toBeGreaterThan(1);
    const session = await runtime.createSession(shiftedLabels(false));
    expect(session.outputNames).toEqual(['labels']);
    const feeds = { input: { type: 'float32', ...randomTensor([1, 1, nk, nj, ni], 1) } } as const;
    expect(Object.keys(await session.run(feeds))).toEqual(['labels']);
    await session.release();
  });
});
