import { describe, expect, it } from 'vitest';
import { GraphBuilder, readModel, type ModelProto } from '@overread/core/graph';
import { reachOf, type Reach } from '../../../../../core/graph/reach/reach.ts';
import { randomValues, runOnCpu } from '../../../../support/graph-run.ts';
import { meshNet, uNet } from '../../../../support/networks.ts';

const shape = [1, 1, 'D', 'H', 'W'];

interface Made {
  readonly graph: GraphBuilder;
  readonly weights: (dims: readonly number[]) => string;
}

/** A graph from `input` to `out`. */
function built(make: (value: string, made: Made) => string): ModelProto {
  const graph = new GraphBuilder('built');
  let count = 0;
  const weights = (dims: readonly number[]): string => {
    const size = dims.reduce((product, extent) => product * extent, 1);
    return graph.initializer(`w${++count}`, 'float32', dims, randomValues(size, count));
  };
  const value = make(graph.input('input', 'float32', shape), { graph, weights });
  graph.output(value, 'float32', [1, 'C', 'D', 'H', 'W'], 'out');
  return readModel(graph.toBytes());
}

/** Changes voxels one by one along an axis and looks which outputs change: the reach as it is. */
async function measured(model: ModelProto, extents: readonly number[], axis: number) {
  const dims = [1, 1, ...extents];
  const count = extents.reduce((product, extent) => product * extent, 1);
  const stride = extents.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const middle = Math.floor(count / 2) - (Math.floor(Math.floor(count / 2) / stride) % extents[axis]!) * stride;
  const data = randomValues(count, 77);
  const outputOf = async (values: Float32Array): Promise<Float32Array> =>
    (await runOnCpu(model, { input: { dims, data: values } }))['out']!.data as Float32Array;
  const plain = await outputOf(data);
  let [before, after] = [0, 0];
  for (let at = 0; at < extents[axis]!; at++) {
    const changed = await outputOf(data.with(middle + at * stride, 5));
    changed.forEach((value, n) => {
      if (Math.abs(value - plain[n]!) < 1e-6) return;
      const distance = at - (Math.floor((n % count) / stride) % extents[axis]!);
      before = Math.max(before, -distance);
      after = Math.max(after, distance);
    });
  }
  return { before, after };
}

const unlike = built((value, { graph, weights }) => {
  // A kernel of 5, 3 and 2 with unlike padding.
  const attributes = { pads: [1, 2, 0, 3, 0, 1], dilations: [1, 1, 1] };
  return graph.node('Relu', [graph.node('Conv', [value, weights([2, 1, 5, 3, 2])], attributes)]);
});
const downAndUp = built((value, { graph, weights }) => {
  const pads = { pads: [1, 1, 1, 1, 1, 1] };
  const first = graph.node('Conv', [value, weights([2, 1, 3, 3, 3])], pads);
  const down = graph.node('MaxPool', [first], { kernel_shape: [2, 2, 2], strides: [2, 2, 2] });
  const deep = graph.node('Conv', [down, weights([3, 2, 3, 3, 3])], pads);
  const up = graph.node('ConvTranspose', [deep, weights([3, 2, 2, 2, 2])], { strides: [2, 2, 2] });
  return graph.node('Add', [graph.node('Concat', [up, first], { axis: 1 }), weights([1, 4, 1, 1, 1])]);
});

/** The reach of a graph that has one. */
function reached(model: ModelProto): Reach {
  const reach = reachOf(model, 'input', ['out']);
  if ('because' in reach) throw new Error(reach.because);
  return reach;
}

