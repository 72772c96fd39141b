import { applyArgMax, elementTypes, GraphBuilder, rewriteForTarget, type ModelProto } from '@overread/core/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomTensor, randomValues, runOnCpu } from '../../../../support/graph-run.ts';

interface Tail {
  readonly channels: number;
  readonly axis: number;
  readonly keepdims: 0 | 1;
  readonly last: 0 | 1;
  readonly casts: readonly ('uint8' | 'int32' | 'float32')[];
}

function modelOf({ channels, axis, keepdims, last, casts }: Tail): ModelProto {
  const builder = new GraphBuilder('labels', { opset: 13 });
  const x = builder.input('x', 'float32', [1, 2, 'D', 'H', 'W']);
  const w = builder.initializer('w', 'float32', [channels, 2, 1, 1, 1], randomValues(2 * channels, 1));
  // Rounded, so that equal values come up.
  const logits = builder.node('Round', [builder.node('Conv', [x, w])]);
  let value = builder.node('ArgMax', [logits], { axis, keepdims, select_last_index: last });
  for (const to of casts) value = builder.node('Cast', [value], { to: elementTypes[to].code });
  builder.output(value, casts.at(-1) ?? 'int64', null);
  return builder.toModel();
}

describe('a final ArgMax', () => {
  it('is left to the engine, which gives the same labels', async () => {
    const tails = fc.record({
      channels: fc.integer({ min: 1, max: 6 }),
      axis: fc.constantFrom(1, -4, 2, -1),
      keepdims: fc.constantFrom(0 as const, 1 as const),
      last: fc.constantFrom(0 as const, 1 as const),
      casts: fc.array(fc.constantFrom('uint8' as const, 'int32' as const, 'float32' as const), { maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(tails, async (tail) => {
        const model = modelOf(tail);
        const { model: rewritten, detached, applied } = rewriteForTarget(model, 'webgpu');
        expect(applied).toHaveLength(1);
        const step = detached[0]!;
        expect(step.type).toBe(tail.casts.at(-1) ?? 'int64');
        const feeds = { x: randomTensor([1, 2, 3, 4, 2], 5) };
        const before = (await runOnCpu(model, feeds))[step.output]!;
        const logits = (await runOnCpu(rewritten, feeds))[step.replacedBy]!;
        const after = applyArgMax(logits.data as Float32Array, logits.dims, step);
        expect(after.dims).toEqual(before.dims);
        expect(Array.from(after.labels)).toEqual(Array.from(before.data as BigInt64Array, Number));
      }),
      { numRuns: 40 },
    );
  });

  it('stays where its labels are used inside the graph', () => {
    const builder = new GraphBuilder('used', { opset: 13 });
    const x = builder.input('x', 'float32', [1, 2, 3, 3, 3]);
    const labels = builder.node('ArgMax', [builder.node('Relu', [x])], { axis: 1 });
    builder.output(labels, 'int64', null);
    builder.output(builder.node('Mul', [labels, labels]), 'int64', null);
    expect(rewriteForTarget(builder.toModel(), 'webgpu').applied).toEqual([]);
  });

  it('stays where a Cast after it makes no labels of it, and where it compares no floats', () => {
    const builder = new GraphBuilder('others', { opset: 13 });
    const x = builder.input('x', 'float32', [1, 2, 3, 3, 3]);
    const relu = builder.node('Relu', [x]);
    const cast = (value: string, to: 'bool' | 'int32') => builder.node('Cast', [value], { to: elementTypes[to].code });
    builder.output(cast(builder.node('ArgMax', [relu], { axis: 1 }), 'bool'), 'bool', null);
    builder.output(builder.node('ArgMax', [cast(relu, 'int32')], { axis: 1 }), 'int64', null);
    expect(rewriteForTarget(builder.toModel(), 'webgpu').applied).toEqual([]);
  });

  it('is taken off twice where two outputs compare one value, which then is one output', () => {
    const builder = new GraphBuilder('twice', { opset: 13 });
    const relu = builder.node('Relu', [builder.input('x', 'float32', [1, 2, 3, 3, 3])]);
    builder.output(builder.node('ArgMax', [relu], { axis: 1 }), 'int64', null);
    builder.output(builder.node('ArgMax', [relu], { axis: 2 }), 'int64', null);
    const { model, detached } = rewriteForTarget(builder.toModel(), 'webgpu');
    expect(detached.map(({ axis, replacedBy }) => [axis, replacedBy])).toEqual([
      [1, relu],
      [2, relu],
    ]);
    expect(model.graph?.output.map(({ name }) => name)).toEqual([relu]);
  });

  it('stays where what it reads is an output or an input already', () => {
    const builder = new GraphBuilder('both', { opset: 13 });
    const x = builder.input('x', 'float32', [1, 2, 3, 3, 3]);
    const logits = builder.output(builder.node('Relu', [x]), 'float32', null);
    builder.output(builder.node('ArgMax', [logits], { axis: 1 }), 'int64', null);
    builder.output(builder.node('ArgMax', [x], { axis: 1 }), 'int64', null);
    expect(rewriteForTarget(builder.toModel(), 'webgpu').applied).toEqual([]);
  });
});

describe('ArgMax by the engine', () => {
  it.each([
    ['the first class', [NaN, 1, 2, -1, 3, 4]],
    ['a class in the middle', [0, 1, NaN, -1, 3, 4]],
    ['the last class', [0, 1, 2, -1, 3, NaN]],
    ['every class of a voxel', [0, NaN, 2, NaN, 3, NaN]],
  ])('refuses NaN in %s, naming the output', (_, values) => {
    for (const selectLastIndex of [false, true]) {
      const step = { output: 'labels', axis: 0, keepDims: false, selectLastIndex };
      expect(() => applyArgMax(Float32Array.from(values), [3, 2], step)).toThrow(
        expect.objectContaining({
          code: 'pipeline.bad-output',
          why: expect.stringMatching(/'labels'.*NaN/) as string,
        }),
      );
    }
  });

  it('takes infinity for the highest and the lowest', () => {
    const step = { output: 'labels', axis: 0, keepDims: false, selectLastIndex: false };
    const values = Float32Array.of(-Infinity, Infinity, -Infinity, 1, -5, 2);
    expect(Array.from(applyArgMax(values, [3, 2], step).labels)).toEqual([2, 0]);
  });

  it('tells more than 256 classes apart', () => {
    const values = new Float32Array(300);
    values[299] = 1;
    expect(applyArgMax(values, [300], { output: 'labels', axis: -1, keepDims: true, selectLastIndex: false })).toEqual({
      dims: [1],
      labels: Int32Array.of(299),
    });
  });

  it('refuses an axis that the value does not have', () => {
    const step = { output: 'labels', axis: 3, keepDims: false, selectLastIndex: false };
    expect(() => applyArgMax(new Float32Array(4), [2, 2], step)).toThrow(
      expect.objectContaining({ code: 'graph.invalid' }),
    );
  });
});
