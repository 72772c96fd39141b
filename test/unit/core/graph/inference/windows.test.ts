import { GraphBuilder, type Attributes } from '@overread/core/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inferValues } from '../../../../../core/graph/inference/infer.ts';
import { randomTensor, runOnCpu } from '../../../../support/graph-run.ts';

const three = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: 3, maxLength: 3 });
const layers = fc.record({
  op: fc.constantFrom('Conv', 'ConvTranspose', 'MaxPool', 'AveragePool'),
  kernel: three(1, 3),
  strides: three(1, 3),
  dilations: three(1, 2),
  pads: three(0, 1),
  input: three(3, 6),
  auto_pad: fc.constantFrom('NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'),
  ceil: fc.boolean(),
});

describe('inferred shapes', () => {
  it('are those that the runtime computes', async () => {
    let known = 0;
    await fc.assert(
      fc.asyncProperty(layers, async ({ op, kernel, strides, dilations, pads, input, auto_pad, ceil }) => {
        const weighted = op.startsWith('Conv');
        const graph = new GraphBuilder('layer');
        const x = graph.input('x', 'float32', [1, 2, 'D', 'H', 'W']);
        const shape = op === 'Conv' ? [3, 2, ...kernel] : [2, 3, ...kernel];
        const w = weighted ? [graph.initializer('w', 'float32', shape, randomTensor(shape, 1).data)] : [];
        const padding =
          auto_pad === 'NOTSET' ? { pads: [...pads.map((pad, at) => Math.min(pad, kernel[at]! - 1)), 0, 0, 0] } : {};
        const attributes: Attributes = {
          kernel_shape: kernel,
          strides,
          auto_pad,
          ...padding,
          ...(op === 'Conv' && auto_pad === 'NOTSET' && { dilations }),
          ...(!weighted && auto_pad === 'NOTSET' && { ceil_mode: Number(ceil) }),
        };
        graph.output(graph.node('Relu', [graph.node(op, [x, ...w], attributes)], {}, 'y'), 'float32', null);
        const inferred = inferValues(graph.toModel().graph!, { x: [1, 2, ...input] }).get('y')?.shape;
        const run = await runOnCpu(graph.toModel(), { x: randomTensor([1, 2, ...input], 2) }).catch(() => null);
        // A kernel that reaches beyond the padded input: the runtime refuses it, and we say that we do not know.
        if (run === null) return;
        known++;
        expect(inferred).toEqual(run['y']!.dims);
      }),
      { numRuns: 150 },
    );
    expect(known).toBeGreaterThan(75);
  });
});
