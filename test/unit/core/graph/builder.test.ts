import { float, GraphBuilder, readModel } from '@overread/core/graph';
import { describe, expect, it } from 'vitest';
import { runOnCpu } from '../../../support/graph-run.ts';

const invalid = expect.objectContaining({ code: 'graph.invalid' }) as Error;

describe('the graph builder', () => {
  it('builds a graph that runs', async () => {
    const graph = new GraphBuilder('line');
    const x = graph.input('x', 'float32', ['N']);
    const scaled = graph.node('Mul', [x, graph.scalar(3)]);
    const rounded = graph.node('LeakyRelu', [graph.node('Add', [scaled, graph.scalar(-1)])], { alpha: float(0.5) });
    graph.output(rounded, 'float32', ['N'], 'y');
    const { y } = await runOnCpu(graph.toBytes(), { x: { dims: [3], data: Float32Array.of(-1, 0, 2) } });
    expect(y?.data).toEqual(Float32Array.of(-2, -0.5, 5));
  });

  it('writes equal constants without a name once, and the same bytes every time', () => {
    const build = () => {
      const graph = new GraphBuilder('constants');
      const x = graph.input('x', 'float32', [2]);
      expect([graph.scalar(2), graph.scalar(2), graph.scalar(2, 'two'), graph.scalar(-0), graph.scalar(0)]).toEqual([
        'scalar_1',
        'scalar_1',
        'two',
        'scalar_2',
        'scalar_3',
      ]);
      expect([graph.ints([2]), graph.ints([2]), graph.ints([2, 0]), graph.int(2)]).toEqual([
        'ints_1',
        'ints_1',
        'ints_2',
        'int_1',
      ]);
      graph.output(graph.node('Relu', [x]), 'float32', [2]);
      return graph.toBytes();
    };
    expect(readModel(build()).graph?.initializer.map(({ dims }) => dims.length)).toEqual([0, 0, 0, 0, 1, 1, 0]);
    expect(build()).toEqual(build());
  });

  it('gives operators of other domains their domain', () => {
    const graph = new GraphBuilder('other', { domains: { 'com.microsoft': 1 } });
    graph.output(graph.node('com.microsoft:QuickGelu', [graph.input('x', 'float32', [1])]), 'float32', [1]);
    const { graph: read, opsetImport } = readModel(graph.toBytes());
    expect(read?.node[0]).toMatchObject({ opType: 'QuickGelu', domain: 'com.microsoft' });
    expect(opsetImport).toEqual([
      { domain: '', version: 17n },
      { domain: 'com.microsoft', version: 1n },
    ]);
  });

  it('writes negative numbers and lists of floats', () => {
    const graph = new GraphBuilder('attributes');
    const x = graph.input('x', 'float32', [1]);
    graph.node('Op', [x], { axis: -1, axes: [-2, 3], scales: float([0.5, -1]), mode: 'ä' });
    const attributes = readModel(graph.toBytes()).graph!.node[0]!.attribute;
    expect(
      attributes.map(({ i, ints, floats, s }) => [i, [...ints], [...floats], new TextDecoder().decode(s)]),
    ).toEqual([
      [-1n, [], [], ''],
      [undefined, [-2n, 3n], [], ''],
      [undefined, [], [0.5, -1], ''],
      [undefined, [], [], 'ä'],
    ]);
  });

  it('refuses what no runtime would load', () => {
    const graph = new GraphBuilder('wrong');
    const x = graph.input('x', 'float32', [1]);
    expect(() => graph.input('x', 'float32', [1])).toThrow(invalid);
    expect(() => graph.node('Relu', ['nothing'])).toThrow(invalid);
    expect(() => graph.output('nothing', 'float32', [1])).toThrow(invalid);
    expect(() => graph.initializer('w', 'float32', [2, 2], new Float32Array(3))).toThrow(invalid);
    expect(() => graph.node('LeakyRelu', [x], { alpha: 0.1 })).toThrow(invalid);
  });
});
