import { describe, expect, it } from 'vitest';
import { OverreadError } from '@overread/core/errors';
import type { LoadedModel } from '@overread/core/model';
import { hasSmallerWindows, windowOf, withLargestWindows } from '@overread/core/pipeline';
import { croppedWindow, tinyManifest } from '../../../support/tiny-manifest.ts';

const graph = Uint8Array.of(1);
const whole: LoadedModel = { manifest: tinyManifest(graph), digest: '0', graph };
const patch = {
  ...croppedWindow([64, 64, 64], [4, 4, 4]),
  smaller: [
    [48, 48, 48],
    [32, 32, 32],
  ] as [number, number, number][],
};
const model: LoadedModel = {
  ...whole,
  manifest: tinyManifest(graph, { input: { name: 'input', spacing: 'native', patch } }),
};

/** A place where windows up to `most` voxels along D fit. */
function attempts(most: number) {
  const tried: (string | null)[] = [];
  const attempt = (choice: LoadedModel): Promise<void> => {
    tried.push(windowOf(choice));
    const { patch: used } = choice.manifest.input;
    if (used.mode === 'slidingWindow' && used.size[0] <= most) return Promise.resolve();
    return Promise.reject(new OverreadError('runtime.out-of-memory', { why: 'it is full' }));
  };
  return { tried, attempt };
}

describe('windows where memory is short', () => {
  it('are the first choice of the manifest where they fit, and nothing is said', async () => {
    const { tried, attempt } = attempts(64);
    const fitting = await withLargestWindows({ model, runtime: 'wasm', tooLarge: [] }, attempt);
    expect(fitting).toEqual({ model, warnings: [] });
    expect(tried).toEqual(['64 × 64 × 64']);
  });

  it('are the next smaller ones that fit, and the result says so and why', async () => {
    const { tried, attempt } = attempts(40);
    const fitting = await withLargestWindows({ model, runtime: 'wasm', tooLarge: [] }, attempt);
    expect(tried).toEqual(['64 × 64 × 64', '48 × 48 × 48', '32 × 32 × 32']);
    expect(fitting.model.manifest.input.patch).toMatchObject({ size: [32, 32, 32], blending: { kind: 'crop' } });
    const message = expect.stringMatching(/32 × 32 × 32.*it is full/) as string;
    expect(fitting.warnings).toEqual([{ code: 'pipeline.smaller-windows', message }]);
    expect(fitting.model.digest).toBe(model.digest);
  });

  it('are not tried again at a place where they were too much, but elsewhere they are', async () => {
    const tooLarge = [{ runtime: 'webgpu', window: '64 × 64 × 64', reason: 'its buffers are small' }] as const;
    const onGpu = attempts(64);
    const fitting = await withLargestWindows({ model, runtime: 'webgpu', tooLarge }, onGpu.attempt);
    expect(onGpu.tried).toEqual(['48 × 48 × 48']);
    expect(fitting.warnings[0]?.message).toMatch(/its buffers are small/);
    const elsewhere = attempts(64);
    await withLargestWindows({ model, runtime: 'wasm', tooLarge }, elsewhere.attempt);
    expect(elsewhere.tried).toEqual(['64 × 64 × 64']);
  });

  it('fail with the last reason where none fits, and at once where memory is not the matter', async () => {
    await expect(
      withLargestWindows({ model, runtime: 'wasm', tooLarge: [] }, attempts(1).attempt),
    ).rejects.toMatchObject({ code: 'runtime.out-of-memory', why: 'it is full' });
    const broken = new OverreadError('runtime.failed');
    await expect(
      withLargestWindows({ model, runtime: 'wasm', tooLarge: [] }, () => Promise.reject(broken)),
    ).rejects.toBe(broken);
  });

  it('are told apart by size; a whole volume has none', () => {
    expect(hasSmallerWindows(model, '64 × 64 × 64')).toBe(true);
    expect(hasSmallerWindows(model, '32 × 32 × 32')).toBe(false);
    expect(windowOf(whole)).toBeNull();
    expect(hasSmallerWindows(whole, null)).toBe(false);
  });
});
