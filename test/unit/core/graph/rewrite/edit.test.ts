import { GraphBuilder, rewriteForTarget, type GraphProto, type ModelProto } from '@overread/core/graph';
import { describe, expect, it } from 'vitest';
import { largestDifference, randomTensor, randomValues, runOnCpu } from '../../../../support/graph-run.ts';

const dims = [2, 3, 2, 2, 2];

function transposed(change: (graph: GraphProto) => Partial<GraphProto> = () => ({})): ModelProto {
  const builder = new GraphBuilder('up', { opset: 11 });
  const x = builder.input('x', 'float32', [1, 2, 3, 3, 3]);
  const w = builder.initializer('w', 'float32', dims, randomValues(48, 1));
  builder.output(builder.node('ConvTranspose', [x, w], { strides: [2, 2, 2] }, 'y'), 'float32', null);
  const model = builder.toModel();
  return { ...model, graph: { ...model.graph!, ...change(model.graph!) } };
}

const x = randomTensor([1, 2, 3, 3, 3], 2);
const weightsAsInput = (graph: GraphProto): Partial<GraphProto> => {
  const builder = new GraphBuilder('weights');
  builder.input('w', 'float32', dims);
  return { input: [...graph.input, ...builder.toGraph().input] };
};

async function expectSameRun(before: ModelProto, after: ModelProto): Promise<void> {
  const [left, right] = [await runOnCpu(before, { x }), await runOnCpu(after, { x })];
  expect(largestDifference(left['y']!, right['y']!)).toBeLessThanOrEqual(1e-5);
}

describe('rewriting a graph', () => {
  it('takes constants from Constant nodes, which go when nobody reads them', async () => {
    const builder = new GraphBuilder('constant', { opset: 11 });
    const tensor = transposed().graph!.initializer[0]!;
    const input = builder.input('x', 'float32', [1, 2, 3, 3, 3]);
    const weights = builder.node('Constant', [], { value: { tensor } });
    builder.output(builder.node('ConvTranspose', [input, weights], { strides: [2, 2, 2] }, 'y'), 'float32', null);
    const { model } = rewriteForTarget(builder.toModel(), 'webgpu');
    expect(model.graph?.node.map(({ opType }) => opType)).not.toContain('Constant');
    await expectSameRun(builder.toModel(), model);
  });

  it('lists initialisers as inputs in files of IR version 3, and no others', async () => {
    const old = { ...transposed(weightsAsInput), irVersion: 3n };
    const { model } = rewriteForTarget(old, 'webgpu');
    const initialisers = model.graph!.initializer.map(({ name }) => name);
    expect(initialisers).not.toContain('w');
    expect(model.graph!.input.map(({ name }) => name)).toEqual(['x', ...initialisers]);
    await expectSameRun(old, model);
  });

  it('leaves weights that may be fed from outside', () => {
    const { applied, skipped } = rewriteForTarget(transposed(weightsAsInput), 'webgpu');
    expect(applied).toEqual([]);
    expect(skipped[0]?.because).toBe('its weights are not constant');
  });

  it('keeps weights that another node reads as well', async () => {
    const builder = new GraphBuilder('shared', { opset: 11 });
    const input = builder.input('x', 'float32', [1, 2, 3, 3, 3]);
    const w = builder.initializer('w', 'float32', dims, randomValues(48, 1));
    const up = builder.node('ConvTranspose', [input, w], { strides: [2, 2, 2] });
    const sum = builder.node('ReduceSum', [w], { axes: [0, 1, 2, 3, 4] });
    builder.output(builder.node('Add', [up, sum], {}, 'y'), 'float32', null);
    const { model } = rewriteForTarget(builder.toModel(), 'webgpu');
    expect(model.graph?.initializer.map(({ name }) => name)).toContain('w');
    await expectSameRun(builder.toModel(), model);
  });

  it('does not change the model given', () => {
    const model = transposed();
    const before = structuredClone(model);
    rewriteForTarget(model, 'webgpu');
    expect(model).toEqual(before);
  });
});
