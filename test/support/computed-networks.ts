import { elementTypes, float, GraphBuilder } from '@overread/core/graph';
import { randomValues } from './graph-run.ts';

// Networks as exporters write them that trace PyTorch: extents are read from values and reckoned with, and shapes are known only when the graph
// runs. Input `input` [1, 1, D, H, W], output `logits` [1, 3, D, H, W], extents multiples of 4.

function weightsIn(graph: GraphBuilder) {
  let made = 0;
  return (dims: readonly number[]): string => {
    const values = randomValues(
      dims.reduce((product, extent) => product * extent, 1),
      ++made,
    );
    return graph.initializer(`w${made}`, 'float32', dims, values);
  };
}

/** Extents of a value, each as a list of one. */
function extentsOf(graph: GraphBuilder, value: string): (axis: number) => string {
  const shape = graph.node('Shape', [value]);
  return (axis) => graph.node('Unsqueeze', [graph.node('Gather', [shape, graph.int(axis)]), graph.ints([0])]);
}

/** Windows of 4^3 tokens that attend to each other, between two convolutions: the middle of a Swin UNETR. */
export function windowAttention(channels: number): Uint8Array {
  const graph = new GraphBuilder('window-attention', { opset: 17 });
  const weights = weightsIn(graph);
  const input = graph.input('input', 'float32', [1, 1, 'D', 'H', 'W']);
  const features = graph.node('Conv', [input, weights([channels, 1, 3, 3, 3])], { pads: [1, 1, 1, 1, 1, 1] });
  const extent = extentsOf(graph, features);
  const four = graph.ints([4]);
  const windows = [2, 3, 4].map((axis) => graph.node('Div', [extent(axis), four]));
  const [d, h, w] = windows as [string, string, string];
  const parted = graph.node('Concat', [graph.ints([channels]), d, four, h, four, w, four], { axis: 0 });
  const apart = graph.node('Transpose', [graph.node('Reshape', [features, parted])], { perm: [1, 3, 5, 2, 4, 6, 0] });
  const tokens = graph.node('Reshape', [apart, graph.ints([-1, 64, channels])]);
  const projected = (): string => graph.node('MatMul', [tokens, weights([channels, channels])]);
  const scores = graph.node('MatMul', [projected(), graph.node('Transpose', [projected()], { perm: [0, 2, 1] })]);
  const attended = graph.node('MatMul', [graph.node('Softmax', [scores], { axis: -1 }), projected()]);
  const whole = graph.node('Concat', [d, h, w, graph.ints([4, 4, 4, channels])], { axis: 0 });
  const back = graph.node('Transpose', [graph.node('Reshape', [attended, whole])], { perm: [6, 0, 3, 1, 4, 2, 5] });
  const joined = graph.node('Reshape', [back, graph.node('Shape', [features])]);
  const added = graph.node('Add', [joined, features]);
  graph.output(graph.node('Conv', [added, weights([3, channels, 1, 1, 1])]), 'float32', null, 'logits');
  return graph.toBytes();
}

/** Down by a stride and up by a Resize to the extents of the skip, joined, GroupNorm by way of one long axis: a SegResNet's first levels. */
export function resizedSkips(channels: number): Uint8Array {
  const graph = new GraphBuilder('resized-skips', { opset: 17 });
  const weights = weightsIn(graph);
  const conv = (value: string, from: number, to: number, stride = 1): string =>
    graph.node('Conv', [value, weights([to, from, 3, 3, 3])], {
      pads: [1, 1, 1, 1, 1, 1],
      strides: [stride, stride, stride],
    });
  const groupNorm = (value: string): string => {
    const flat = graph.node('Reshape', [value, graph.ints([0, 4, -1])]);
    const [scale, shift] = [1, 0].map((fill) =>
      graph.initializer(`norm${fill}_${value}`, 'float32', [4], new Float32Array(4).fill(fill)),
    );
    const normal = graph.node('InstanceNormalization', [flat, scale!, shift!], { epsilon: float(1e-5) });
    return graph.node('Relu', [graph.node('Reshape', [normal, graph.node('Shape', [value])])]);
  };
  const skip = groupNorm(conv(graph.input('input', 'float32', [1, 1, 'D', 'H', 'W']), 1, channels));
  const deep = groupNorm(conv(skip, channels, 2 * channels, 2));
  const thin = graph.node('Conv', [deep, weights([channels, 2 * channels, 1, 1, 1])]);
  const spatial = graph.node('Slice', [graph.node('Shape', [skip]), graph.ints([2]), graph.ints([5]), graph.ints([0])]);
  const outer = graph.node('Slice', [graph.node('Shape', [thin]), graph.ints([0]), graph.ints([2]), graph.ints([0])]);
  const sizes = graph.node('Concat', [outer, graph.node('Cast', [spatial], { to: elementTypes.int64.code })], {
    axis: 0,
  });
  const up = graph.node('Resize', [thin, '', '', sizes], { mode: 'linear' });
  const joined = graph.node('Concat', [up, skip], { axis: 1 });
  const last = groupNorm(conv(joined, 2 * channels, channels));
  graph.output(graph.node('Conv', [last, weights([3, channels, 1, 1, 1])]), 'float32', null, 'logits');
  return graph.toBytes();
}
