import { float, GraphBuilder } from '@overread/core/graph';
import { randomValues } from './graph-run.ts';

// Networks of the kinds that radiology uses, with random weights. Input `input` [1, 1, D, H, W], output `logits` [1, classes, D, H, W].

interface Layers {
  readonly graph: GraphBuilder;
  /** A convolution of kernel `size`, its output as large as its input (divided by the stride), weights scaled to keep values in range. */
  readonly conv: (
    value: string,
    from: number,
    to: number,
    how: { size: number; dilation?: number; stride?: number },
  ) => string;
  readonly up: (value: string, from: number, to: number) => string;
  readonly norm: (value: string, channels: number) => string;
}

function layersOf(graph: GraphBuilder): Layers {
  let seed = 1;
  const cube = (edge: number): number[] => [edge, edge, edge];
  const weights = (dims: readonly number[], fanIn: number): string => {
    const values = randomValues(
      dims.reduce((product, extent) => product * extent, 1),
      (seed += 7919),
    );
    const scale = Math.sqrt(6 / fanIn);
    for (let n = 0; n < values.length; n++) values[n]! *= scale;
    return graph.initializer(`w${seed}`, 'float32', dims, values);
  };
  return {
    graph,
    conv(value, from, to, { size, dilation = 1, stride = 1 }) {
      const reach = (dilation * (size - 1)) / 2;
      const attributes = {
        kernel_shape: cube(size),
        dilations: cube(dilation),
        strides: cube(stride),
        pads: [...cube(reach), ...cube(reach)],
      };
      return graph.node(
        'Conv',
        [value, weights([to, from, ...cube(size)], from * size ** 3), weights([to], to)],
        attributes,
      );
    },
    up(value, from, to) {
      const attributes = { kernel_shape: cube(2), strides: cube(2) };
      return graph.node('ConvTranspose', [value, weights([from, to, ...cube(2)], from)], attributes);
    },
    norm(value, channels) {
      const scale = graph.initializer(`s${(seed += 1)}`, 'float32', [channels], new Float32Array(channels).fill(1));
      const shift = graph.initializer(`b${seed}`, 'float32', [channels], new Float32Array(channels));
      return graph.node('LeakyRelu', [graph.node('InstanceNormalization', [value, scale, shift])], {
        alpha: float(0.01),
      });
    },
  };
}

const open = (name: string): Layers & { readonly input: string } => {
  const graph = new GraphBuilder(name);
  const input = graph.input('input', 'float32', [1, 1, 'D', 'H', 'W']);
  return { ...layersOf(graph), input };
};

/**
 * MeshNet (Fedorov et al., 2017): dilated 3x3x3 convolutions of equal width, a last one of 1x1x1. Its receptive field is
 * twice the sum of the dilations, plus 1.
 */
export function meshNet(
  channels: number,
  classes: number,
  dilations: readonly number[] = [1, 2, 4, 8, 16, 8, 4, 2, 1],
): Uint8Array {
  const { graph, conv, input } = open('mesh-net');
  let value = input;
  for (const [layer, dilation] of dilations.entries()) {
    value = graph.node('Relu', [conv(value, layer === 0 ? 1 : channels, channels, { size: 3, dilation })]);
  }
  graph.output(conv(value, channels, classes, { size: 1 }), 'float32', [1, classes, 'D', 'H', 'W'], 'logits');
  return graph.toBytes();
}

/**
 * A 3-D U-Net: per level a convolution with InstanceNorm and LeakyReLU, strided down, transposed (kernel and stride 2) up, skips joined by
 * channels. Extents must be multiples of 2^(levels - 1).
 */
export function uNet(base: number, levels: number, classes: number): Uint8Array {
  const { graph, conv, up, norm, input } = open('u-net');
  const width = (level: number): number => base * 2 ** level;
  const skips: string[] = [];
  let value = norm(conv(input, 1, base, { size: 3 }), base);
  for (let level = 1; level < levels; level++) {
    skips.push(value);
    value = norm(conv(value, width(level - 1), width(level), { size: 3, stride: 2 }), width(level));
  }
  for (let level = levels - 2; level >= 0; level--) {
    const joined = graph.node('Concat', [up(value, width(level + 1), width(level)), skips[level]!], { axis: 1 });
    value = norm(conv(joined, 2 * width(level), width(level), { size: 3 }), width(level));
  }
  graph.output(conv(value, base, classes, { size: 1 }), 'float32', [1, classes, 'D', 'H', 'W'], 'logits');
  return graph.toBytes();
}
