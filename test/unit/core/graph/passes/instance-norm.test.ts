import fc from 'fast-check';
import * as web from 'onnxruntime-web/webgpu';
import { describe, expect, it } from 'vitest';
import { float, GraphBuilder, rewriteForTarget, writeModel, type ModelProto } from '@overread/core/graph';
import { nodeRuntime } from '../../../../../inference-server/src/inference/node-runtime.ts';
import { onWebAssembly } from '../../../../../tools/overread-model/src/runtimes.ts';
import {
  largestDifference,
  randomTensor,
  randomValues,
  runOnCpu,
  skewedTensor,
  type Values,
} from '../../../../support/graph-run.ts';

interface Layer {
  readonly channels: number;
  readonly epsilon: number;
  readonly opset: number;
  /** Scales and shifts: ones and zeros, constants, or made by a node. */
  readonly affine: 'none' | 'constant' | 'made';
  /** Extents that the file tells; 0: left free. */
  readonly told: readonly number[];
}

function modelOf({ channels, epsilon, opset, affine, told }: Layer): ModelProto {
  const builder = new GraphBuilder('norm', { opset });
  const x = builder.input('x', 'float32', ['N', channels, ...told.map((extent, at) => extent || `extent ${at}`)]);
  const weights = (name: string, plain: number, seed: number) => {
    const values = affine === 'none' ? new Float32Array(channels).fill(plain) : randomValues(channels, seed);
    const weight = builder.initializer(name, 'float32', [channels], values);
    return affine === 'made' ? builder.node('Identity', [weight]) : weight;
  };
  const inputs = [x, weights('scale', 1, 5), weights('shift', 0, 6)];
  builder.output(builder.node('InstanceNormalization', inputs, { epsilon: float(epsilon) }, 'y'), 'float32', null);
  return builder.toModel();
}

/** Summed in 64 bits. */
function exact({ dims, data }: Values, epsilon: number): Float32Array {
  const [batch = 1, channels = 1, ...spatial] = dims;
  const count = spatial.reduce((product, extent) => product * extent, 1);
  const answer = new Float32Array(data.length);
  for (let channel = 0; channel < batch * channels; channel++) {
    const values = data.subarray(channel * count, (channel + 1) * count);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    values.forEach((value, at) => (answer[channel * count + at] = (value - mean) / Math.sqrt(variance + epsilon)));
  }
  return answer;
}

const inNode = async (graph: Uint8Array, x: Values) => (await runOnCpu(graph, { x }))['y']!;

async function inWebAssembly(graph: Uint8Array, { dims, data }: Values) {
  const session = await web.InferenceSession.create(graph, { executionProviders: ['wasm'] });
  const { y } = await session.run({ x: new web.Tensor('float32', data, dims) });
  await session.release();
  return y!;
}

const plain: Layer = { channels: 2, epsilon: 1e-5, opset: 17, affine: 'none', told: [0, 0, 0] };

