import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComputePlace } from '@overread/core/analysis';
import type { ManifestSource } from '@overread/core/model';
import type { PlaceOptions } from '@overread/core/protocol';
import { chromiumPath, softwareGpu, softwareVulkan } from '../support/chromium.ts';
import { uNet } from '../support/networks.ts';
import { halfPrecisionGraph, labelGraph, packageOf, type PackageFiles } from '../support/test-models.ts';
import { croppedWindow } from '../support/tiny-manifest.ts';
import { launchBrowser, openPage, swiftShader } from '../support/worker-page/browser.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

// One test for all places: the same packages on the same volume, labels counted against those of onnxruntime-node on the CPU.

const dims = [28, 24, 20] as const;
const organ = { value: '39607008', scheme: 'SCT', meaning: 'Lung' };
const category = { value: '123037004', scheme: 'SCT', meaning: 'Anatomical Structure' };
const labels = [1, 2].map((value) => ({
  value,
  name: `Class ${value}`,
  category,
  type: organ,
  colour: [200, 80 * value, 80] as [number, number, number],
}));
const logits: ManifestSource['outputs'] = [{ kind: 'maskLogits', name: 'logits', labels }];

interface Case {
  readonly name: string;
  readonly files: () => Promise<PackageFiles>;
  /** Share of voxels that must agree on a GPU: half precision decides close calls otherwise. */
  readonly onGpu: number;
}

const halfPrecision = 'half precision, windows with a halo';

const input = (patch: ManifestSource['input']['patch'], type: 'float32' | 'float16' = 'float32') =>
  ({ name: 'input', type, spacing: 'native', patch }) as const;
const gaussian = {
  mode: 'slidingWindow',
  size: [16, 16, 16] as [number, number, number],
  blending: { kind: 'gaussian', overlap: 0.5 },
} as const;

const cases: readonly Case[] = [
  {
    name: '3-D U-Net with ConvTranspose and InstanceNorm, windows blended',
    files: () => packageOf(uNet(4, 3, 3), [1, 1, 16, 16, 16], { input: input(gaussian), outputs: logits }),
    onGpu: 0.9999,
  },
  {
    name: 'labels each on its own, resampled, turned and mirrored',
    files: () => {
      const mirrored = { ...gaussian, mirror: ['W' as const] };
      const turned = { ...input(mirrored), spacing: 1.2, orientation: 'RAS', intensity: [{ kind: 'zScore' as const }] };
      const outputs = [{ ...logits[0]!, activation: 'sigmoid' as const }] as ManifestSource['outputs'];
      return packageOf(uNet(6, 3, 2), [1, 1, 16, 16, 16], { input: turned, outputs });
    },
    onGpu: 0.9999,
  },
  {
    name: halfPrecision,
    files: () => {
      const changes = { input: input(croppedWindow([12, 12, 12], [2, 2, 2]), 'float16'), outputs: logits };
      return packageOf(halfPrecisionGraph(), [1, 1, 6, 7, 8], { ...changes, tolerance: 0.02 });
    },
    onGpu: 0.98,
  },
  {
    name: 'labels chosen inside the graph, the whole volume at once',
    files: () => {
      const outputs: ManifestSource['outputs'] = [{ kind: 'labelMap', name: 'labels', labels }];
      return packageOf(labelGraph(), [1, 1, 6, 7, 8], { input: input({ mode: 'whole' }), outputs });
    },
    onGpu: 0.9999,
  },
];