describe('reachOf', () => {
  it('is the sum of the dilations for a MeshNet', () => {
    expect(reachOf(readModel(meshNet(3, 4, [1, 2, 4, 1])), 'input', ['logits'])).toEqual({
      before: [8, 8, 8],
      after: [8, 8, 8],
      alignment: [1, 1, 1],
    });
  });

  it('is what changing voxels one by one shows', async () => {
    const reach = reached(unlike);
    const extents = [9, 8, 7];
    for (const axis of [0, 1, 2]) {
      expect(await measured(unlike, extents, axis)).toEqual({
        before: reach.before[axis],
        after: reach.after[axis],
      });
    }
  });

  it('covers what strides and transposed convolutions look at, and knows their alignment', async () => {
    const reach = reached(downAndUp);
    expect(reach).toMatchObject({ alignment: [2, 2, 2] });
    const { before, after } = await measured(downAndUp, [16, 2, 2], 0);
    expect(reach.before[0]).toBeGreaterThanOrEqual(before);
    expect(reach.after[0]).toBeGreaterThanOrEqual(after);
    // Not the whole volume to be safe: one voxel of slack at most, as positions in a cell of two differ.
    expect(reach.before[0]).toBeLessThanOrEqual(before + 1);
    expect(reach.after[0]).toBeLessThanOrEqual(after + 1);
  });

  it.each<[string, string, ModelProto]>([
    ['InstanceNormalization', 'over the whole volume', readModel(uNet(2, 2, 2))],
    [
      'GlobalAveragePool',
      'over the whole volume',
      built((value, { graph }) => graph.node('Mul', [value, graph.node('GlobalAveragePool', [value])])),
    ],
    ['Softmax', 'spatial axis', built((value, { graph }) => graph.node('Softmax', [value], { axis: -1 }))],
    [
      'Add',
      'differs from voxel to voxel',
      built((value, { graph, weights }) => graph.node('Add', [value, weights([1, 1, 1, 1, 5])])),
    ],
    ['Resize', 'not known', built((value, { graph, weights }) => graph.node('Resize', [value, '', weights([5])]))],
  ])('says of %s that it looks at or depends on more than a neighbourhood', (opType, why, model) => {
    const { because } = reachOf(
      model,
      'input',
      model.graph!.output.map(({ name }) => name),
    ) as { because: string };
    expect(because).toContain(`(${opType})`);
    expect(because).toContain(why);
  });

  const pool = (settings: Record<string, readonly number[]>) =>
    built((value, { graph }) => graph.node('MaxPool', [value], { kernel_shape: [3, 3, 3], ...settings }));
  it.each<[string, ModelProto]>([
    ['its window has no size', pool({ strides: [1, 0, 1] })],
    ['its window has no size', pool({ dilations: [1, -2, 1] })],
    ['it looks further than any volume reaches', pool({ dilations: [1, 1, 2 ** 40] })],
    ['it looks further than any volume reaches', pool({ pads: [0, 0, 2 ** 50, 0, 0, 0] })],
    ['it looks further than any volume reaches', pool({ strides: [2 ** 50, 1, 1] })],
    [
      'its steps have no common multiple in a volume',
      built((value, { graph, weights }) => {
        const strides = [101, 103, 107, 109, 113].map((stride) => ({ strides: [stride, 1, 1] }));
        const w = weights([1, 1, 1, 1, 1]);
        return strides.reduce(
          (made, stride) => graph.node('ConvTranspose', [graph.node('Conv', [made, w], stride), w], stride),
          graph.node('Conv', [value, w]),
        );
      }),
    ],
  ])('is not followed where %s', (why, model) => {
    expect(reachOf(model, 'input', ['out'])).toEqual({ because: expect.stringContaining(why) as string });
  });

  it('knows the alignment of steps that are no whole numbers', () => {
    const model = built((value, { graph, weights }) => {
      const w = weights([1, 1, 1, 1, 1]);
      const down = graph.node('Conv', [value, w], { strides: [3, 3, 3] });
      const between = graph.node('ConvTranspose', [down, w], { strides: [2, 2, 2] });
      return graph.node('ConvTranspose', [graph.node('Conv', [between, w], { strides: [2, 2, 2] }), w], {
        strides: [3, 3, 3],
      });
    });
    expect(reached(model).alignment).toEqual([3, 3, 3]);
  });

  it('says where an output is not voxel for voxel', () => {
    const half = built((value, { graph, weights }) =>
      graph.node('Conv', [value, weights([1, 1, 2, 2, 2])], { strides: [2, 2, 2] }),
    );
    expect(reachOf(half, 'input', ['out'])).toEqual({ because: expect.stringContaining("'out'") as string });
  });
});
