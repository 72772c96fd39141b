import { elementTypes, GraphBuilder, memoryNeed } from '@overread/core/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inferValues } from '../../../../../core/graph/inference/infer.ts';
import { randomTensor, runOnCpu } from '../../../../support/graph-run.ts';

const input = [2, 3, 4, 6] as const;

/** Extents of `x`, by what exporters write; each makes a list of whole numbers. */
const lists: Readonly<Record<string, (g: GraphBuilder, x: string) => string>> = {
  'one extent, and what is left': (g, x) => {
    const one = g.node('Unsqueeze', [g.node('Gather', [g.node('Shape', [x]), g.int(2)]), g.ints([0])]);
    return g.node('Concat', [one, g.ints([7]), one], { axis: 0 });
  },
  'the last extents twice as large': (g, x) => {
    const last = g.node('Slice', [g.node('Shape', [x]), g.ints([2]), g.ints([4]), g.ints([0])]);
    return g.node('Mul', [last, g.ints([2])]);
  },
  'a part of the shape': (g, x) => g.node('Shape', [x], { start: 1, end: -1 }),
  'a scale by way of floats': (g, x) => {
    const floats = g.node('Cast', [g.node('Shape', [x])], { to: elementTypes.float32.code });
    const scaled = g.node('Floor', [g.node('Mul', [floats, g.scalar(1.7)])]);
    return g.node('Cast', [scaled], { to: elementTypes.int64.code });
  },
  'pads as TorchScript turns them round': (g, x) => {
    const missing = g.node('Sub', [g.ints([8]), g.node('Size', [x])]);
    const zeros = g.node('ConstantOfShape', [g.node('Max', [missing, g.ints([4])])], {
      value: { tensor: { ...emptyInt(), int64Data: BigInt64Array.of(5n) } },
    });
    const pairs = g.node('Reshape', [g.node('Concat', [g.ints([1, 2, 3, 4]), zeros], { axis: 0 }), g.ints([-1, 2])]);
    const reversed = g.node('Slice', [pairs, g.ints([-1]), g.ints([-(2 ** 40)]), g.ints([0]), g.ints([-1])]);
    return g.node('Reshape', [g.node('Transpose', [reversed], { perm: [1, 0] }), g.ints([-1])]);
  },
  '-1 in the place of an extent that stays': (g, x) => {
    const wanted = g.ints([-1, 5, -1, 2]);
    const shape = g.node('Shape', [x]);
    return g.node('Where', [g.node('Equal', [wanted, g.ints([-1])]), shape, wanted]);
  },
  'windows of a part': (g, x) => {
    const extents = g.node('Shape', [x]);
    const [height, width] = [2, 3].map((at) => g.node('Gather', [extents, g.int(at)]));
    const windows = [height!, width!].map((extent) => g.node('Div', [extent, g.int(2)]));
    const rest = g.node('Mod', [width!, g.int(4)]);
    const all = [...windows, g.int(2), rest].map((value) => g.node('Unsqueeze', [value, g.ints([0])]));
    return g.node('Concat', all, { axis: 0 });
  },
  'the product of all, and a range of it': (g, x) => {
    const product = g.node('ReduceProd', [g.node('Shape', [x], { start: 1, end: 3 })], { keepdims: 0 });
    return g.node('Range', [g.int(1), product, g.int(4)]);
  },
  'a list stretched': (g, x) => {
    const length = g.node('Shape', [x], { start: 1, end: 2 });
    return g.node('Expand', [g.ints([3]), length]);
  },
};

function emptyInt() {
  return {
    name: '',
    dims: BigInt64Array.of(1n),
    dataType: elementTypes.int64.code,
    floatData: new Float32Array(0),
    int32Data: new Int32Array(0),
    stringData: [],
    doubleData: new Float64Array(0),
    uint64Data: new BigUint64Array(0),
    externalData: [],
    metadataProps: [],
  };
}

