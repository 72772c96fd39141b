import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rewriteForTarget } from '@overread/core/graph';
import { largestDifference, randomTensor, runOnCpu } from '../../../../support/graph-run.ts';
import { transposedKinds, transposedModel, type TransposedLayer } from '../../../../support/transposed-layers.ts';

async function expectEqual(layer: TransposedLayer): Promise<void> {
  const model = transposedModel(layer);
  const dims = [1, layer.inputsPerGroup, ...layer.input];
  const { model: rewritten, applied } = rewriteForTarget(model, 'node-cpu', { inputShapes: { x: dims } });
  expect(applied.map(({ pass }) => pass)).toEqual(['conv-transpose-by-slice']);
  const x = randomTensor(dims, 3);
  const [before, after] = [await runOnCpu(model, { x }), await runOnCpu(rewritten, { x })];
  expect(after['y']!.dims).toEqual(before['y']!.dims);
  expect(largestDifference(before['y']!, after['y']!)).toBeLessThanOrEqual(1e-5);
}

const layer = { batch: 1, group: 1, inputsPerGroup: 4, outputsPerGroup: 2, input: [3, 3, 3], opset: 17 };
const doubled = { ...layer, kernel: [2, 2, 2], bias: true, free: false, attributes: { strides: [2, 2, 2] } };

describe('3-D ConvTranspose as a 2-D one of each slice', () => {
  it.each(transposedKinds)('gives the same values for any kernel and stride: %s', async (_name, layers) => {
    await fc.assert(
      fc.asyncProperty(layers, (made) => expectEqual({ ...made, batch: 1, group: 1 })),
      { numRuns: 40 },
    );
  });

  it.each(['node-cpu', 'wasm'] as const)(
    'takes no padding, cutting and stacking where the slices do not meet: %s',
    (target) => {
      const { model, applied } = rewriteForTarget(transposedModel(doubled), target);
      expect(applied[0]?.what).toBe('2-D ConvTranspose of each slice to 4 channels');
      expect(model.graph?.node.map(({ opType }) => opType)).toEqual([
        'Transpose',
        'Reshape',
        'ConvTranspose',
        'Reshape',
        'Transpose',
        'Reshape',
      ]);
      expect(model.graph?.initializer.map(({ name }) => name)).not.toContain('w');
    },
  );

  it.each<[string, Partial<TransposedLayer>]>([
    ['of several volumes', { batch: 2 }],
    ['in groups', { group: 2 }],
    ['that is dilated', { attributes: { strides: [2, 2, 2], dilations: [1, 2, 1] } }],
    ['whose extents are free', { free: true }],
    ['whose output shape adds what no input reaches', { attributes: { strides: [2, 2, 2], output_shape: [6, 6, 7] } }],
  ])('leaves one %s as it is', (_name, change) => {
    const model = transposedModel({ ...doubled, ...change });
    expect(rewriteForTarget(model, 'node-cpu').model).toBe(model);
  });
});
