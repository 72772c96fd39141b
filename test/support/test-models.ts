import { elementTypes, GraphBuilder } from '@overread/core/graph';
import type { Manifest, ManifestSource } from '@overread/core/model';
import { recordedSelfTest } from '@overread/core/pipeline';
import { toFloat16 } from '../../core/pipeline/float16.ts';
import { nodeRuntime } from '../../inference-server/src/inference/node-runtime.ts';
import { tinyManifest } from './tiny-manifest.ts';

/** A package as a web server would serve it: file name to content. */
export type PackageFiles = Readonly<Record<string, Uint8Array>>;

const axes = ['d', 'h', 'w'];
/** Weights that are neither symmetric nor round, so that a wrong layout or axis order shows. */
const weight = (n: number) => Math.sin(n * 1.7) * 0.25;

/** 3-D convolutions with ReLU between, from one channel over `widths` to two logits and one heat map. */
export function convolutionGraph(widths: readonly number[]): Uint8Array {
  const graph = new GraphBuilder('test');
  let value = graph.input('input', 'float32', [1, 1, ...axes]);
  let channels = 1;
  let layer = 0;
  const convolve = (to: number, side: number) => {
    const shape = [to, channels, side, side, side];
    const count = shape.reduce((product, length) => product * length, 1);
    const values = Float32Array.from({ length: count }, (_, n) => weight(n) / Math.sqrt(channels * side));
    const weights = graph.initializer(`weights_${layer++}`, 'float32', shape, values);
    return graph.node('Conv', [value, weights], { pads: Array<number>(6).fill((side - 1) / 2) });
  };
  for (const width of widths) {
    value = graph.node('Relu', [convolve(width, 3)]);
    channels = width;
  }
  graph.output(convolve(2, 1), 'float32', [1, 2, ...axes], 'logits');
  graph.output(convolve(1, 1), 'float32', [1, 1, ...axes], 'heat');
  return graph.toBytes();
}

/**
 * Up by a transposed convolution and down again by one in groups: 3-D layers that onnxruntime-web does not run on WebGPU
 * and notices only when it runs.
 *
 * @param constant false: the weights in groups pass through a node, so that no program knows their values beforehand
 */
export function upAndDownGraph({ constant }: { readonly constant: boolean }): Uint8Array {
  const graph = new GraphBuilder('up and down');
  const input = graph.input('input', 'float32', [1, 1, ...axes]);
  const weights = (name: string, dims: readonly [number, ...number[]], count: number) =>
    graph.initializer(
      name,
      'float32',
      dims,
      Float32Array.from({ length: count }, (_, n) => 4 * weight(n)),
    );
  const strides = [2, 2, 2];
  const up = graph.node('ConvTranspose', [input, weights('up', [1, 4, 2, 2, 2], 32)], { strides });
  const down = weights('down', [2, 2, 2, 2, 2], 32);
  const known = constant ? down : graph.node('Identity', [down]);
  const grouped = graph.node('Conv', [up, known], { group: 2, strides });
  graph.output(grouped, 'float32', [1, 2, ...axes], 'logits');
  const difference = graph.initializer('difference', 'float32', [1, 2, 1, 1, 1], Float32Array.of(1, -1));
  graph.output(graph.node('Conv', [grouped, difference]), 'float32', [1, 1, ...axes], 'heat');
  return graph.toBytes();
}

/**
 * A graph that needs `copies` times its input at once: small ones run anywhere, large ones not on a GPU.
 *
 * @param hidden how many is reckoned by logarithms, which nobody follows: the need is not known before it is run
 */
export function greedyGraph(copies: number, { hidden = false } = {}): Uint8Array {
  const graph = new GraphBuilder('greedy');
  const input = graph.input('input', 'float32', [1, 1, ...axes]);
  const repeats = [1, copies, 1, 1, 1];
  const reckoned = (): string => {
    const logarithms = graph.initializer('logarithms', 'float32', [5], Float32Array.from(repeats, Math.log));
    return graph.node('Cast', [graph.node('Round', [graph.node('Exp', [logarithms])])], {
      to: elementTypes.int64.code,
    });
  };
  const many = graph.node('Tile', [input, hidden ? reckoned() : graph.ints(repeats)]);
  const mean = graph.node('ReduceMean', [graph.node('Relu', [many])], { axes: [1], keepdims: 1 });
  graph.output(mean, 'float32', [1, 1, ...axes], 'heat');
  const signs = graph.initializer('signs', 'float32', [2, 1, 1, 1, 1], Float32Array.of(1, -1));
  graph.output(graph.node('Conv', [mean, signs]), 'float32', [1, 2, ...axes], 'logits');
  return graph.toBytes();
}

