import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, placements, rewriteForTarget } from '@overread/core/graph';
import { largestDifference, randomTensor, randomValues, runOnCpu } from '../../../../support/graph-run.ts';
import { transposedKinds, transposedModel, type TransposedLayer } from '../../../../support/transposed-layers.ts';

async function expectEqual(layer: TransposedLayer): Promise<void> {
  const model = transposedModel(layer);
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

describe('3-D ConvTranspose as Conv, interleaving and cropping', () => {
  it.each(transposedKinds)('gives the same values for any kernel, stride and groups: %s', async (_name, layers) => {
    await fc.assert(fc.asyncProperty(layers, expectEqual), { numRuns: 40 });
  });

  it('takes a kernel equal to the stride as a 1x1x1 Conv without cropping', () => {
    const layer = { batch: 1, group: 1, inputsPerGroup: 4, outputsPerGroup: 2, kernel: [2, 2, 2], input: [3, 3, 3] };
    const model = transposedModel({ ...layer, bias: true, opset: 17, free: false, attributes: { strides: [2, 2, 2] } });
    const { model: rewritten, applied } = rewriteForTarget(model, 'webgpu');
    expect(applied[0]?.what).toBe('Conv 1x1x1 to 16 channels, interleaved');
    expect(rewritten.graph?.node.map(({ opType }) => opType)).not.toContain('Slice');
    expect(rewritten.graph?.initializer.map(({ name }) => name)).not.toContain('w');
  });

  it('leaves what it cannot rewrite, and says why', () => {
    const layer = { batch: 1, group: 1, inputsPerGroup: 1, outputsPerGroup: 1, kernel: [3, 3, 3], input: [3, 3, 3] };
    const model = transposedModel({
      ...layer,
      bias: false,
      opset: 17,
      free: false,
      attributes: { dilations: [2, 1, 1] },
    });
    const result = rewriteForTarget(model, 'webgpu');
    expect(result.model).toBe(model);
    expect(result.skipped).toEqual([
      { pass: 'conv-transpose-3d', node: 'node_0_ConvTranspose', because: 'it is dilated' },
    ]);
  });

  it('leaves 2-D ConvTranspose as it is', () => {
    const flat = new GraphBuilder('flat');
    const x = flat.input('x', 'float32', [1, 1, 4, 4]);
    const w = flat.initializer('w', 'float32', [1, 1, 2, 2], randomValues(4, 1));
    flat.output(flat.node('ConvTranspose', [x, w], { strides: [2, 2] }), 'float32', null, 'y');
    expect(rewriteForTarget(flat.toModel(), 'webgpu').applied).toEqual([]);
  });
});