/** A value whose very shape is the list. */
function valueOfShape(list: (g: GraphBuilder, x: string) => string): GraphBuilder {
  const graph = new GraphBuilder('reckoned', { opset: 18 });
  const x = graph.input('x', 'float32', ['A', 'B', 'C', 'D']);
  graph.output(graph.node('ConstantOfShape', [list(graph, x)], {}, 'y'), 'float32', null);
  return graph;
}

describe('shapes that a graph reckons itself', () => {
  it.each(Object.entries(lists))('%s: as the runtime has it', async (_, list) => {
    const model = valueOfShape(list).toModel();
    const inferred = inferValues(model.graph!, { x: input }).get('y')?.shape;
    const { dims } = (await runOnCpu(model, { x: randomTensor(input, 2) }))['y']!;
    expect(inferred).toEqual(dims);
  });

  it('whole numbers divide and leave remainders as the runtime has it', async () => {
    const number = fc.integer({ min: -9, max: 9 });
    const divisor = number.filter((value) => value !== 0);
    await fc.assert(
      fc.asyncProperty(number, divisor, fc.boolean(), async (a, b, fmod) => {
        const model = valueOfShape((g) => {
          const [left, right] = [g.ints([a], 'a'), g.ints([b], 'b')];
          const both = [g.node('Div', [left, right]), g.node('Mod', [left, right], { fmod: fmod ? 1 : 0 })];
          return g.node('Add', [g.node('Concat', both, { axis: 0 }), g.ints([10])]);
        }).toModel();
        const { dims } = (await runOnCpu(model, { x: randomTensor(input, 2) }))['y']!;
        expect(inferValues(model.graph!, { x: input }).get('y')?.shape).toEqual(dims);
      }),
      { numRuns: 40 },
    );
  });

  it('are known as far as the extents are that they come from', () => {
    const graph = new GraphBuilder('partly');
    const x = graph.input('x', 'float32', ['A', 'B', 'C', 'D']);
    const known = graph.node('Gather', [graph.node('Shape', [x]), graph.ints([1])]);
    const free = graph.node('Gather', [graph.node('Shape', [x]), graph.ints([2])]);
    for (const [name, list] of [
      ['known', known],
      ['free', free],
    ] as const)
      graph.output(graph.node('ConstantOfShape', [list], {}, name), 'float32', null);
    const values = inferValues(graph.toModel().graph!, { x: [1, 5, null, 3] });
    expect([values.get('known')?.shape, values.get('free')?.shape ?? null]).toEqual([[5], null]);
  });

  it('are not known where they hang on values', () => {
    const graph = new GraphBuilder('computed');
    const x = graph.input('x', 'float32', [3]);
    const list = graph.node('Cast', [x], { to: elementTypes.int64.code });
    graph.output(graph.node('ConstantOfShape', [list], {}, 'y'), 'float32', null);
    expect(inferValues(graph.toModel().graph!).get('y')?.shape ?? null).toBeNull();
  });

  it('count in the memory of a run', () => {
    const graph = new GraphBuilder('window-attention');
    const x = graph.input('x', 'float32', [1, 1, 'D', 'H', 'W']);
    const shape = graph.node('Shape', [x]);
    const extent = (at: number) => graph.node('Gather', [shape, graph.ints([at])]);
    const half = (at: number) => graph.node('Div', [extent(at), graph.ints([2])]);
    const two = graph.ints([2]);
    const parted = graph.node('Concat', [half(2), two, half(3), two, half(4), two], { axis: 0 });
    const apart = graph.node('Transpose', [graph.node('Reshape', [x, parted])], { perm: [0, 2, 4, 1, 3, 5] });
    const tokens = graph.node('Reshape', [apart, graph.ints([-1, 8, 1])]);
    const scores = graph.node('MatMul', [tokens, graph.node('Transpose', [tokens], { perm: [0, 2, 1] })]);
    graph.output(graph.node('Softmax', [scores]), 'float32', null, 'y');
    const need = memoryNeed(graph.toModel(), { x: [1, 1, 4, 6, 8] });
    expect(need).toMatchObject({ unknown: 0, largest: 4 * 24 * 8 * 8 });
  });
});