/** A package around a graph of `convolutionGraph`, with the self-test's answer as onnxruntime-node gives it. */
export async function testPackage(graph: Uint8Array, changes: Partial<Manifest> = {}): Promise<PackageFiles> {
  const plain = tinyManifest(graph);
  const heat: Manifest['outputs'][number] = {
    kind: 'heatMap',
    name: 'heat',
    quantity: { value: '130404', scheme: 'DCM', meaning: 'Saliency' },
    unit: { value: '1', scheme: 'UCUM', meaning: 'no units' },
    displayRange: [0, 1],
    activation: 'none',
  };
  const untested: Manifest = {
    ...plain,
    outputs: [...plain.outputs, heat],
    selfTest: { seed: 7, shape: [1, 1, 6, 7, 8], range: [-1, 1], expected: [], tolerance: 1e-4 },
  };
  const selfTest = await recordedSelfTest({ manifest: untested, graph }, nodeRuntime(1), 24);
  const manifest = { ...untested, selfTest, ...changes };
  return {
    'model.json': new TextEncoder().encode(JSON.stringify(manifest)),
    [manifest.graph.path]: graph,
    [manifest.card]: new TextEncoder().encode('# Test model\n'),
  };
}

/**
 * A package around any graph with the input `input`: the manifest's parts that matter to a test are given, its self-test's answer is
 * onnxruntime-node's.
 * @param shape of the self-test's input
 */
export async function packageOf(
  graph: Uint8Array,
  shape: readonly number[],
  { tolerance = 1e-4, ...changes }: Partial<ManifestSource> & { readonly tolerance?: number },
): Promise<PackageFiles> {
  const selfTest = { seed: 7, shape: [...shape], range: [-1, 1] as [number, number], expected: [], tolerance };
  const untested = tinyManifest(graph, { ...changes, selfTest });
  const recorded = await recordedSelfTest({ manifest: untested, graph }, nodeRuntime(1), 24);
  const manifest = { ...untested, selfTest: recorded };
  return {
    'model.json': new TextEncoder().encode(JSON.stringify(manifest)),
    [manifest.graph.path]: graph,
    [manifest.card]: new TextEncoder().encode('# Test model\n'),
  };
}

/** As `convolutionGraph([4])` with three classes and no heat map, all of it in half precision. */
export function halfPrecisionGraph(): Uint8Array {
  const graph = new GraphBuilder('half');
  const weights = (name: string, shape: readonly number[]) => {
    const count = shape.reduce((product, length) => product * length, 1);
    return graph.initializer(
      name,
      'float16',
      shape,
      toFloat16(Float32Array.from({ length: count }, (_, n) => 2 * weight(n))),
    );
  };
  const input = graph.input('input', 'float16', [1, 1, ...axes]);
  const first = graph.node('Conv', [input, weights('w0', [4, 1, 3, 3, 3])], { pads: [1, 1, 1, 1, 1, 1] });
  const logits = graph.node('Conv', [graph.node('Relu', [first]), weights('w1', [3, 4, 1, 1, 1])], {}, 'logits');
  graph.output(logits, 'float16', [1, 3, ...axes]);
  return graph.toBytes();
}

/** Labels of three classes, chosen inside the graph. */
export function labelGraph(): Uint8Array {
  const graph = new GraphBuilder('labels');
  const weights = Float32Array.from({ length: 3 * 27 }, (_, n) => weight(n));
  const input = graph.input('input', 'float32', [1, 1, ...axes]);
  const kernel = graph.initializer('w', 'float32', [3, 1, 3, 3, 3], weights);
  const logits = graph.node('Conv', [input, kernel], { pads: [1, 1, 1, 1, 1, 1] });
  const labels = graph.node('ArgMax', [logits], { axis: 1 });
  graph.output(graph.node('Cast', [labels], { to: elementTypes.uint8.code }, 'labels'), 'uint8', [1, 1, ...axes]);
  return graph.toBytes();
}
