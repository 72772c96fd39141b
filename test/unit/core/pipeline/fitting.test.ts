import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '@overread/core/graph';
import { fittingRuntime, type Tensor } from '@overread/core/pipeline';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { convolutionGraph, greedyGraph } from '../../../support/test-models.ts';

const cube = (edge: number): Tensor => ({
  type: 'float32',
  dims: [1, 1, edge, edge, edge],
  data: new Float32Array(edge ** 3),
});
const place = (limits: { value: number | null; total: number | null }) => fittingRuntime({ ...nodeRuntime(1), limits });

describe('a place with limits', () => {
  it('is not given a graph of known shapes that is too much for it', async () => {
    const creating = place({ value: null, total: 1e6 }).createSession(greedyGraph(300), { input: [1, 1, 10, 10, 10] });
    await expect(creating).rejects.toMatchObject({
      code: 'runtime.out-of-memory',
      why: expect.stringMatching(/needs at least 0\.00120 GB, and 0\.00100 GB can be had/) as string,
    });
  });

  it('is not given an input that is too much for it, and goes on with smaller ones', async () => {
    const session = await place({ value: 1e6, total: null }).createSession(greedyGraph(300));
    await expect(session.run({ input: cube(10) })).rejects.toMatchObject({
      code: 'runtime.out-of-memory',
      why: expect.stringMatching(/one value .* buffer size of 0\.00100 GB/) as string,
    });
    expect((await session.run({ input: cube(5) }))['heat']?.dims).toEqual([1, 1, 5, 5, 5]);
    expect(session.bytes?.()).toBeGreaterThanOrEqual(4 * 300 * 5 ** 3);
    await session.release();
  });

  it('is not given a graph of a few bytes that makes as much as it likes', async () => {
    const graph = new GraphBuilder('large of nothing');
    const image = graph.input('input', 'float32', [1, 1, 'D', 'H', 'W']);
    const sizes = graph.ints([1, 1, 4096, 4096, 4096]);
    graph.output(graph.node('Add', [image, graph.node('ConstantOfShape', [sizes])]), 'float32', null, 'heat');
    const creating = place({ value: null, total: 4e9 }).createSession(graph.toBytes());
    await expect(creating).rejects.toMatchObject({
      code: 'runtime.out-of-memory',
      why: expect.stringMatching(
        /needs at least 275 GB \(without \d of its values, whose sizes .* not tell\), and 4\.00 GB/,
      ) as string,
    });
  });

  it('runs what fits, and leaves a file that is no graph to the runtime', async () => {
    const runtime = place({ value: 1e9, total: 1e9 });
    const session = await runtime.createSession(convolutionGraph([3]), { input: [1, 1, 6, 6, 6] });
    expect((await session.run({ input: cube(6) }, ['heat']))['logits']).toBeUndefined();
    await session.release();
    await expect(runtime.createSession(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'model.graph-unusable' });
  });
});
