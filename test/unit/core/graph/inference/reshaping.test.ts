import { GraphBuilder, type Attributes } from '@overread/core/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNode } from '../../../../../core/graph/create.ts';
import { inferValues } from '../../../../../core/graph/inference/infer.ts';
import { randomTensor, runOnCpu } from '../../../../support/graph-run.ts';

const input = [2, 3, 4, 6] as const;

interface Step {
  readonly op: string;
  readonly attributes?: Attributes;
  /** Constant inputs after the first. */
  readonly inputs?: (graph: GraphBuilder) => readonly string[];
}

const steps: readonly Step[] = [
  { op: 'Pad', inputs: (graph) => [graph.ints([0, 1, 0, 2, 1, 0, 3, 0])] },
  { op: 'Pad', inputs: (graph) => [graph.ints([1, 2]), '', graph.ints([-1])] },
  { op: 'Slice', inputs: (graph) => [graph.ints([1, -5]), graph.ints([100, -1]), graph.ints([2, 3])] },
  {
    op: 'Slice',
    inputs: (graph) => [graph.ints([-1, 0]), graph.ints([-100, 6]), graph.ints([2, 3]), graph.ints([-1, 4])],
  },
  {
    op: 'Resize',
    attributes: { mode: 'nearest' },
    inputs: (graph) => ['', graph.initializer('scales', 'float32', [4], Float32Array.of(1, 1, 1.5, 0.7))],
  },
  { op: 'Resize', attributes: { mode: 'nearest' }, inputs: (graph) => ['', '', graph.ints([2, 3, 9, 2])] },
  {
    op: 'Resize',
    attributes: { mode: 'linear', axes: [3, 2] },
    inputs: (graph) => ['', graph.initializer('scales', 'float32', [2], Float32Array.of(2, 3))],
  },
  { op: 'Transpose', attributes: { perm: [0, 3, 1, 2] } },
  { op: 'Transpose' },
  { op: 'Unsqueeze', inputs: (graph) => [graph.ints([0, -1])] },
  { op: 'Tile', inputs: (graph) => [graph.ints([1, 2, 3, 1])] },
  { op: 'Reshape', inputs: (graph) => [graph.ints([0, -1, 8])] },
  { op: 'Flatten', attributes: { axis: -2 } },
  { op: 'Gather', attributes: { axis: 1 }, inputs: (graph) => [graph.ints([2, 0])] },
  { op: 'DepthToSpace', attributes: { blocksize: 1 } },
  { op: 'SpaceToDepth', attributes: { blocksize: 2 } },
  { op: 'ReduceMean', attributes: { axes: [-1, 1], keepdims: 0 } },
  { op: 'ReduceSum', inputs: (graph) => [graph.ints([2])] },
  { op: 'ReduceMax', attributes: { keepdims: 0 } },
  { op: 'ArgMax', attributes: { axis: -3, keepdims: 0 } },
  { op: 'MatMul', inputs: (graph) => [graph.initializer('b', 'float32', [6, 5], randomTensor([6, 5], 3).data)] },
  {
    op: 'Einsum',
    attributes: { equation: 'abcd, de -> aebc' },
    inputs: (graph) => [graph.initializer('b', 'float32', [6, 5], randomTensor([6, 5], 3).data)],
  },
  { op: 'Expand', inputs: (graph) => [graph.ints([5, 1, 1, 1, 1])] },
];

async function runtimeShape(graph: GraphBuilder): Promise<readonly number[]> {
  return (await runOnCpu(graph.toModel(), { x: randomTensor(input, 2) }))['y']!.dims;
}

describe('shapes of operators that rearrange', () => {
  it.each(steps.map((step, at) => [`${step.op} (${at})`, step] as const))(
    '%s: as the runtime has it',
    async (_, step) => {
      const graph = new GraphBuilder('step', { opset: step.op === 'ReduceMean' ? 13 : 18 });
      const x = graph.input('x', 'float32', ['A', 'B', 'C', 'D']);
      const rest = step.inputs?.(graph) ?? [];
      const type = step.op === 'ArgMax' ? 'int64' : 'float32';
      graph.output(graph.node(step.op, [x, ...rest], step.attributes ?? {}, 'y'), type, null);
      const inferred = inferValues(graph.toModel().graph!, { x: input }).get('y')?.shape;
      expect(inferred).toEqual(await runtimeShape(graph));
    },
  );

  it('Slice: for any start, end and step', async () => {
    const whole = fc.integer({ min: -9, max: 9 });
    const step = fc.constantFrom(-3, -1, 1, 2);
    await fc.assert(
      fc.asyncProperty(whole, whole, step, async (start, end, by) => {
        const graph = new GraphBuilder('slice');
        const x = graph.input('x', 'float32', ['A', 'B', 'C', 'D']);
        const settings = [[start], [end], [3], [by]].map((values) => graph.ints(values));
        graph.output(graph.node('Slice', [x, ...settings], {}, 'y'), 'float32', null);
        const inferred = inferValues(graph.toModel().graph!, { x: input }).get('y')?.shape;
        expect(inferred).toEqual(await runtimeShape(graph));
      }),
      { numRuns: 100 },
    );
  });

  it('Split: every part', () => {
    const graph = new GraphBuilder('split', { opset: 13 });
    const x = graph.input('x', 'float32', ['A', 'B', 'C', 'D']);
    const sizes = graph.ints([1, 5]);
    const node = createNode({
      opType: 'Split',
      name: 's',
      input: [x, sizes],
      output: ['y', 'z'],
      attributes: { axis: 3 },
    });
    const values = inferValues({ ...graph.toModel().graph!, node: [node] }, { x: input });
    expect([values.get('y')?.shape, values.get('z')?.shape]).toEqual([
      [2, 3, 4, 1],
      [2, 3, 4, 5],
    ]);
  });

  it('stay unknown where the settings are fed', () => {
    const graph = new GraphBuilder('computed');
    const x = graph.input('x', 'float32', ['A', 'B', 'C', 'D']);
    const shape = graph.input('shape', 'int64', [4]);
    graph.output(graph.node('Relu', [graph.node('Reshape', [x, shape])], {}, 'y'), 'float32', null);
    expect(inferValues(graph.toModel().graph!, { x: input }).get('y')?.shape ?? null).toBeNull();
  });
});
