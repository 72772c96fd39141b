import { GraphBuilder, memoryNeed } from '@overread/core/graph';
import { describe, expect, it } from 'vitest';
import { randomTensor } from '../../../../support/graph-run.ts';

const voxels = 4 * 5 * 6;
const shapes = { x: [1, 1, 4, 5, 6] };

/** x -> Conv to `widths[0]` -> Relu -> Conv to `widths[1]` … */
function chain(widths: readonly number[]): GraphBuilder {
  const graph = new GraphBuilder('chain');
  let value = graph.input('x', 'float32', [1, 1, 'D', 'H', 'W']);
  let from = 1;
  widths.forEach((to, at) => {
    const weights = graph.initializer(`w${at}`, 'float32', [to, from, 1, 1, 1], randomTensor([to, from], at).data);
    value = graph.node('Relu', [graph.node('Conv', [value, weights])]);
    from = to;
  });
  graph.output(value, 'float32', null, 'y');
  return graph;
}

describe('memory of a run', () => {
  it('is the two layers that stand side by side at the worst moment, and the weights', () => {
    const need = memoryNeed(chain([8, 32, 4]).toModel(), shapes);
    expect(need).toEqual({
      weights: 4 * (8 + 8 * 32 + 32 * 4),
      values: 4 * voxels * (8 + 32),
      largest: 4 * voxels * 32,
      unknown: 0,
    });
  });

  it('counts what a skip connection keeps alive', () => {
    const graph = new GraphBuilder('skip');
    const x = graph.input('x', 'float32', [1, 1, 'D', 'H', 'W']);
    const conv = (value: string, to: number, from: number) =>
      graph.node('Conv', [
        value,
        graph.initializer(`w${to}_${from}`, 'float32', [to, from, 1, 1, 1], randomTensor([to, from], to).data),
      ]);
    const top = conv(x, 10, 1);
    const deep = conv(conv(top, 20, 10), 30, 20);
    graph.output(graph.node('Concat', [deep, top], { axis: 1 }), 'float32', null, 'y');
    // While Concat runs: both that it reads, and what it makes.
    expect(memoryNeed(graph.toModel(), shapes).values).toBe(4 * voxels * (10 + 30 + 40));
  });

  it('says how many values it could not tell, and counts the rest', () => {
    const need = memoryNeed(chain([8]).toModel(), {});
    expect(need).toMatchObject({ values: 0, largest: 0 });
    expect(need.unknown).toBeGreaterThan(0);
  });

  it('counts half-precision floats as two bytes', () => {
    const graph = new GraphBuilder('half');
    const x = graph.input('x', 'float16', [1, 1, 'D', 'H', 'W']);
    graph.output(graph.node('Relu', [x]), 'float16', null, 'y');
    expect(memoryNeed(graph.toModel(), shapes).largest).toBe(2 * voxels);
  });

  it('is a number where a node makes nothing that has a name', () => {
    const model = chain([8]).toModel();
    const graph = model.graph!;
    const unnamed = { ...graph.node[1]!, output: [''] };
    const need = memoryNeed({ ...model, graph: { ...graph, node: [...graph.node, unnamed] } }, shapes);
    expect(need.values).toBe(4 * voxels * (8 + 8));
  });

  it('is a number where extents multiply beyond any', () => {
    const graph = new GraphBuilder('beyond');
    let value = graph.input('x', 'float32', new Array<number>(40).fill(2 ** 31));
    for (let at = 0; at < 3; at++) value = graph.node('Softmax', [value]);
    graph.output(value, 'float32', null, 'y');
    expect(memoryNeed(graph.toModel()).largest).toBe(Number.MAX_SAFE_INTEGER);
  });
});
