import { elementTypes, GraphBuilder, readModel } from '@overread/core/graph';
import { createGpuSession, type InferenceSession, type Tensor } from '@overread/core/pipeline';
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { randomTensor } from '../../../support/graph-run.ts';

// What a GPU is given runs on the CPU just as well, so only the GPU itself is missing here.
const cpu = nodeRuntime(1);
const inputShapes = { x: [1, 1, null, null, null] };
const feeds = { x: { type: 'float32', ...randomTensor([1, 1, 3, 4, 5], 3) } satisfies Tensor };

/** Three logits of one channel, rounded so that equal ones come up. */
function logits(): { readonly builder: GraphBuilder; readonly value: string } {
  const builder = new GraphBuilder('logits');
  const x = builder.input('x', 'float32', [1, 1, 'D', 'H', 'W']);
  const w = builder.initializer('w', 'float32', [3, 1, 1, 1, 1], Float32Array.of(1.5, -2, 2.5));
  return { builder, value: builder.node('Round', [builder.node('Conv', [x, w])]) };
}

async function onGpu(graph: Uint8Array): Promise<{ session: InferenceSession; given: Uint8Array }> {
  let given: Uint8Array = new Uint8Array();
  const session = await createGpuSession({ target: 'webgpu', graph, inputShapes, float16: true }, (bytes) => {
    given = bytes;
    return cpu.createSession(bytes);
  });
  return { session, given };
}

describe('a session on a GPU', () => {
  it('loads the file as it is where nothing stands in the way', async () => {
    const { builder, value } = logits();
    builder.output(value, 'float32', null, 'y');
    const graph = builder.toBytes();
    const { session, given } = await onGpu(graph);
    expect(given).toBe(graph);
    await session.release();
  });

  it('gives the labels of a final ArgMax under their own names and types, beside the other outputs', async () => {
    const { builder, value } = logits();
    const labels = (attributes: Record<string, number>) => builder.node('ArgMax', [value], attributes);
    const cast = (of: string, to: 'uint8' | 'int32' | 'float32') =>
      builder.node('Cast', [of], { to: elementTypes[to].code });
    builder.output(builder.node('Relu', [value]), 'float32', null, 'other');
    builder.output(labels({ axis: 1 }), 'int64', null, 'first');
    builder.output(cast(labels({ axis: 1, select_last_index: 1 }), 'uint8'), 'uint8', null, 'last');
    builder.output(cast(labels({ axis: -1, keepdims: 0 }), 'int32'), 'int32', null, 'along i');
    builder.output(cast(labels({ axis: 1 }), 'float32'), 'float32', null, 'float');
    const graph = builder.toBytes();

    const [{ session, given }, plain] = [await onGpu(graph), await cpu.createSession(graph)];
    expect(readModel(given).graph?.node.map(({ opType }) => opType)).not.toContain('ArgMax');
    expect([...session.outputNames].sort()).toEqual([...plain.outputNames].sort());
    expect(await session.run(feeds)).toEqual(await plain.run(feeds));
    await Promise.all([session.release(), plain.release()]);
  });

  it('refuses logits that are no numbers, as it would without the ArgMax', async () => {
    const builder = new GraphBuilder('not a number');
    const root = builder.node('Sqrt', [builder.input('x', 'float32', [1, 1, 'D', 'H', 'W'])]);
    const w = builder.initializer('w', 'float32', [3, 1, 1, 1, 1], Float32Array.of(1, 2, 3));
    builder.output(builder.node('ArgMax', [builder.node('Conv', [root, w])], { axis: 1 }), 'int64', null, 'labels');
    const { session, given } = await onGpu(builder.toBytes());
    expect(readModel(given).graph?.node.map(({ opType }) => opType)).not.toContain('ArgMax');
    const values = Float32Array.of(1, 2, -3, 4);
    await expect(session.run({ x: { type: 'float32', dims: [1, 1, 1, 1, 4], data: values } })).rejects.toMatchObject({
      code: 'pipeline.bad-output',
      why: expect.stringMatching(/'labels'.*NaN/) as string,
    });
    await session.release();
  });

  it('gives the same values where layers were rewritten', async () => {
    const builder = new GraphBuilder('layers');
    const x = builder.input('x', 'float32', [1, 1, 'D', 'H', 'W']);
    const weights = (name: string, dims: readonly number[]) =>
      builder.initializer(name, 'float32', dims, randomTensor(dims, dims.length).data);
    const up = builder.node('ConvTranspose', [x, weights('up', [1, 4, 2, 2, 2])], { strides: [2, 2, 2] });
    const grouped = builder.node('Conv', [up, weights('grouped', [4, 2, 3, 3, 3])], { group: 2 });
    builder.output(grouped, 'float32', null, 'y');
    const graph = builder.toBytes();
    const [{ session, given }, plain] = [await onGpu(graph), await cpu.createSession(graph)];
    expect(given).not.toBe(graph);
    const [actual, expected] = [(await session.run(feeds))['y']!, (await plain.run(feeds))['y']!];
    expect(actual.dims).toEqual(expected.dims);
    const values = expected.data as Float32Array;
    expect((actual.data as Float32Array).every((value, at) => Math.abs(value - values[at]!) < 1e-5)).toBe(true);
    await Promise.all([session.release(), plain.release()]);
  });

  it('is refused before anything runs where a layer would fail there, with the layer and the reason', async () => {
    const builder = new GraphBuilder('fails');
    const x = builder.input('x', 'float32', [1, 1, 'D', 'H', 'W']);
    const w = builder.input('w', 'float32', [1, 1, 2, 2, 2]);
    builder.output(builder.node('ConvTranspose', [x, w]), 'float32', null);
    await expect(onGpu(builder.toBytes())).rejects.toMatchObject({
      code: 'runtime.unavailable',
      why: expect.stringMatching(/'node_0_ConvTranspose'.*fails at run time.*weights are not constant/) as string,
    });
  });
});
