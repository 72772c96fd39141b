import { GraphBuilder } from '@overread/core/graph';

/**
 * A network that tells directions apart: [1, 1, D, H, W] -> logits of background and three labels, each the value of the next
 * voxel along one axis: D (weight 1), H (2), W (4); background is half. Beyond the input lies 0.
 */
export function neighbourGraph({
  extents = ['D', 'H', 'W'],
  channels = 1,
  input = 'image',
  output = 'pred',
}: {
  readonly extents?: readonly (number | string)[];
  /** Only the first one counts. */
  readonly channels?: number;
  readonly input?: string;
  readonly output?: string;
} = {}): Uint8Array {
  const graph = new GraphBuilder('neighbours', { producerName: 'test' });
  const image = graph.input(input, 'float32', [1, channels, ...extents]);
  const weights = new Float32Array(4 * channels * 27);
  // The middle of a kernel of 27 is 13; one further along D, H and W.
  weights[channels * 27 + 13 + 9] = 1;
  weights[channels * 54 + 13 + 3] = 2;
  weights[channels * 81 + 13 + 1] = 4;
  const kernel = graph.initializer('kernel', 'float32', [4, channels, 3, 3, 3], weights);
  const bias = graph.initializer('bias', 'float32', [4], Float32Array.of(0.5, 0, 0, 0));
  const logits = graph.node('Conv', [image, kernel, bias], { pads: [1, 1, 1, 1, 1, 1] });
  graph.output(logits, 'float32', [1, 4, ...extents], output);
  return graph.toBytes();
}
