import { GraphBuilder, type ElementType } from '@overread/core/graph';
import { toFloat16 } from '../../core/pipeline/float16.ts';
import fc from 'fast-check';
import { expect } from 'vitest';
import { randomValues } from './graph-run.ts';

/** The last layer of a network: `to` is the number of classes, and D of what it reads is worked out from that of its output. */
export interface LastLayer {
  readonly kind: 'Conv' | 'ConvTranspose' | 'Resize';
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pads: readonly [head: number, tail: number];
  readonly outputPadding: number;
  readonly mode: 'nearest' | 'linear';
  readonly positions: 'half_pixel' | 'asymmetric';
}

export interface Ending {
  readonly layer: LastLayer;
  readonly after: readonly ('Softmax' | 'Relu' | 'Sigmoid' | 'Add' | 'BatchNormalization')[];
  /** Whether the graph itself chooses labels at the end. */
  readonly chooses: boolean;
  readonly type?: Extract<ElementType, 'float32' | 'float16'>;
}

const slabClasses = 5;
const features = 3;

/** Extent of the layer's output for so many slices, rows or columns of its input. */
export function extentAfter(
  { kind, kernel, stride, dilation, pads: [head, tail], outputPadding }: LastLayer,
  read: number,
): number {
  const reach = dilation * (kernel - 1);
  if (kind === 'Conv') return read + head + tail - reach;
  if (kind === 'Resize') return read * stride;
  return stride * (read - 1) + kernel + outputPadding - head - tail;
}

/** Input `input` [1, 1, D, H, W]; output `logits` [1, 5, …], or `labels` of it. */
export function endingGraph({ layer, after, chooses, type = 'float32' }: Ending): Uint8Array {
  const graph = new GraphBuilder('ending', { opset: 17 });
  let seed = 0;
  const values = (dims: readonly number[], shift = 0): string => {
    const made = randomValues(
      dims.reduce((product, extent) => product * extent, 1),
      ++seed,
    ).map((value) => value + shift);
    return graph.initializer(`w${seed}`, type, dims, type === 'float16' ? toFloat16(made) : made);
  };
  const all = <T>(value: T): T[] => [value, value, value];
  const { kernel, stride, dilation, outputPadding, mode, positions } = layer;
  const pads = [...all(layer.pads[0]), ...all(layer.pads[1])];
  const read = graph.node('Tanh', [
    graph.node('Conv', [
      graph.input('input', type, [1, 1, 'D', 'H', 'W']),
      values([layer.kind === 'Resize' ? slabClasses : features, 1, 1, 1, 1]),
    ]),
  ]);
  const made = {
    Conv: () =>
      graph.node('Conv', [read, values([slabClasses, features, ...all(kernel)]), values([slabClasses])], {
        pads,
        dilations: all(dilation),
      }),
    ConvTranspose: () =>
      graph.node('ConvTranspose', [read, values([features, slabClasses, ...all(kernel)]), values([slabClasses])], {
        pads,
        strides: all(stride),
        output_padding: all(outputPadding),
      }),
    Resize: () =>
      graph.node(
        'Resize',
        [read, '', graph.initializer('scales', 'float32', [5], Float32Array.of(1, 1, stride, stride, stride))],
        { mode, coordinate_transformation_mode: positions, nearest_mode: 'floor' },
      ),
  };
  let value = made[layer.kind]();
  for (const opType of after) {
    if (opType === 'Softmax') value = graph.node(opType, [value], { axis: 1 });
    else if (opType === 'Add') value = graph.node(opType, [values([slabClasses, 1, 1, 1]), value]);
    else if (opType === 'BatchNormalization')
      value = graph.node(opType, [value, ...[1, 2, 3].map(() => values([slabClasses])), values([slabClasses], 2)]);
    else value = graph.node(opType, [value]);
  }
  if (chooses) graph.output(graph.node('ArgMax', [value], { axis: 1 }), 'int64', null, 'labels');
  else graph.output(value, type, null, 'logits');
  return graph.toBytes();
}

const pointwise = ['Softmax', 'Relu', 'Sigmoid', 'Add', 'BatchNormalization'] as const;
const lastLayers: fc.Arbitrary<LastLayer> = fc
  .record({
    kind: fc.constantFrom('Conv' as const, 'ConvTranspose' as const, 'Resize' as const),
    kernel: fc.integer({ min: 1, max: 5 }),
    stride: fc.constantFrom(1, 2, 4),
    dilation: fc.integer({ min: 1, max: 3 }),
    pads: fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })),
    outputPadding: fc.integer({ min: 0, max: 1 }),
    mode: fc.constantFrom('nearest' as const, 'linear' as const),
    positions: fc.constantFrom('half_pixel' as const, 'asymmetric' as const),
  })
  .map((layer) => (layer.kind === 'Conv' ? { ...layer, stride: 1 } : { ...layer, dilation: 1 }))
  .filter(({ kind, kernel, stride, dilation, pads: [head, tail], outputPadding }) => {
    if (kind === 'Conv') return Math.max(head, tail) <= dilation * (kernel - 1);
    const fillsAll = kernel >= stride && outputPadding <= tail && outputPadding < stride;
    return kind !== 'ConvTranspose' || (fillsAll && head < kernel && tail < kernel);
  });

/** Endings, with the extents D, H, W of what is read and the number of slabs. */
export const slabCases = fc.record({
  layer: lastLayers,
  after: fc.array(fc.constantFrom(...pointwise), { maxLength: 2 }),
  chooses: fc.boolean(),
  read: fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 6 })),
  slabs: fc.integer({ min: 1, max: 6 }),
});

/** Each label is that of the highest logit; ties aside, of which rounding may make another one. */
export function expectHighest(labels: ArrayLike<number>, logits: ArrayLike<number>): void {
  const voxels = labels.length;
  expect(logits.length).toBe(slabClasses * voxels);
  Array.from(labels, (label, v) => {
    let highest = -Infinity;
    for (let c = 0; c < slabClasses; c++) highest = Math.max(highest, logits[c * voxels + v]!);
    expect(logits[label * voxels + v]).toBeGreaterThanOrEqual(highest - 1e-5);
  });
}
