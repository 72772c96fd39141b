import type { SelfTestDifference } from '@overread/core/pipeline';

/** `largest difference 1.2e-6, allowed 0.0001`; of a decoder it says so. */
export function differenceText({ of, largest, tolerance }: SelfTestDifference): string {
  return `largest difference ${of === 'decoder' ? 'of the decoder ' : ''}${largest.toPrecision(3)}, allowed ${tolerance}`;
}
