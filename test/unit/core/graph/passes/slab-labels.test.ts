import { GraphBuilder, memoryNeed, notFiniteLabel, readModel, type ModelProto } from '@overread/core/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withSlabLabels } from '../../../../../core/graph/passes/slab-labels.ts';
import { randomTensor, runOnCpu } from '../../../../support/graph-run.ts';
import { meshNet, uNet } from '../../../../support/networks.ts';
import {
  endingGraph,
  expectHighest,
  extentAfter,
  slabCases,
  type Ending,
  type LastLayer,
} from '../../../../support/slab-graphs.ts';

function sliced(model: ModelProto, output: string, depth: number, slabs: number, shape: readonly number[]): ModelProto {
  const made = withSlabLabels(model, { output, depth, slabs, inputShapes: { input: shape } });
  if ('because' in made) throw new Error(made.because);
  return made;
}

describe('labels chosen slab by slab', () => {
  it('are those of the whole, whatever the last layer is and what comes behind it', async () => {
    await fc.assert(
      fc.asyncProperty(slabCases, async ({ read, slabs, ...ending }) => {
        const extents = read.map((extent) => extentAfter(ending.layer, extent));
        fc.pre(extents.every((extent) => extent >= 1));
        const shape = [1, 1, ...read];
        const output = ending.chooses ? 'labels' : 'logits';
        const model = readModel(endingGraph(ending));
        const made = sliced(model, output, extents[0]!, Math.min(slabs, extents[0]!), shape);
        const feeds = { input: randomTensor(shape, 7) };
        const answer = (await runOnCpu(made, feeds))[output]!;
        expect(answer.dims).toEqual([1, 1, ...extents]);
        const logits = (await runOnCpu(endingGraph({ ...ending, chooses: false }), feeds))['logits']!;
        expectHighest(answer.data as Uint8Array, logits.data as Float32Array);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  const plain: LastLayer = {
    kind: 'Conv',
    kernel: 3,
    stride: 1,
    dilation: 1,
    pads: [1, 1],
    outputPadding: 0,
    mode: 'linear',
    positions: 'half_pixel',
  };
  const shape = [1, 1, 8, 6, 7];

  it('of half precision are summed up in single precision', () => {
    const ending: Ending = { layer: plain, after: [], chooses: false, type: 'float16' };
    const made = sliced(readModel(endingGraph(ending)), 'logits', 8, 3, shape);
    const casts = made.graph!.node.filter(({ opType }) => opType === 'Cast');
    // One for labels and one for the sum, of each slab.
    expect(casts).toHaveLength(6);
  });

  it('say by a value of their own that logits of their slab are no numbers, and of no other slab', async () => {
    const made = sliced(readModel(endingGraph({ layer: plain, after: [], chooses: true })), 'labels', 8, 4, shape);
    const input = randomTensor(shape, 7);
    input.data[6 * 7 * 7 + 3] = NaN;
    const labels = (await runOnCpu(made, { input }))['labels']!.data as Uint8Array;
    const slices = Array.from({ length: 8 }, (_, k) => labels[k * 42] === notFiniteLabel);
    // Slice 7 and, by the kernel, slice 6: one slab.
    expect(slices).toEqual([false, false, false, false, false, false, true, true]);
  });

  it.each(['Conv', 'ConvTranspose', 'Resize'] as const)('take a part of the memory: %s', (kind) => {
    const layer = { ...plain, kind, ...(kind === 'Conv' ? {} : { kernel: 2, stride: 2, pads: [0, 0] as const }) };
    const model = readModel(endingGraph({ layer, after: ['Softmax'], chooses: false }));
    const read = [1, 1, 16, 16, 16];
    const made = sliced(model, 'logits', extentAfter(layer, 16), 8, read);
    const [before, after] = [memoryNeed(model, { input: read }), memoryNeed(made, { input: read })];
    expect(after.unknown).toBe(0);
    expect(after.values).toBeLessThan(0.85 * before.values);
  });

  const logits = (build: (graph: GraphBuilder, x: string) => string): ModelProto => {
    const graph = new GraphBuilder('refused', { opset: 17 });
    graph.output(build(graph, graph.input('input', 'float32', [1, 4, 'D', 'H', 'W'])), 'float32', null, 'logits');
    return graph.toModel();
  };
  const weights = (graph: GraphBuilder, side: number) =>
    graph.initializer('w', 'float32', [4, 4, side, side, side], randomTensor([16, side ** 3], 1).data);
  it.each<readonly [string, ModelProto, RegExp]>([
    [
      'InstanceNormalization',
      logits((g, x) => {
        const [scale, shift] = ['s', 'b'].map((name) =>
          g.initializer(name, 'float32', [4], new Float32Array(4).fill(1)),
        );
        return g.node('InstanceNormalization', [g.node('Conv', [x, weights(g, 1)]), scale!, shift!]);
      }),
      /InstanceNormalization\): it is none of the layers/,
    ],
    [
      'a sum of two branches',
      logits((g, x) => g.node('Add', [g.node('Conv', [x, weights(g, 1)]), x])),
      /Add\): it joins values that are made apart/,
    ],
    [
      'a softmax along another axis',
      logits((g, x) => g.node('Softmax', [g.node('Conv', [x, weights(g, 1)])], { axis: 2 })),
      /Softmax\): it works along more than the channels/,
    ],
    [
      'a Resize by three',
      logits((g, x) => g.node('Resize', [x, '', g.initializer('s', 'float32', [5], Float32Array.of(1, 1, 3, 3, 3))])),
      /Resize\): its factor along the slices is no power of two/,
    ],
    [
      'a stride along the slices',
      logits((g, x) => g.node('Conv', [x, weights(g, 2)], { strides: [2, 1, 1] })),
      /Conv\): it has a stride along the slices/,
    ],
  ])('are refused for %s, naming the node', (_, model, why) => {
    const made = withSlabLabels(model, {
      output: 'logits',
      depth: 8,
      slabs: 2,
      inputShapes: { input: [1, 4, 8, 8, 8] },
    });
    expect(made).toEqual({ because: expect.stringMatching(why) as string });
  });

  it('are possible for networks that end in a 1x1x1 convolution', () => {
    for (const bytes of [meshNet(4, 9, [1, 2]), uNet(2, 2, 3)]) {
      const made = withSlabLabels(readModel(bytes), { output: 'logits', depth: 8, slabs: 2 });
      expect(made).not.toHaveProperty('because');
    }
  });
});
