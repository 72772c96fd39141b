import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, rewriteForTarget, type ModelProto } from '@overread/core/graph';
import { largestDifference, randomTensor, runOnCpu, skewedTensor } from '../../../../support/graph-run.ts';

interface Reduction {
  readonly opset: number;
  readonly axes: readonly number[];
  readonly keepdims: number;
  readonly rank: number;
}

function modelOf({ opset, axes, keepdims, rank }: Reduction): ModelProto {
  const builder = new GraphBuilder('mean', { opset });
  const x = builder.input(
    'x',
    'float32',
    Array.from({ length: rank }, (_, axis) => `extent ${axis}`),
  );
  const mean =
    opset < 18
      ? builder.node('ReduceMean', [x], { axes, keepdims }, 'y')
      : builder.node('ReduceMean', [x, builder.ints(axes)], { keepdims }, 'y');
  builder.output(mean, 'float32', null);
  return builder.toModel();
}

function pooling(rank: number): ModelProto {
  const builder = new GraphBuilder('pool');
  const x = builder.input(
    'x',
    'float32',
    Array.from({ length: rank }, (_, axis) => `extent ${axis}`),
  );
  builder.output(builder.node('GlobalAveragePool', [x], {}, 'y'), 'float32', null);
  return builder.toModel();
}

describe('means axis by axis', () => {
  it('are the same values for any axes, rank, operator set and shape of the answer', async () => {
    const reductions = fc.integer({ min: 2, max: 5 }).chain((rank) =>
      fc.record({
        rank: fc.constant(rank),
        axes: fc
          .shuffledSubarray([0, 1, 2, 3, 4].slice(0, rank), { minLength: 1 })
          .chain((axes) => fc.tuple(...axes.map((axis) => fc.constantFrom(axis, axis - rank)))),
        keepdims: fc.constantFrom(0, 1),
        opset: fc.constantFrom(9, 11, 13, 18, 21),
      }),
    );
    await fc.assert(
      fc.asyncProperty(reductions, async (reduction) => {
        const model = modelOf(reduction);
        const { model: rewritten, applied } = rewriteForTarget(model, 'node-cpu');
        expect(applied).toHaveLength(reduction.axes.length > 1 ? 1 : 0);
        const x = randomTensor([2, 3, 4, 5, 3].slice(0, reduction.rank), 3);
        const [before, after] = [await runOnCpu(model, { x }), await runOnCpu(rewritten, { x })];
        expect(largestDifference(before['y']!, after['y']!)).toBeLessThanOrEqual(1e-5);
      }),
      { numRuns: 60 },
    );
  });

  // The day the first expectation fails, the runtime has learnt to sum and the pass is no longer needed.
  it.each([
    ['ReduceMean', modelOf({ opset: 17, axes: [2, 3, 4], keepdims: 1, rank: 5 })],
    ['GlobalAveragePool', pooling(5)],
  ])('are right where there are many values: %s', async (_, model) => {
    const x = skewedTensor([1, 1, 128, 128, 128]);
    const exact = x.data.reduce((sum, value) => sum + value, 0) / x.data.length;
    const off = async (one: ModelProto) => Math.abs(Number((await runOnCpu(one, { x }))['y']!.data[0]) - exact);
    expect(await off(model)).toBeGreaterThan(1e-4);
    expect(await off(rewriteForTarget(model, 'node-cpu').model)).toBeLessThan(1e-5);
  });

  it('leaves alone axes that are no whole numbers, which a damaged file may hold', () => {
    const builder = new GraphBuilder('odd', { opset: 18 });
    const x = builder.input('x', 'float32', [1, 8, 64, 64, 64]);
    const axes = builder.initializer('axes', 'float32', [2], Float32Array.of(2, 3.5));
    builder.output(builder.node('ReduceMean', [x, axes]), 'float32', null);
    expect(rewriteForTarget(builder.toModel(), 'wasm').applied).toEqual([]);
  });

  it('leaves alone what is small', () => {
    const builder = new GraphBuilder('small');
    const x = builder.input('x', 'float32', [1, 8, 16, 16, 16]);
    builder.output(builder.node('GlobalAveragePool', [x]), 'float32', null);
    expect(rewriteForTarget(builder.toModel(), 'wasm').applied).toEqual([]);
  });
});
