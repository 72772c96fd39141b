import { GraphBuilder, placements, rewriteForTarget, type Attributes, type ModelProto } from '@overread/core/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestDifference, randomTensor, randomValues, runOnCpu } from '../../../../support/graph-run.ts';
import { transposedAxis } from '../../../../support/transposed-axis.ts';

interface Layer {
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

function modelOf(layer: Layer): ModelProto {
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

async function expectEqual(layer: Layer): Promise<void> {
  const model = modelOf(layer);
  const dims = [layer.batch, layer.group * layer.inputsPerGroup, ...layer.input];
  const { model: rewritten, applied, skipped } = rewriteForTarget(model, 'webgpu', { inputShapes: { x: dims } });
  expect(skipped).toEqual([]);
  expect(applied[0]?.pass).toBe('conv-transpose-3d');
  expect(placements(rewritten, 'webgpu').filter(({ where }) => where === 'fails')).toEqual([]);
  const x = randomTensor(dims, 3);
  const before = await runOnCpu(model, { x });
  const after = await runOnCpu(rewritten, { x });
  expect(largestDifference(before['y']!, after['y']!)).toBeLessThanOrEqual(1e-5);
}

const axes = fc.tuple(transposedAxis, transposedAxis, transposedAxis);
type Axis = typeof transposedAxis extends fc.Arbitrary<infer T> ? T : never;
const extents = (along: readonly Axis[]) => ({
  kernel: along.map(({ kernel }) => kernel),
  input: along.map(({ length }) => length),
});
const base = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  group: fc.integer({ min: 1, max: 3 }),
  inputsPerGroup: fc.integer({ min: 1, max: 3 }),
  outputsPerGroup: fc.integer({ min: 1, max: 3 }),
  bias: fc.boolean(),
  opset: fc.constantFrom(9, 11, 13, 17, 21),
  free: fc.boolean(),
});

describe('3-D ConvTranspose as Conv, interleaving and cropping', () => {
  it('gives the same values for any kernel, stride, padding, output padding and groups', async () => {
    await fc.assert(
      fc.asyncProperty(base, axes, async (layer, along) => {
        await expectEqual({
          ...layer,
          ...extents(along),
          attributes: {
            strides: along.map(({ stride }) => stride),
            pads: [...along.map(({ head }) => head), ...along.map(({ tail }) => tail)],
            output_padding: along.map(({ extra }) => extra),
          },
        });
      }),
      { numRuns: 120 },
    );
  });

  it.each(['SAME_UPPER', 'SAME_LOWER', 'VALID'])('resolves auto_pad %s', async (auto_pad) => {
    await fc.assert(
      fc.asyncProperty(base, axes, async (layer, along) => {
        await expectEqual({
          ...layer,
          ...extents(along),
          attributes: { auto_pad, strides: along.map(({ stride }) => stride) },
        });
      }),
      { numRuns: 25 },
    );
  });

  it.each(['NOTSET', 'SAME_UPPER', 'SAME_LOWER'])('resolves output_shape with auto_pad %s', async (auto_pad) => {
    await fc.assert(
      fc.asyncProperty(base, axes, async (layer, along) => {
        await expectEqual({
          ...layer,
          ...extents(along),
          attributes: {
            auto_pad,
            strides: along.map(({ stride }) => stride),
            output_shape: along.map(({ kernel, stride, length, head }) =>
              Math.max(1, stride * (length - 1) + kernel - head),
            ),
          },
        });
      }),
      { numRuns: 25 },
    );
  });

  it('takes a kernel equal to the stride as a 1x1x1 Conv without cropping', () => {
    const layer = { batch: 1, group: 1, inputsPerGroup: 4, outputsPerGroup: 2, kernel: [2, 2, 2], input: [3, 3, 3] };
    const model = modelOf({ ...layer, bias: true, opset: 17, free: false, attributes: { strides: [2, 2, 2] } });
    const { model: rewritten, applied } = rewriteForTarget(model, 'webgpu');
    expect(applied[0]?.what).toBe('Conv 1x1x1 to 16 channels, interleaved');
    expect(rewritten.graph?.node.map(({ opType }) => opType)).not.toContain('Slice');
    expect(rewritten.graph?.initializer.map(({ name }) => name)).not.toContain('w');
  });

  it('leaves what it cannot rewrite, and says why', () => {
    const layer = { batch: 1, group: 1, inputsPerGroup: 1, outputsPerGroup: 1, kernel: [3, 3, 3], input: [3, 3, 3] };
    const model = modelOf({ ...layer, bias: false, opset: 17, free: false, attributes: { dilations: [2, 1, 1] } });
    const result = rewriteForTarget(model, 'webgpu');
    expect(result.model).toBe(model);
    expect(result.skipped).toEqual([
      { pass: 'conv-transpose-3d', node: 'node_0_ConvTranspose', because: 'it is dilated' },
    ]);
  });

  it('leaves 2-D ConvTranspose, and every graph for other targets, as they are', () => {
    const flat = new GraphBuilder('flat');
    const x = flat.input('x', 'float32', [1, 1, 4, 4]);
    const w = flat.initializer('w', 'float32', [1, 1, 2, 2], randomValues(4, 1));
    flat.output(flat.node('ConvTranspose', [x, w], { strides: [2, 2] }), 'float32', null, 'y');
    expect(rewriteForTarget(flat.toModel(), 'webgpu').applied).toEqual([]);
    const layer = { batch: 1, group: 1, inputsPerGroup: 1, outputsPerGroup: 1, kernel: [3, 3, 3], input: [3, 3, 3] };
    const model = modelOf({ ...layer, bias: false, opset: 17, free: false, attributes: {} });
    expect(rewriteForTarget(model, 'wasm').model).toBe(model);
  });
});