describe('InstanceNormalization axis by axis', () => {
  it('gives the same values for any rank, operator set, scale and shift', async () => {
    const layers = fc.record({
      channels: fc.integer({ min: 1, max: 5 }),
      epsilon: fc.constantFrom(1e-5, 0.1),
      opset: fc.constantFrom(9, 13, 17, 18, 21),
      affine: fc.constantFrom('none', 'constant', 'made'),
      extents: fc.oneof(
        fc.tuple(fc.integer({ min: 3, max: 18 }), fc.integer({ min: 17, max: 18 }), fc.integer({ min: 17, max: 18 })),
        fc.tuple(fc.integer({ min: 66, max: 70 }), fc.integer({ min: 66, max: 70 })),
        // One long axis, told: 4097 is 17 x 241.
        fc.constantFrom([4097], [4100], [5000]),
      ),
      free: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(layers, fc.integer({ min: 1, max: 2 }), async ({ extents, free, ...layer }, batch) => {
        const told: readonly number[] = free && extents.length > 1 ? extents.map(() => 0) : extents;
        const model = modelOf({ ...layer, told });
        const { model: rewritten, applied } = rewriteForTarget(model, 'wasm');
        expect(applied).toHaveLength(told.includes(0) || extents.reduce((a, b) => a * b) > 4096 ? 1 : 0);
        const x = randomTensor([batch, layer.channels, ...extents], 3);
        const [before, after] = [await runOnCpu(model, { x }), await runOnCpu(rewritten, { x })];
        expect(largestDifference(before['y']!, after['y']!)).toBeLessThanOrEqual(1e-4);
      }),
      { numRuns: 60 },
    );
  });

  // The day the first expectation fails, the runtime has learnt to sum and the pass is no longer needed.
  it.each([
    ['node-cpu', nodeRuntime(1), inNode],
    ['wasm', onWebAssembly(), inWebAssembly],
  ] as const)('is what makes it right where there are many values: %s', async (_, runtime, bare) => {
    const graph = writeModel(modelOf(plain));
    const x = skewedTensor([1, 2, 64, 96, 96]);
    const expected = { dims: x.dims, data: exact(x, plain.epsilon) };
    expect(largestDifference(expected, await bare(graph, x))).toBeGreaterThan(1e-3);
    const session = await runtime.createSession(graph);
    const { y } = await session.run({ x: { type: 'float32', dims: x.dims, data: x.data } });
    await session.release();
    expect(largestDifference(expected, y!)).toBeLessThan(1e-5);
  });

  it('finds the groups of GroupNorm as PyTorch exports it, extents left free', async () => {
    const builder = new GraphBuilder('group norm', { opset: 17 });
    const x = builder.input('x', 'float32', ['N', 6, 'D', 'H', 'W']);
    const flat = builder.node('Reshape', [x, builder.ints([0, 3, -1])]);
    const scale = builder.initializer('scale', 'float32', [3], Float32Array.of(1, 1, 1));
    const shift = builder.initializer('shift', 'float32', [3], new Float32Array(3));
    const normal = builder.node('InstanceNormalization', [flat, scale, shift]);
    builder.output(builder.node('Reshape', [normal, builder.node('Shape', [x])], {}, 'y'), 'float32', null);
    const { model, applied } = rewriteForTarget(builder.toModel(), 'node-cpu');
    expect(applied).toHaveLength(1);
    const small = randomTensor([2, 6, 9, 17, 16], 8);
    const [before, after] = [await runOnCpu(builder.toModel(), { x: small }), await runOnCpu(model, { x: small })];
    expect(largestDifference(before['y']!, after['y']!)).toBeLessThan(1e-4);
    // Two channels a group, one behind the other.
    const large = skewedTensor([1, 6, 48, 64, 64]);
    const expected = { dims: large.dims, data: exact({ dims: [1, 3, 96, 64, 64], data: large.data }, 1e-5) };
    expect(largestDifference(expected, (await runOnCpu(model, { x: large }))['y']!)).toBeLessThan(1e-5);
  });

  it('leaves alone what is small, half precise, or of a length that nobody knows', () => {
    const applied = (model: ModelProto) => rewriteForTarget(model, 'node-cpu').applied;
    expect(applied(modelOf({ ...plain, told: [16, 16, 16] }))).toEqual([]);
    expect(applied(modelOf({ ...plain, told: [0] }))).toEqual([]);
    // A prime.
    expect(applied(modelOf({ ...plain, told: [4099] }))).toEqual([]);
    const half = new GraphBuilder('half');
    const x = half.input('x', 'float16', [1, 2, 'D', 'H', 'W']);
    const weights = half.initializer('w', 'float16', [2], new Uint16Array(2));
    half.output(half.node('InstanceNormalization', [x, weights, weights]), 'float16', null);
    expect(applied(half.toModel())).toEqual([]);
  });

  it('is not done for a GPU, whose kernel sums in parts', () => {
    expect(rewriteForTarget(modelOf(plain), 'webgpu').applied).toEqual([]);
  });
});
