import type { SelfTestDifference } from '@overread/core/pipeline';

/** `largest difference 1.2e-6, allowed 0.0001`; of a decoder, or of another output than the first, it says so. */
export function differenceText({ of, output, largest, tolerance }: SelfTestDifference): string {
  const whose = of === 'decoder' ? 'of the decoder ' : output === undefined ? '' : `of '${output}' `;
  return `largest difference ${whose}${largest.toPrecision(3)}, allowed ${tolerance}`;
}