describe.skipIf(!existsSync(chromiumPath))('every place gives the labels of onnxruntime-node', () => {
  let folder: string;
  let site: Site;
  let plain: Browser;
  let withGpu: Browser;
  const expected = new Map<string, Buffer>();

  const inNode = async (gpu: 'off' | 'any', at: number) => {
    const program = join(import.meta.dirname, '../support/node-place.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, gpu, join(folder, String(at)), ...dims.map(String)],
      { env: { ...process.env, ...(gpu === 'any' ? softwareGpu : {}) }, maxBuffer: 2 ** 24 },
    );
    const { place, labels: found } = JSON.parse(stdout) as { place: ComputePlace; labels: string };
    return { place, labels: decoded(found) };
  };
  const inBrowser = async (browser: Browser, at: number, places: Partial<PlaceOptions>) => {
    const { run, page } = await openPage(browser, site.url, { places });
    const answer = await run({ modelUrl: `${site.url}${at}/model.json`, dims });
    await page.context().close();
    return answer;
  };
  const agreement = (place: string, name: string, found: Buffer): number => {
    const wanted = expected.get(name)!;
    let same = 0;
    wanted.forEach((value, at) => (same += Number(found[at] === value)));
    const differing = wanted.length - same;
    console.log(`${place}: ${differing} of ${wanted.length} voxels differ from node-cpu (${name})`);
    return found.length === wanted.length ? same / wanted.length : 0;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-places-'));
    // So many cores that threads are more than one.
    site = await serveSite(await bundleSite(3), { isolated: true });
    for (const [at, { name, files }] of cases.entries()) {
      const content = await files();
      site.put(String(at), content);
      await mkdir(join(folder, String(at)));
      for (const [file, bytes] of Object.entries(content)) await writeFile(join(folder, String(at), file), bytes);
      expected.set(name, (await inNode('off', at)).labels);
    }
    [plain, withGpu] = await Promise.all([launchBrowser(), launchBrowser(swiftShader)]);
  });
  afterAll(async () => {
    await Promise.all([plain.close(), withGpu.close(), site.close()]);
    await rm(folder, { recursive: true });
  });

  describe.each(cases.map(({ name, onGpu }, at) => ({ name, onGpu, at })))('$name', ({ name, onGpu, at }) => {
    it('node-cpu: each class is there', () => {
      expect(new Set(expected.get(name))).toEqual(new Set([0, 1, 2]));
      expect(expected.get(name)).toHaveLength(dims[0] * dims[1] * dims[2]);
    });

    it.each([
      ['wasm, 1 thread', 1],
      ['wasm, 2 threads', 2],
    ] as const)('%s', async (place, threads) => {
      const answer = await inBrowser(plain, at, { maxThreads: threads });
      expect(answer).toMatchObject({ ok: true, place: { runtime: 'wasm', threads } });
      if (answer.ok) expect(agreement(place, name, decoded(answer.labelBytes))).toBeGreaterThanOrEqual(0.9999);
    });

    it('webgpu', async () => {
      const answer = await inBrowser(withGpu, at, { allowFallbackAdapter: true });
      expect(answer).toMatchObject({ ok: true });
      if (answer.ok && onGpuOrSaysWhy(answer.place, 'webgpu')) {
        expect(agreement('webgpu', name, decoded(answer.labelBytes))).toBeGreaterThanOrEqual(onGpu);
        // Of logits only labels leave the GPU, unless windows are mirrored.
        const onlyLabels = !name.includes('inside the graph') && !name.includes('mirrored');
        expect(answer.timings.some(({ stage }) => stage === 'read-back')).toBe(onlyLabels);
      }
    });

    it.skipIf(!existsSync(softwareVulkan))('node-gpu', async () => {
      const { place, labels: found } = await inNode('any', at);
      if (onGpuOrSaysWhy(place, 'node-gpu')) expect(agreement('node-gpu', name, found)).toBeGreaterThanOrEqual(onGpu);
    });

    /** An adapter without half precision is no place for such a model, and that is then what is said. */
    function onGpuOrSaysWhy({ runtime, skipped }: ComputePlace, wanted: ComputePlace['runtime']): boolean {
      if (runtime === wanted) expect(skipped).toEqual([]);
      else {
        const reason = expect.stringMatching(/half precision, which this GPU lacks|requires f16/) as string;
        expect({ name, skipped }).toEqual({ name: halfPrecision, skipped: [{ runtime: wanted, reason }] });
      }
      return runtime === wanted;
    }
  });
});

function decoded(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
