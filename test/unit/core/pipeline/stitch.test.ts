import { describe, expect, it } from 'vitest';
import { stitchLabels, stitchValues } from '../../../../core/pipeline/stitch.ts';
import type { Tensor } from '../../../../core/pipeline/runtime.ts';
import type { Tile } from '../../../../core/pipeline/tiles.ts';

const tensor = (dims: readonly number[], values: readonly number[]): Tensor => ({
  type: 'float32',
  dims,
  data: Float32Array.from(values),
});

/** Four voxels in a row of a grid of six, of which the middle two are kept. */
const tile: Tile = { input: { min: [1, 0, 0], max: [4, 0, 0] }, core: { min: [2, 0, 0], max: [3, 0, 0] } };
const dims = [6, 1, 1] as const;
const row = [1, 3, 1, 1, 4];

describe('stitchLabels', () => {
  it('writes the label of the largest channel in the core, and nothing around it', () => {
    const target = new Uint8Array(6).fill(99);
    // prettier-ignore
    const logits = tensor(row.with(1, 3), [
      0, 5, 0, 0,
      9, 1, 2, 9,
      0, 0, 7, 0,
    ]);
    stitchLabels(logits, tile, [10, 20], target, dims);
    expect([...target]).toEqual([99, 99, 0, 20, 99, 99]);
  });

  it('gives equal logits to the lower channel', () => {
    const target = new Uint8Array(6);
    stitchLabels(tensor([1, 2, 1, 1, 4], [1, 1, 1, 1, 1, 1, 2, 1]), tile, [7], target, dims);
    expect([...target]).toEqual([0, 0, 0, 7, 0, 0]);
  });

  it.each([0, 1])('refuses a value that is no number in channel %i instead of drawing it', (channel) => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8].with(channel * 4 + 1, NaN);
    expect(() => stitchLabels(tensor([1, 2, 1, 1, 4], values), tile, [7], new Uint8Array(6), dims)).toThrow(
      expect.objectContaining({ code: 'pipeline.bad-output' }),
    );
  });

  it('refuses an output of another shape', () => {
    const refused = expect.objectContaining({ code: 'pipeline.bad-output' }) as Error;
    const target = new Uint8Array(6);
    expect(() => stitchLabels(tensor([1, 2, 1, 4, 1], Array(8).fill(0)), tile, [7], target, dims)).toThrow(refused);
    expect(() => stitchLabels(tensor([1, 3, 1, 1, 4], Array(12).fill(0)), tile, [7], target, dims)).toThrow(refused);
  });
});

describe('stitchValues', () => {
  it('writes the values of the core', () => {
    const target = new Float32Array(6);
    stitchValues(tensor([1, 1, 1, 1, 4], [1, 2, 3, 4]), tile, target, dims);
    expect([...target]).toEqual([0, 0, 2, 3, 0, 0]);
  });

  it('refuses a value that is no number', () => {
    const values = tensor([1, 1, 1, 1, 4], [1, NaN, 3, 4]);
    expect(() => stitchValues(values, tile, new Float32Array(6), dims)).toThrow(
      expect.objectContaining({ code: 'pipeline.bad-output' }),
    );
  });
});
