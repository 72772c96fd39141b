import { GraphBuilder } from '@overread/core/graph';

/** Channel n of an output is `scale * x + shift` of the input's x: what a voxel's labels and values are is known beforehand. */
export function linesGraph(
  outputs: Readonly<Record<string, readonly (readonly [scale: number, shift: number])[]>>,
): Uint8Array {
  const graph = new GraphBuilder('lines');
  const input = graph.input('input', 'float32', [1, 1, 'd', 'h', 'w']);
  for (const [name, lines] of Object.entries(outputs)) {
    const count = lines.length;
    const scales = Float32Array.from(lines, ([scale]) => scale);
    const shifts = Float32Array.from(lines, ([, shift]) => shift);
    const weights = graph.initializer(`${name}_weights`, 'float32', [count, 1, 1, 1, 1], scales);
    const bias = graph.initializer(`${name}_bias`, 'float32', [count], shifts);
    graph.output(graph.node('Conv', [input, weights, bias]), 'float32', [1, count, 'd', 'h', 'w'], name);
  }
  return graph.toBytes();
}
