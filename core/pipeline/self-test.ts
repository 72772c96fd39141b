import { isOverreadError, OverreadError } from '../errors/index.ts';
import type { ModelProto } from '../graph/index.ts';
import type { LoadedModel, Manifest } from '../model/index.ts';
import type { InferenceRuntime, InferenceSession, Tensor } from './runtime.ts';

/** Side of the blocks of the generated input, voxels: structure that survives smoothing. */
const BLOCK = 8;

/**
 * The input of a self-test: white noise plus blocks of random value, spread over [low, high]. Whole numbers and a few
 * multiplications only, so every machine makes the same one.
 * @param shape [1, C, D, H, W] or [N, C, H, W]; the blocks run through the planes [H, W] one behind the other
 */
export function selfTestInput(
  seed: number,
  shape: readonly number[],
  [low, high]: readonly [number, number],
): Float32Array {
  const [height = 1, width = 1] = shape.slice(-2);
  const depth = shape.slice(0, -2).reduce((product, extent) => product * extent, 1);
  const random = mulberry32(seed);
  const across = (length: number) => Math.ceil(length / BLOCK);
  const [blocksW, blocksH] = [across(width), across(height)];
  const blocks = Float64Array.from({ length: blocksW * blocksH * across(depth) }, random);
  const values = new Float32Array(depth * height * width);
  let at = 0;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      const row = (Math.floor(k / BLOCK) * blocksH + Math.floor(j / BLOCK)) * blocksW;
      for (let i = 0; i < width; i++) {
        values[at++] = low + (high - low) * (0.75 * blocks[row + Math.floor(i / BLOCK)]! + 0.25 * random());
      }
    }
  }
  return values;
}

/**
 * Indices of `count` values of an output [1, C, D, H, W] or [N, C, H, W], spread over its channels and the middle quarter
 * of each spatial axis (what lies further out may be the rim that a graph leaves empty). Of other outputs (boxes, scores):
 * evenly from first to last.
 */
export function selfTestPositions(dims: readonly number[], count: number): number[] {
  if (dims.length < 4) {
    const values = dims.reduce((product, extent) => product * extent, 1);
    return Array.from({ length: count }, (_, n) => Math.floor(((n + 0.5) * values) / count));
  }
  const [height = 1, width = 1] = dims.slice(-2);
  const [channels = 1, depth = 1] = dims.slice(1, -2);
  // Steps of the additive sequence of the plastic number (Roberts, 2018): evenly spread points in a cube for any count.
  const steps = [0.8191725133961645, 0.6710436067037893, 0.5497004779019703] as const;
  const middle = (n: number, axis: 0 | 1 | 2, length: number) =>
    Math.floor(length * (0.375 + 0.25 * ((n * steps[axis]) % 1)));
  return Array.from({ length: count }, (_, n) => {
    const [k, j, i] = [middle(n, 0, depth), middle(n, 1, height), middle(n, 2, width)];
    return (((n % channels) * depth + k) * height + j) * width + i;
  });
}

/**
 * What the model answers to its self-test input at the positions of the test, in its first output (of a promptable model: the
 * encoder's). `count` defaults to what the manifest recorded.
 */
export async function selfTestValues(
  manifest: Manifest,
  session: InferenceSession,
  count = manifest.selfTest.expected.length,
): Promise<number[]> {
  const { seed, shape, range } = manifest.selfTest;
  const input: Tensor = { type: 'float32', dims: shape, data: selfTestInput(seed, shape, range) };
  const outputs = await session.run({ [manifest.input.name]: input });
  const name = manifest.outputs[0]?.name ?? session.outputNames[0] ?? '';
  const output = outputs[name];
  if (output === undefined) {
    throw new OverreadError('pipeline.bad-output', { why: `the graph has no output named '${name}'` });
  }
  const { data, dims } = output;
  return selfTestPositions(dims, count).map((position) => Number(data[position] ?? NaN));
}

/** Largest difference of the model's answer on this runtime from the one recorded in its manifest; NaN where one is no number. */
export async function selfTestDifference(
  model: Pick<LoadedModel, 'manifest' | 'graph'>,
  runtime: InferenceRuntime,
): Promise<number> {
  const { expected } = model.manifest.selfTest;
  const session = await runtime.createSession(model.graph, {
    [model.manifest.input.name]: model.manifest.selfTest.shape,
  });
  try {
    const values = await selfTestValues(model.manifest, session);
    return Math.max(0, ...values.map((value, n) => Math.abs(value - expected[n]!)));
  } finally {
    await session.release();
  }
}

/**
 * Compares the model's answer on this runtime with the one recorded in its manifest.
 * @throws OverreadError `model.graph-mismatch` where a graph does not fit the manifest, `graph.over-limit` and `graph.external-data`,
 *   `pipeline.self-test-failed` with the largest difference, or what the runtime throws
 */
export async function runSelfTest(
  model: Pick<LoadedModel, 'manifest' | 'graph' | 'decoder'>,
  runtime: InferenceRuntime,
): Promise<void> {
  const { tolerance } = model.manifest.selfTest;
  await requireFit(model);
  const largest = await selfTestDifference(model, runtime);
  // NaN fails the comparison as it must.
  if (largest <= tolerance) return;
  throw new OverreadError('pipeline.self-test-failed', {
    why: `the largest difference is ${largest.toPrecision(3)}, allowed is ${tolerance}`,
    details: { largest, tolerance, runtime: runtime.kind },
  });
}

/** A runtime would say it in its own words, of the first difference, or only when it runs. */
async function requireFit({
  manifest,
  graph,
  decoder,
}: Pick<LoadedModel, 'manifest' | 'graph' | 'decoder'>): Promise<void> {
  const { decoderFaults, fitFaults, readModel } = await import('../graph/index.ts');
  const faultsOf = (bytes: Uint8Array, fit: (model: ModelProto) => readonly string[]): readonly string[] => {
    let model: ModelProto;
    try {
      model = readModel(bytes);
    } catch (error) {
      // What is damaged is the runtime's to refuse: it says what is wrong with the file. What is sound and too much never reaches it.
      if (isOverreadError(error) && error.code !== 'graph.damaged') throw error;
      return [];
    }
    return fit(model);
  };
  const { prompts } = manifest;
  const faults = [
    ...faultsOf(graph, (model) => fitFaults(manifest, model)),
    ...(prompts === undefined || decoder === undefined
      ? []
      : faultsOf(decoder, (model) => decoderFaults(prompts, model))),
  ];
  if (faults.length === 0) return;
  throw new OverreadError('model.graph-mismatch', { why: faults.join('; '), details: { faults } });
}

/** Small seeded generator of numbers in [0, 1) by Tommy Ettinger (public domain). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
