import { describe, expect, it } from 'vitest';
import type { ManifestSource } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import { prepareInput } from '../../../../../core/pipeline/prepare.ts';
import type { PreparedInput } from '../../../../../core/pipeline/prepared.ts';
import { Steps } from '../../../../../core/pipeline/steps.ts';
import { modelWith, noiseVolume } from '../../../../support/pipeline-runs.ts';

const at = [3, 2, 1] as const;
const volumeWith = (odd: number): Volume =>
  noiseVolume([5, 4, 3], (i, j, k) => (i === at[0] && j === at[1] && k === at[2] ? odd : i + j));

function prepare(volume: Volume, input: Partial<ManifestSource['input']>): Promise<PreparedInput> {
  const { manifest } = modelWith(new Uint8Array(), { patch: { mode: 'whole' }, ...input });
  return prepareInput({ volumes: [volume], input: manifest.input, masks: new Map() }, new Steps(undefined, undefined));
}

describe('samples that are no numbers, where what lies beyond the series has a value of its own', () => {
  it.each([
    ['held', 'cubic'],
    ['sampled window by window', 'linear'],
  ] as const)('are refused with their place, and never taken for what lies beyond (%s)', async (_, interpolation) => {
    for (const [odd, text] of [
      [NaN, 'NaN'],
      [Infinity, 'infinite'],
    ] as const) {
      await expect(prepare(volumeWith(odd), { outside: -3, interpolation })).rejects.toMatchObject({
        code: 'volume.not-finite',
        why: expect.stringMatching(new RegExp(`column 3, row 2, slice 1 of the CT series is .*${text}`)) as string,
      });
    }
    await expect(prepare(volumeWith(7), { outside: -3, interpolation })).resolves.toMatchObject({ channels: 1 });
  });

  it('reach the model as they are where nothing stands for what lies beyond', async () => {
    const prepared = await prepare(volumeWith(NaN), {});
    const values = new Float32Array(60);
    prepared.read({ min: [0, 0, 0], max: [4, 3, 2] }, values);
    expect(values.findIndex(Number.isNaN)).toBe(3 + 5 * (2 + 4));
  });
});
