import type { LoadedModel } from '@overread/core/model';
import { analyse, inputShapes, SessionKeeper, type InferenceRuntime } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { findGpu } from '../../../inference-server/src/inference/gpu-device.ts';
import { gpuRuntime } from '../../../inference-server/src/inference/gpu-runtime.ts';
import { defaultThreads, nodeRuntime } from '../../../inference-server/src/inference/node-runtime.ts';
import { launchBrowser, openPage } from '../../support/worker-page/browser.ts';
import { packageFiles, volumeFiles } from '../../support/worker-page/files.ts';
import { bundleSite, serveSite } from '../../support/worker-page/site.ts';
import { medianOf, type Measure } from '../report.ts';
import { timed } from './bare-runs.ts';
import { chest, head, meshNetModel, uNetModel } from './workloads.ts';

const place = { location: 'server', runtime: 'node-gpu', threads: 1, device: null, skipped: [] } as const;
/** What lets a browser without a screen have the machine's GPU. */
const withGpu = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-angle=vulkan', '--ignore-gpu-blocklist'];

/** Whole analyses on this machine's GPU, in Node and in Chromium; nothing where it has none: a software adapter is never timed. */
export async function onGpu(repeats: number): Promise<readonly Measure[]> {
  const gpu = findGpu('auto');
  if (!gpu.ok) {
    console.log(`No figures of WebGPU: ${gpu.reason}.`);
    return [];
  }
  console.log(`GPU: ${gpu.device ?? 'one whose name the system does not tell'}.`);
  const workloads = [
    ['MeshNet 256^3', meshNetModel(), head()],
    ['U-Net 96^3 tiles, 512x512x143', uNetModel(), chest()],
  ] as const;
  const measures: Measure[] = [];
  for (const [id, model, volume] of workloads) {
    measures.push(...(await inNode(id, model, volume, gpuRuntime(gpu.device), repeats)));
    measures.push(...(await inChromium(id, model, volume, repeats)));
  }
  return measures;
}

async function inNode(
  id: string,
  model: LoadedModel,
  volume: Volume,
  gpu: InferenceRuntime,
  repeats: number,
): Promise<readonly Measure[]> {
  const sessions = new SessionKeeper();
  const keeping = sessions.keeping(gpu);
  const creation = await timed(async () =>
    (await keeping.createSession(model.graph, inputShapes(model.manifest.input))).release(),
  );
  const first = await timed(() => analyse({ volume, model, place }, keeping));
  const later: number[] = [];
  for (let n = 0; n < repeats; n++) later.push(await timed(() => analyse({ volume, model, place }, keeping)));
  const onGpuLabels = (await analyse({ volume, model, place }, keeping)).labelMaps[0]?.labels;
  await sessions.release();
  const expected = (await analyse({ volume, model, place }, nodeRuntime(defaultThreads))).labelMaps[0]?.labels;
  const differing = expected?.reduce((count, label, at) => count + Number(label !== onGpuLabels?.[at]), 0) ?? NaN;
  return [
    { id: `node-gpu: ${id}: session creation`, value: creation, unit: 'ms', aim: null },
    { id: `node-gpu: ${id}: first analysis`, value: first, unit: 'ms', aim: null },
    medianOf(`node-gpu: ${id}: analysis, session kept`, later, 'ms'),
    { id: `node-gpu: ${id}: labels that differ from node-cpu`, value: differing, unit: '', aim: null },
  ];
}

async function inChromium(
  id: string,
  model: LoadedModel,
  volume: Volume,
  repeats: number,
): Promise<readonly Measure[]> {
  const site = await serveSite(await bundleSite(), { isolated: true });
  const browser = await launchBrowser(withGpu);
  try {
    site.put('model', packageFiles(model));
    site.put('volume', volumeFiles(volume));
    const { run } = await openPage(browser, site.url);
    const wish = { modelUrl: `${site.url}model/model.json`, volumeUrl: `${site.url}volume/`, withoutVoxels: true };
    const took: number[] = [];
    for (let n = 0; n <= repeats; n++) {
      const start = performance.now();
      const answer = await run(wish);
      if (!answer.ok) throw new Error(answer.message);
      if (answer.place.runtime !== 'webgpu') {
        console.log(`No figures of Chromium's WebGPU: ${answer.place.skipped.map(({ reason }) => reason).join('; ')}.`);
        return [];
      }
      took.push(performance.now() - start);
    }
    return [
      { id: `webgpu: ${id}: first run, nothing on this machine`, value: took[0]!, unit: 'ms', aim: null },
      medianOf(`webgpu: ${id}: run again`, took.slice(1), 'ms'),
    ];
  } finally {
    await browser.close();
    await site.close();
  }
}
