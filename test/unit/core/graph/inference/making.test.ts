import { elementTypes, float, GraphBuilder, type Attributes } from '@overread/core/graph';
import { describe, expect, it } from 'vitest';
import { createTensor } from '../../../../../core/graph/tensor/create.ts';
import { inferValues } from '../../../../../core/graph/inference/infer.ts';
import { randomTensor, runOnCpu } from '../../../../support/graph-run.ts';

const input = [2, 3, 4] as const;

interface Maker {
  readonly op: string;
  readonly inputs: (graph: GraphBuilder, x: string) => readonly string[];
  readonly attributes?: Attributes;
  readonly type?: 'int64' | 'float32';
}

const eight = { tensor: createTensor('', 'int64', [1], BigInt64Array.of(8n)) };
const labels = (graph: GraphBuilder, x: string): string => graph.node('ArgMax', [x], { axis: 1, keepdims: 0 });
const offAndOn = (graph: GraphBuilder): string => graph.initializer('values', 'float32', [2], Float32Array.of(0, 1));
const range = (...settings: readonly number[]) => ({
  op: 'Range',
  type: 'int64' as const,
  inputs: (graph: GraphBuilder) =>
    settings.map((value, at) => graph.initializer(`r${at}`, 'int64', [], BigInt64Array.of(BigInt(value)))),
});

const makers: readonly Maker[] = [
  { op: 'ConstantOfShape', inputs: (graph) => [graph.ints([3, 1, 5])] },
  { op: 'ConstantOfShape', attributes: { value: eight }, type: 'int64', inputs: (graph) => [graph.ints([7])] },
  range(2, 11, 3),
  range(5, -4, -2),
  range(3, 1, 1),
  { op: 'OneHot', inputs: (graph, x) => [labels(graph, x), graph.ints([6]), offAndOn(graph)] },
  { op: 'OneHot', attributes: { axis: 1 }, inputs: (graph, x) => [labels(graph, x), graph.ints([6]), offAndOn(graph)] },
  {
    op: 'OneHot',
    attributes: { axis: -3 },
    inputs: (graph, x) => [labels(graph, x), graph.ints([6]), offAndOn(graph)],
  },
  { op: 'RandomNormal', attributes: { shape: [4, 2] }, inputs: () => [] },
  { op: 'RandomUniformLike', inputs: (_, x) => [x] },
  { op: 'GatherElements', attributes: { axis: 1 }, inputs: (graph, x) => [x, graph.node('ArgMax', [x], { axis: 1 })] },
  { op: 'Expand', inputs: (graph, x) => [x, graph.ints([5, 1, 1, 4])] },
  { op: 'Tile', inputs: (graph, x) => [x, graph.ints([1, 2, 3])] },
];

describe('types and shapes of values that settings make', () => {
  it.each(makers.map((maker, at) => [`${maker.op} (${at})`, maker] as const))(
    '%s: as the runtime has them',
    async (_, maker) => {
      const graph = new GraphBuilder('maker', { opset: 18 });
      const x = graph.input('x', 'float32', ['A', 'B', 'C']);
      const type = maker.type ?? 'float32';
      const y = graph.node(maker.op, maker.inputs(graph, x), maker.attributes ?? {}, 'made');
      graph.output(graph.node('Cast', [y], { to: elementTypes.float32.code }, 'y'), 'float32', null);
      const made = (await runOnCpu(graph.toModel(), { x: randomTensor(input, 2) }))['y']!.dims;
      expect(inferValues(graph.toModel().graph!, { x: input }).get(y)).toEqual({ type, shape: made });
    },
  );

  it.each([
    ['value_ints', 'ConstantOfShape', { value_ints: [2, 6] }, [2, 6]],
    ['value_int', 'Range', { value_int: 5 }, [5]],
    ['value_float', 'Range', { value_float: float(3.5) }, [4]],
    ['value_floats', 'Resize', { value_floats: float([2, 1, 1.5]) }, [4, 3, 6]],
  ] as const)('are known where a Constant says %s', async (_, op, attributes, shape) => {
    const graph = new GraphBuilder('constant', { opset: 18 });
    const x = graph.input('x', 'float32', ['A', 'B', 'C']);
    const constant = graph.node('Constant', [], attributes);
    const counting = 'value_float' in attributes ? 'float32' : 'int64';
    const step = (name: string, value: number): string =>
      graph.initializer(
        name,
        counting,
        [],
        counting === 'int64' ? BigInt64Array.of(BigInt(value)) : Float32Array.of(value),
      );
    const inputs = {
      ConstantOfShape: () => [constant],
      Range: () => [step('from', 0), constant, step('by', 1)],
      Resize: () => [x, '', constant],
    }[op]();
    const y = graph.node(op, inputs, op === 'Resize' ? { mode: 'nearest' } : {});
    graph.output(graph.node('Cast', [y], { to: elementTypes.float32.code }, 'y'), 'float32', null);
    expect((await runOnCpu(graph.toModel(), { x: randomTensor(input, 2) }))['y']!.dims).toEqual(shape);
    expect(inferValues(graph.toModel().graph!, { x: input }).get(y)?.shape).toEqual(shape);
  });

  it('are not known where the settings are fed, or are none', () => {
    const graph = new GraphBuilder('computed');
    const x = graph.input('x', 'float32', ['A', 'B', 'C']);
    const zero = graph.initializer('zero', 'int64', [], BigInt64Array.of(0n));
    graph.node('ConstantOfShape', [graph.input('shape', 'int64', [3])], {}, 'of shape');
    graph.node('Range', [zero, graph.node('Size', [x]), zero], {}, 'to size');
    graph.node('Range', [zero, zero, zero], {}, 'without a step');
    graph.node('ConstantOfShape', [graph.ints([-4, 2])], {}, 'negative');
    const values = inferValues(graph.toModel().graph!, { x: input });
    expect(['of shape', 'to size', 'without a step', 'negative'].map((name) => values.get(name)?.shape)).toEqual([
      null,
      [null],
      [null],
      [null, 2],
    ]);
  });
});
