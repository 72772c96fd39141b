import { describe, expect, it } from 'vitest';
import { subPixelAxis } from '../../../../../core/graph/passes/sub-pixel.ts';
import { subPixelWeights } from '../../../../../core/graph/passes/sub-pixel-weights.ts';

const kernel = [3, 2, 1];
const axes = kernel.map((extent) =>
  subPixelAxis({ kernel: extent, stride: 2, padHead: 0, padTail: 0, outputPadding: 0 }),
);
const layer = { inputChannels: 4, outputsPerGroup: 2, group: 2, kernel };
const count = 4 * 2 * 6;

/** Elements numbered from 1, of any width, each byte the number; not aligned to anything. */
function numbered(bytesPerElement: number): Uint8Array {
  const bytes = new Uint8Array(1 + count * bytesPerElement).subarray(1);
  return bytes.map((_, at) => 1 + Math.floor(at / bytesPerElement));
}

describe('weights of the sub-pixel convolution', () => {
  it.each([2, 4, 8])('are rearranged alike whatever the width of an element (%i bytes)', (bytesPerElement) => {
    const narrow = subPixelWeights({ ...layer, bytes: numbered(1), bytesPerElement: 1 }, axes);
    const wide = subPixelWeights({ ...layer, bytes: numbered(bytesPerElement), bytesPerElement }, axes);
    expect(wide).toHaveLength(narrow.length * bytesPerElement);
    expect(wide).toEqual(Uint8Array.from(wide, (_, at) => narrow[Math.floor(at / bytesPerElement)]!));
  });

  it('hold every weight once and zeros for taps that a phase lacks', () => {
    const made = subPixelWeights({ ...layer, bytes: numbered(1), bytesPerElement: 1 }, axes);
    const held = Array.from(made).filter((value) => value !== 0);
    expect(held.sort((a, b) => a - b)).toEqual(Array.from(numbered(1)));
    // 4 outputs, 8 phases, 2 inputs per group, 2 x 1 x 1 taps.
    expect(made).toHaveLength(4 * 8 * 2 * 2);
  });
});
