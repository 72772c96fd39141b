import { describe, expect, it } from 'vitest';
import { GraphBuilder, readModel, smallerWindows } from '@overread/core/graph';
import { randomTensor, runOnCpu } from '../../../../support/graph-run.ts';
import { meshNet, uNet } from '../../../../support/networks.ts';

type Size = readonly [number, number, number];

const offered = (graph: Uint8Array, size: Size, names: { input?: string; output?: string } = {}) =>
  smallerWindows(readModel(graph), {
    input: names.input ?? 'input',
    channels: 1,
    size,
    outputs: [names.output ?? 'logits'],
  });

/** A graph of one input [1, 1, D, H, W] that is built further by a test. */
function graphOf(
  build: (graph: GraphBuilder, input: string) => string,
  extents: readonly (number | string)[] = ['D', 'H', 'W'],
) {
  const graph = new GraphBuilder('made');
  const input = graph.input('input', 'float32', [1, 1, ...extents]);
  graph.output(build(graph, input), 'float32', [1, 1, ...extents], 'logits');
  return graph.toBytes();
}

const kernel = (graph: GraphBuilder, size: number) =>
  graph.initializer(`k${size}`, 'float32', [1, 1, size, size, size], new Float32Array(size ** 3).fill(0.1));

describe('smaller windows', () => {
  it.each<[string, Uint8Array, Size, Size[]]>([
    [
      'a network without strides',
      meshNet(3, 2, [1, 2, 1]),
      [30, 31, 33],
      [
        [22, 23, 24],
        [15, 15, 16],
      ],
    ],
    [
      'a U-Net of strides 4',
      uNet(2, 3, 2),
      [16, 24, 32],
      [
        [12, 16, 24],
        [8, 12, 16],
      ],
    ],
    [
      'a U-Net of strides 8',
      uNet(2, 4, 2),
      [32, 32, 32],
      [
        [24, 24, 24],
        [16, 16, 16],
      ],
    ],
    ['an axis that has no smaller one', uNet(2, 4, 2), [16, 32, 32], []],
    ['a window of two steps', uNet(2, 3, 2), [8, 8, 8], []],
  ])('of %s are whole steps of it, and run', async (_, graph, size, wanted) => {
    const found = offered(graph, size);
    expect(found).toEqual(wanted);
    for (const smaller of found) {
      const { logits } = await runOnCpu(graph, { input: randomTensor([1, 1, ...smaller], 1) });
      expect(logits?.dims).toEqual([1, 2, ...smaller]);
    }
  });

  it('are found where the graph reckons its extents itself', async () => {
    const graph = graphOf((g, input) => {
      const down = g.node('Conv', [input, kernel(g, 2)], { strides: [2, 2, 2] });
      const shape = g.node('Shape', [input]);
      const roi = g.initializer('none', 'float32', [0], new Float32Array(0));
      const up = g.node('Resize', [down, roi, roi, shape], { mode: 'nearest' });
      return g.node('Add', [up, input]);
    });
    const found = offered(graph, [12, 12, 12]);
    expect(found).toEqual([
      [8, 8, 8],
      [6, 6, 6],
    ]);
    for (const smaller of found) {
      const { logits } = await runOnCpu(graph, { input: randomTensor([1, 1, ...smaller], 1) });
      expect(logits?.dims).toEqual([1, 1, ...smaller]);
    }
  });

  it.each<[string, Uint8Array]>([
    ['fixes its extents', graphOf((g, input) => g.node('Conv', [input, kernel(g, 1)]), [16, 16, 16])],
    [
      'adds what it has learnt of each place',
      graphOf((g, input) => {
        const places = g.initializer('places', 'float32', [1, 1, 16, 16, 16], new Float32Array(4096));
        return g.node('Add', [input, places]);
      }),
    ],
    [
      'gives one extent to whatever it is fed',
      graphOf((g, input) => {
        const roi = g.initializer('none', 'float32', [0], new Float32Array(0));
        const sizes = g.initializer('sizes', 'int64', [5], BigInt64Array.of(1n, 1n, 16n, 16n, 16n));
        return g.node('Resize', [g.node('Conv', [input, kernel(g, 1)]), roi, roi, sizes], { mode: 'nearest' });
      }),
    ],
    [
      'looks at so many values at once',
      graphOf((g, input) => {
        const flat = g.initializer('flat', 'int64', [2], BigInt64Array.of(1n, 4096n));
        const back = g.initializer('back', 'int64', [5], BigInt64Array.of(1n, 1n, 16n, 16n, 16n));
        return g.node('Reshape', [g.node('Reshape', [input, flat]), back]);
      }),
    ],
    ['multiplies matrices', graphOf((g, input) => g.node('MatMul', [input, input]))],
    ['has operators of others', graphOf((g, input) => g.node('Relu', [g.node('Erode', [input], {})]))],
    [
      'joins what only a multiple makes equal',
      graphOf((g, input) => {
        const down = g.node('MaxPool', [input], { kernel_shape: [16, 16, 16], strides: [16, 16, 16] });
        const scales = g.initializer('scales', 'float32', [5], Float32Array.of(1, 1, 16, 16, 16));
        const roi = g.initializer('none', 'float32', [0], new Float32Array(0));
        return g.node('Add', [g.node('Resize', [down, roi, scales], { mode: 'nearest' }), input]);
      }),
    ],
  ])('there are none of a graph that %s', (_, graph) => {
    expect(offered(graph, [16, 16, 16])).toEqual([]);
  });

  it('there are none of a graph that is asked for by other names', () => {
    expect(offered(meshNet(2, 2, [1]), [16, 16, 16], { input: 'other' })).toEqual([]);
    expect(offered(meshNet(2, 2, [1]), [16, 16, 16], { output: 'other' })).toEqual([]);
  });
});
