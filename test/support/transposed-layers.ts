import fc from 'fast-check';
import { GraphBuilder, type Attributes, type ModelProto } from '@overread/core/graph';
import { randomTensor, randomValues } from './graph-run.ts';
import { transposedAxis } from './transposed-axis.ts';

/** A graph of one 3-D ConvTranspose: input `x`, output `y`. */
export interface TransposedLayer {
  readonly batch: number;
  readonly group: number;
  readonly inputsPerGroup: number;
  readonly outputsPerGroup: number;
  readonly kernel: readonly number[];
  readonly input: readonly number[];
  readonly bias: boolean;
  readonly attributes: Attributes;
  readonly opset: number;
  readonly free: boolean;
}

export function transposedModel(layer: TransposedLayer): ModelProto {
  const { group, inputsPerGroup, outputsPerGroup, kernel, input, attributes, opset, free } = layer;
  const builder = new GraphBuilder('transposed', { opset });
  const channels = group * inputsPerGroup;
  const dims = [layer.batch, channels, ...(free ? ['D', 'H', 'W'] : input)];
  const x = builder.input('x', 'float32', dims);
  const shape = [channels, outputsPerGroup, ...kernel];
  const w = builder.initializer('w', 'float32', shape, randomTensor(shape, 1).data);
  const m = group * outputsPerGroup;
  const b = layer.bias ? [builder.initializer('b', 'float32', [m], randomValues(m, 2))] : [];
  builder.output(builder.node('ConvTranspose', [x, w, ...b], { group, ...attributes }, 'y'), 'float32', null);
  return builder.toModel();
}

const axes = fc.tuple(transposedAxis, transposedAxis, transposedAxis);
const base = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  group: fc.integer({ min: 1, max: 3 }),
  inputsPerGroup: fc.integer({ min: 1, max: 3 }),
  outputsPerGroup: fc.integer({ min: 1, max: 3 }),
  bias: fc.boolean(),
  opset: fc.constantFrom(9, 11, 13, 17, 21),
  free: fc.boolean(),
});

type Axis = typeof transposedAxis extends fc.Arbitrary<infer T> ? T : never;

/** Layers of any kernel, stride and size whose other attributes are worked out from their axes. */
function transposedLayers(attributesOf: (along: readonly Axis[]) => Attributes): fc.Arbitrary<TransposedLayer> {
  return fc.tuple(base, axes).map(([layer, along]) => ({
    ...layer,
    kernel: along.map(({ kernel }) => kernel),
    input: along.map(({ length }) => length),
    attributes: attributesOf(along),
  }));
}

/** The same, for each way of saying how much is cut off. */
export const transposedKinds: readonly (readonly [name: string, layers: fc.Arbitrary<TransposedLayer>])[] = [
  [
    'pads and output padding',
    transposedLayers((along) => ({
      strides: along.map(({ stride }) => stride),
      pads: [...along.map(({ head }) => head), ...along.map(({ tail }) => tail)],
      output_padding: along.map(({ extra }) => extra),
    })),
  ],
  ...['SAME_UPPER', 'SAME_LOWER', 'VALID'].map(
    (auto_pad) =>
      [
        `auto_pad ${auto_pad}`,
        transposedLayers((along) => ({ auto_pad, strides: along.map(({ stride }) => stride) })),
      ] as const,
  ),
  ...['NOTSET', 'SAME_UPPER', 'SAME_LOWER'].map(
    (auto_pad) =>
      [
        `output_shape with auto_pad ${auto_pad}`,
        transposedLayers((along) => ({
          auto_pad,
          strides: along.map(({ stride }) => stride),
          output_shape: along.map(({ kernel, stride, length, head }) =>
            Math.max(1, stride * (length - 1) + kernel - head),
          ),
        })),
      ] as const,
  ),
];
