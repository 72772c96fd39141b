import { elementTypes, GraphBuilder, rewriteForTarget } from '@overread/core/graph';
import { describe, expect, it } from 'vitest';
import { randomTensor, runOnCpu } from '../../../../support/graph-run.ts';

type Choose = (graph: GraphBuilder, logits: string) => string;

const cast = (graph: GraphBuilder, value: string, to: 'uint8' | 'float32') =>
  graph.node('Cast', [value], { to: elementTypes[to].code });
const argMax: Choose = (graph, logits) => graph.node('ArgMax', [logits], { axis: 1 });

/** A convolution to three channels, and what makes labels of it. */
function graphOf(choose: Choose, type: 'int64' | 'uint8' | 'float32' | 'bool'): GraphBuilder {
  const graph = new GraphBuilder('chosen', { opset: 13 });
  const x = graph.input('x', 'float32', [1, 1, 3, 4, 5]);
  const w = graph.initializer('w', 'float32', [3, 1, 1, 1, 1], Float32Array.of(1, -2, 3));
  graph.output(choose(graph, graph.node('Conv', [x, w])), type, null, 'labels');
  return graph;
}

const endings: readonly (readonly [string, Choose, 'int64' | 'uint8' | 'float32' | 'bool'])[] = [
  ['ArgMax', argMax, 'int64'],
  ['ArgMax and Cast', (g, v) => cast(g, argMax(g, v), 'uint8'), 'uint8'],
  [
    'ArgMax, cast to floats and scaled',
    (g, v) => g.node('Mul', [cast(g, argMax(g, v), 'float32'), g.scalar(2)]),
    'float32',
  ],
  ['Softmax and ArgMax', (g, v) => argMax(g, g.node('Softmax', [v], { axis: 1 })), 'int64'],
  ['a threshold', (g, v) => g.node('Greater', [g.node('Sigmoid', [v]), g.scalar(0.5)]), 'bool'],
  [
    'a threshold that picks one of two constants',
    (g, v) => g.node('Where', [g.node('Less', [v, g.scalar(0)]), g.scalar(1), g.scalar(2)]),
    'float32',
  ],
  ['a rounding Cast', (g, v) => cast(g, v, 'uint8'), 'uint8'],
];

describe('outputs chosen inside the graph', () => {
  it.each(endings)('tell by a sum that they were chosen from NaN: %s', async (_, choose, type) => {
    const model = graphOf(choose, type).toModel();
    const { model: rewritten, watched, applied } = rewriteForTarget(model, 'node-cpu');
    expect(applied).toHaveLength(1);
    expect(watched).toMatchObject([{ output: 'labels' }]);
    const [{ sum }] = watched as [(typeof watched)[0]];
    const x = randomTensor([1, 1, 3, 4, 5], 3);
    const [before, after] = [await runOnCpu(model, { x }), await runOnCpu(rewritten, { x })];
    expect(after['labels']!.data).toEqual(before['labels']!.data);
    expect(Number.isNaN(Number(after[sum]!.data[0]))).toBe(false);

    x.data[37] = NaN;
    expect(Number.isNaN(Number((await runOnCpu(rewritten, { x }))[sum]!.data[0]))).toBe(true);
  });

  it('are summed once where two outputs are chosen from one value', () => {
    const graph = graphOf(argMax, 'int64');
    graph.output(graph.node('Greater', ['conv_1', graph.scalar(0)]), 'bool', null, 'mask');
    const { watched, applied } = rewriteForTarget(graph.toModel(), 'wasm');
    expect(applied).toHaveLength(1);
    expect(watched.map(({ output }) => output).sort()).toEqual(['labels', 'mask']);
    expect(new Set(watched.map(({ sum }) => sum)).size).toBe(1);
  });

  it.each([
    ['floats, which show it themselves', (g: GraphBuilder, v: string) => g.node('Sigmoid', [v]), 'float32'],
    ['what asks for NaN', (g: GraphBuilder, v: string) => g.node('IsNaN', [v]), 'bool'],
    ['shapes', (g: GraphBuilder, v: string) => g.node('Shape', [v]), 'int64'],
  ] as const)('are not looked for among %s', (_, choose, type) => {
    const model = graphOf(choose, type).toModel();
    expect(rewriteForTarget(model, 'node-cpu')).toMatchObject({ model, applied: [], watched: [] });
  });
});
