import { GraphBuilder, readModel, rewriteForTarget, writeModel } from '@overread/core/graph';
import type { InferenceRuntime, InferenceSession, Tensor } from '@overread/core/pipeline';
import { ortRuntime } from '@overread/inference-worker/runtime';
import { nodeRuntime } from '../../../inference-server/src/inference/node-runtime.ts';
import { randomTensor } from '../../support/graph-run.ts';
import { median, medianOf, type Measure } from '../report.ts';
import { timed } from './bare-runs.ts';

/** A 3-D ConvTranspose of stride 2, with the same settings along every axis. */
interface Layer {
  readonly from: number;
  readonly to: number;
  readonly edge: number;
  readonly kernel: number;
  readonly pad: number;
  readonly outputPadding: number;
}

const twos = { kernel: 2, pad: 0, outputPadding: 0 } as const;
const layers: readonly Layer[] = [
  { from: 16, to: 8, edge: 48, ...twos },
  { from: 64, to: 32, edge: 48, ...twos },
  { from: 320, to: 320, edge: 4, ...twos },
  { from: 64, to: 32, edge: 24, kernel: 3, pad: 1, outputPadding: 1 },
];
/** Runs of each side per repetition, of which the median counts. */
const runs = 5;

/** ConvTranspose layers as they are and slice by slice, in turns, on one thread of either processor place. */
export async function transposed(repeats: number): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const runtime of [nodeRuntime(1), ortRuntime({ kind: 'wasm', threads: 1, device: null })]) {
    for (const layer of layers) measures.push(...(await besides(runtime, layer, repeats)));
  }
  return measures;
}

async function besides(runtime: InferenceRuntime, layer: Layer, repeats: number): Promise<readonly Measure[]> {
  const { from, to, edge, kernel } = layer;
  const dims = [1, from, edge, edge, edge];
  const plain = layerGraph(layer);
  const { model } = rewriteForTarget(readModel(plain), 'node-cpu', { inputShapes: { x: dims } });
  const feeds = { x: { type: 'float32', ...randomTensor(dims, 2) } } as const;
  // Without its shapes the runtime leaves the layer as it is.
  const asIs = await runtime.createSession(plain);
  const bySlice = await runtime.createSession(writeModel(model));
  const [before, after]: [number[], number[]] = [[], []];
  // Once for what a first run takes.
  await time(asIs, feeds, 1);
  await time(bySlice, feeds, 1);
  for (let n = 0; n < repeats; n++) {
    before.push(await time(asIs, feeds, runs));
    after.push(await time(bySlice, feeds, runs));
  }
  await asIs.release();
  await bySlice.release();
  const id = `${runtime.kind}: ConvTranspose ${from} to ${to}, ${edge}^3, kernel ${kernel}`;
  return [medianOf(`${id}, as it is`, before, 'ms'), medianOf(`${id}, by slice`, after, 'ms')];
}

async function time(session: InferenceSession, feeds: Record<string, Tensor>, count: number): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) times.push(await timed(() => session.run(feeds)));
  return median(times);
}

function layerGraph({ from, to, kernel, pad, outputPadding }: Layer): Uint8Array {
  const graph = new GraphBuilder('transposed');
  const cube = (value: number): number[] => [value, value, value];
  const weights = randomTensor([from, to, ...cube(kernel)], 1);
  const x = graph.input('x', 'float32', [1, from, 'D', 'H', 'W']);
  const w = graph.initializer('w', 'float32', weights.dims, weights.data);
  const attributes = { strides: cube(2), pads: [...cube(pad), ...cube(pad)], output_padding: cube(outputPadding) };
  graph.output(graph.node('ConvTranspose', [x, w], attributes), 'float32', null, 'y');
  return graph.toBytes();
}
