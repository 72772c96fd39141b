import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeGrid, type Vec3 } from '@overread/core/geometry';
import { loadModel, type LoadedModel } from '@overread/core/model';
import { analyse } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { nodeRuntime } from '../../../../../inference-server/src/inference/node-runtime.ts';
import { inFolder, overreadModel } from '../../../../support/model-command.ts';
import { writeBundle } from '../../../../support/monai-bundle.ts';
import { thorax } from '../../../../support/thorax.ts';

/** A bundle, a series and its labels as `generate.py` beside the fixture works them out. */
interface Case {
  readonly name: string;
  readonly dims: Vec3;
  readonly spacing: Vec3;
  readonly axcodes: string;
  readonly pixdim: readonly number[];
  readonly margin: readonly number[];
  readonly roi: readonly number[];
  readonly overlap: number;
  readonly mode: string;
  readonly samples: readonly number[];
  /** A digit for each voxel. */
  readonly labels: string;
}

const fixture = new URL('../../../../fixtures/monai/bundles.json', import.meta.url);
const { cases } = JSON.parse(await readFile(fixture, 'utf8')) as { cases: readonly Case[] };
const place = { location: 'server', runtime: 'node-cpu', threads: 1, device: null, skipped: [] } as const;

/** Columns to the left, rows to the back and slices to the head, or all of them tilted: steps along the axes are what counts. */
function volumeOf({ dims, spacing, samples }: Case, tilt: number): Volume {
  const base = thorax({ spacing: [30, 30, 30] });
  const [sine, cosine] = [Math.sin(tilt), Math.cos(tilt)];
  const directions = [
    [1, 0, 0],
    [0, cosine, sine],
    [0, -sine, cosine],
  ] as const;
  const slices = Array.from({ length: dims[2] }, (_, k) => ({ ...base.slices[0]!, sopInstanceUID: `2.25.${k + 1}` }));
  const grid = makeGrid(dims, spacing, directions, [-8, -6, 40]);
  return { ...base, grid, slices, samples: Int16Array.from(samples), padding: -900 };
}

function imported({ axcodes, pixdim, margin, roi, overlap, mode }: Case): Promise<LoadedModel> {
  return inFolder(async (folder) => {
    const [source, out] = [join(folder, 'bundle'), join(folder, 'package')];
    await writeBundle(source, (parts) => {
      parts.metadata['monai_version'] = '1.4.0';
      const keys = 'image';
      parts.preprocessing = [
        { _target_: 'LoadImaged', keys },
        { _target_: 'EnsureChannelFirstd', keys },
        { _target_: 'Orientationd', keys, axcodes },
        { _target_: 'Spacingd', keys, pixdim, mode: 'bilinear' },
        { _target_: 'ScaleIntensityRanged', keys, a_min: -100, a_max: 200, b_min: 0, b_max: 1, clip: true },
        { _target_: 'CropForegroundd', keys, source_key: keys, margin },
      ];
      parts.inferer = { _target_: 'SlidingWindowInferer', roi_size: roi, overlap, mode };
    });
    const { err } = await overreadModel('import', 'monai-bundle', source, '--out', out);
    expect(err).toBe('');
    return loadModel(async (path) => new Uint8Array(await readFile(join(out, path))));
  });
}

describe('an imported MONAI bundle that resamples, turns and crops, and goes back', () => {
  it.each(cases.map((one) => [one.name, one] as const))('answers as worked out in Python: %s', async (_, one) => {
    const model = await imported(one);
    for (const tilt of [0, 0.2]) {
      const runtime = nodeRuntime(1);
      const { labelMaps } = await analyse({ volume: volumeOf(one, tilt), model, place }, runtime);
      expect(labelMaps[0]?.labels.join('')).toBe(one.labels);
    }
  });
});
