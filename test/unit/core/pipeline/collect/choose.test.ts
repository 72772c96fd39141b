import fc from 'fast-check';
import { expect, it } from 'vitest';
import { choiceOf, chooserOf, type MaskOutput } from '../../../../../core/pipeline/collect/choose.ts';
import { tinyManifest } from '../../../../support/tiny-manifest.ts';

const [plain] = tinyManifest(new Uint8Array()).outputs as [MaskOutput];
const outputOf = (count: number, activation: MaskOutput['activation']): MaskOutput => ({
  ...plain,
  activation,
  labels: Array.from({ length: count }, (_, n) => ({ ...plain.labels[0]!, value: 3 * n + 2 })),
});

it.each([0.1, 0.3, 0.7, 0.9, 1])(
  'takes a value of just the threshold %d, and none below, alone and blended',
  (threshold) => {
    const { choose, chooseFromSums } = chooserOf(choiceOf({ ...outputOf(1, 'none'), threshold }));
    // Numbers of single precision near the threshold are whole multiples of this.
    const step = 2 ** (Math.floor(Math.log2(threshold)) - 23);
    const least = Math.ceil(threshold / step) * step;
    const below = least - step;
    const data = Float32Array.of(least, below);
    const target = new Uint8Array(2);
    choose(data, 0, 2, [target], 0, 2);
    expect([...target]).toEqual([1, 0]);
    const ones = { sums: Float32Array.of(0.7, 0), weights: Float32Array.of(0.7, 0) };
    chooseFromSums(ones, 0, 2, [target], 0, 2);
    expect([...target]).toEqual([1, 0]);
  },
);

it('chooses as looking at all channels of each voxel does', () => {
  const cases = fc.record({
    labels: fc.integer({ min: 1, max: 11 }),
    length: fc.integer({ min: 1, max: 9 }),
    // Few values, so that there are ties.
    logits: fc.infiniteStream(fc.integer({ min: -3, max: 3 })),
    activation: fc.constantFrom('softmax' as const, 'sigmoid' as const),
  });
  fc.assert(
    fc.property(cases, ({ labels: count, length, logits, activation }) => {
      const output = outputOf(count, activation);
      const chooser = chooserOf(choiceOf(output));
      const stride = length + 2;
      const data = Float32Array.from({ length: 1 + chooser.channels * stride }, () => logits.next().value as number);
      const planes = Array.from({ length: chooser.planes }, () => new Uint8Array(length + 2).fill(99));
      chooser.choose(data, 1, stride, planes, 1, length);
      const channelsAt = (n: number) => Array.from({ length: chooser.channels }, (_, c) => data[1 + c * stride + n]!);
      const expected = planes.map((_, p) =>
        Array.from({ length }, (__, n) => {
          const values = channelsAt(n);
          if (activation === 'softmax') return output.labels[values.indexOf(Math.max(...values)) - 1]?.value ?? 0;
          return values.slice(8 * p, 8 * p + 8).reduce((bits, value, c) => bits + (value >= 0 ? 2 ** c : 0), 0);
        }),
      );
      expect(chooser.planes).toBe(activation === 'softmax' ? 1 : Math.ceil(count / 8));
      const framed = expected.map((values) => [99, ...values, 99]);
      expect(planes.map((plane) => [...plane])).toEqual(framed);
      const others = Float32Array.from(
        data.subarray(stride),
        (value, at) => value - (data[1 + ((at - 1) % stride)] ?? 0),
      );
      const weights = Float32Array.from({ length: stride }, (_, at) => 0.3 + at);
      const weighed = data.map((value, at) => value * weights[1 + ((at + stride - 1) % stride)]!);
      const sums = chooser.againstFirst ? { sums: others, weights: new Float32Array(0) } : { sums: weighed, weights };
      for (const plane of planes) plane.fill(99);
      chooser.chooseFromSums(sums, 1, stride, planes, 1, length);
      expect(planes.map((plane) => [...plane])).toEqual(framed);
    }),
  );
});
