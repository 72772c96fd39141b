import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { SampledBy } from '@overread/core/geometry';
import { launchBrowser } from '../../support/worker-page/browser.ts';
import { medianOf, type Aim, type Measure } from '../report.ts';
import { resampleChest, type Resampled } from './resample-work.ts';

const aim: Aim = { op: '>=', value: 60 };

/** Resampling of a chest CT in Node and in Chromium, and by SciPy's `affine_transform` where Debian's is on this machine. */
export async function resampling(repeats: number): Promise<readonly Measure[]> {
  const inChromium = await chromiumTimes(repeats);
  return [
    speed('resampling, linear, Node', resampleChest('linear', repeats), aim),
    speed('resampling, linear, Chromium', inChromium, aim),
    speed('resampling, nearest, Node', resampleChest('nearest', repeats), null),
    speed('resampling, cubic, Node', resampleChest('cubic', repeats), null),
    ...scipy(1, Math.min(repeats, 3)),
    ...scipy(3, 1),
  ];
}

/** The first run compiles: it does not count. */
function speed(id: string, { voxels, milliseconds }: Resampled, wanted: Aim | null): Measure {
  const speeds = milliseconds.slice(1).map((time) => voxels / time / 1000);
  return medianOf(id, speeds, 'Mvoxel/s', wanted);
}

async function chromiumTimes(repeats: number): Promise<Resampled> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('resample-work.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'work',
    target: 'es2022',
    logLevel: 'silent',
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0]!.text });
    const by: SampledBy = 'linear';
    return await page.evaluate(`work.resampleChest(${JSON.stringify(by)}, ${repeats})`);
  } finally {
    await browser.close();
  }
}

const script = `
import json, sys, time
import numpy as np
from scipy import ndimage
order, repeats = int(sys.argv[1]), int(sys.argv[2])
samples = ((np.arange(512 * 512 * 143, dtype=np.int64) * 7919) % 3000 - 1000).astype(np.int16).reshape(143, 512, 512)
spacing = np.array([2, 0.54, 0.54])
shape = tuple(np.ceil(np.array(samples.shape) * spacing - 1e-6).astype(int))
offset = ((np.array(samples.shape) - 1) * spacing - (np.array(shape) - 1)) / 2 / spacing
times = []
for _ in range(repeats):
    start = time.perf_counter()
    ndimage.affine_transform(samples, 1 / spacing, offset, output_shape=shape, output=np.float32, order=order, mode="nearest")
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps({"voxels": int(np.prod(shape)), "milliseconds": times}))
`;

function scipy(order: 1 | 3, repeats: number): readonly Measure[] {
  const { status, stdout } = spawnSync('/usr/bin/python3', ['-c', script, String(order), String(repeats)], {
    encoding: 'utf8',
  });
  if (status !== 0) return [];
  const { voxels, milliseconds } = JSON.parse(stdout) as Resampled;
  const id = `resampling, SciPy affine_transform order ${order}`;
  return [
    medianOf(
      id,
      milliseconds.map((time) => voxels / time / 1000),
      'Mvoxel/s',
    ),
  ];
}
