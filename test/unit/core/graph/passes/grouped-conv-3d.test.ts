import { GraphBuilder, placements, rewriteForTarget, type ModelProto } from '@overread/core/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestDifference, randomTensor, randomValues, runOnCpu } from '../../../../support/graph-run.ts';

interface Layer {
  readonly group: number;
  readonly inputsPerGroup: number;
  readonly outputsPerGroup: number;
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
  readonly bias: boolean;
  readonly opset: number;
}

function modelOf({ group, inputsPerGroup, outputsPerGroup, bias, opset, ...attributes }: Layer): ModelProto {
  const builder = new GraphBuilder('grouped', { opset });
  const x = builder.input('x', 'float32', ['N', group * inputsPerGroup, 'D', 'H', 'W']);
  const shape = [group * outputsPerGroup, inputsPerGroup, ...attributes.kernel];
  const w = builder.initializer('w', 'float32', shape, randomTensor(shape, 1).data);
  const b = bias
    ? [builder.initializer('b', 'float32', [group * outputsPerGroup], randomValues(group * outputsPerGroup, 2))]
    : [];
  const { kernel: kernel_shape, strides, dilations, pads } = attributes;
  const y = builder.node('Conv', [x, w, ...b], { group, kernel_shape, strides, dilations, pads }, 'y');
  builder.output(y, 'float32', null);
  return builder.toModel();
}

const three = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: 3, maxLength: 3 });

describe('grouped 3-D Conv as dense Convs', () => {
  it('gives the same values for any number of groups, depthwise ones and multipliers included', async () => {
    const layers = fc.record({
      // Up to 40 groups, so that one part, several parts and a smaller last one all come up.
      group: fc.integer({ min: 2, max: 40 }),
      inputsPerGroup: fc.integer({ min: 1, max: 20 }),
      outputsPerGroup: fc.integer({ min: 1, max: 3 }),
      kernel: three(1, 3),
      strides: three(1, 2),
      dilations: three(1, 2),
      pads: fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }),
      bias: fc.boolean(),
      opset: fc.constantFrom(9, 11, 13, 18, 21),
    });
    await fc.assert(
      fc.asyncProperty(layers, fc.integer({ min: 1, max: 2 }), async (layer, batch) => {
        const model = modelOf(layer);
        const { model: rewritten, applied } = rewriteForTarget(model, 'webgpu');
        expect(applied).toHaveLength(1);
        expect(placements(rewritten, 'webgpu').filter(({ where }) => where === 'fails')).toEqual([]);
        const x = randomTensor([batch, layer.group * layer.inputsPerGroup, 5, 6, 5], 3);
        const [before, after] = [await runOnCpu(model, { x }), await runOnCpu(rewritten, { x })];
        expect(largestDifference(before['y']!, after['y']!)).toBeLessThanOrEqual(1e-5);
      }),
      { numRuns: 60 },
    );
  });

  const layer = { kernel: [3, 3, 3], strides: [1, 1, 1], dilations: [1, 1, 1], pads: [1, 1, 1, 1, 1, 1] };
  const usual = { ...layer, bias: false, opset: 17, outputsPerGroup: 1 };

  it.each([
    { group: 2, inputsPerGroup: 8, what: 'one dense Conv for 2 groups', convs: 1 },
    { group: 64, inputsPerGroup: 1, what: '4 Convs for 64 groups', convs: 4 },
    { group: 3, inputsPerGroup: 32, what: '3 Convs for 3 groups', convs: 3 },
  ])('makes $what of $inputsPerGroup channels', ({ group, inputsPerGroup, what, convs }) => {
    const { model, applied } = rewriteForTarget(modelOf({ ...usual, group, inputsPerGroup }), 'webgpu');
    expect(applied[0]?.what).toBe(what);
    expect(model.graph?.node.filter(({ opType }) => opType === 'Conv')).toHaveLength(convs);
    expect(model.graph?.initializer.map(({ name }) => name)).not.toContain('w');
  });

  it('leaves 2-D and ungrouped Conv as they are', () => {
    const builder = new GraphBuilder('flat');
    const x = builder.input('x', 'float32', [1, 4, 8, 8]);
    const w = builder.initializer('w', 'float32', [4, 1, 3, 3], randomValues(36, 1));
    builder.output(builder.node('Conv', [x, w], { group: 4 }), 'float32', null, 'y');
    expect(rewriteForTarget(builder.toModel(), 'webgpu').applied).toEqual([]);
    expect(rewriteForTarget(modelOf({ ...usual, group: 1, inputsPerGroup: 4 }), 'webgpu').applied).toEqual([]);
  });

  it('splits what a grouped ConvTranspose becomes', async () => {
    const builder = new GraphBuilder('up');
    const x = builder.input('x', 'float32', [1, 36, 2, 3, 2]);
    const w = builder.initializer('w', 'float32', [36, 1, 3, 3, 3], randomValues(36 * 27, 1));
    const y = builder.node('ConvTranspose', [x, w], { group: 36, strides: [2, 2, 2], pads: [1, 1, 1, 0, 0, 0] }, 'y');
    builder.output(y, 'float32', null);
    const { model, applied } = rewriteForTarget(builder.toModel(), 'webgpu');
    expect(applied.map(({ pass }) => pass)).toEqual(['conv-transpose-3d', 'grouped-conv-3d']);
    const feeds = { x: randomTensor([1, 36, 2, 3, 2], 3) };
    const [before, after] = [await runOnCpu(builder.toModel(), feeds), await runOnCpu(model, feeds)];
    expect(largestDifference(before['y']!, after['y']!)).toBeLessThanOrEqual(1e-5);
  });
});
