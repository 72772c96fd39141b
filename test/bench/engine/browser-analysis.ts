import type { Page } from 'playwright-core';
import type { LoadedModel } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import { launchBrowser } from '../../support/worker-page/browser.ts';
import { packageFiles, volumeFiles } from '../../support/worker-page/files.ts';
import { bundleSite, serveSite, type Site } from '../../support/worker-page/site.ts';
import { medianOf, type Measure } from '../report.ts';
import type { BareAnswer, BareWish } from './bare-worker.ts';
import { chest, head, meshNetModel, uNetModel } from './workloads.ts';

/** Whole analyses in Chromium's WebAssembly, each beside bare calls of onnxruntime-web in the same worker. */
export async function browserAnalysis(repeats: number): Promise<readonly Measure[]> {
  const further = { 'bare-worker': new URL('bare-worker.ts', import.meta.url) };
  const site = await serveSite(await bundleSite(undefined, further), { isolated: true });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    const measured: Measure[] = [];
    const workloads = [
      ['wasm: MeshNet 256^3', meshNetModel(), head()],
      ['wasm: U-Net 96^3 tiles, 512x512x143', uNetModel(), chest()],
    ] as const;
    for (const [id, model, volume] of workloads)
      measured.push(...(await besideBare(id, { page, site, repeats }, model, volume)));
    return measured;
  } finally {
    await browser.close();
    await site.close();
  }
}

interface Bench {
  readonly page: Page;
  readonly site: Site;
  readonly repeats: number;
}

async function besideBare(
  id: string,
  { page, site, repeats }: Bench,
  model: LoadedModel,
  volume: Volume,
): Promise<readonly Measure[]> {
  const { id: name } = model.manifest;
  site.put(name, packageFiles(model));
  site.put(`${name}-volume`, volumeFiles(volume));
  const answer = await inWorker(page, `${site.url}bare-worker.js`, {
    modelUrl: `${site.url}${name}/model.json`,
    volumeUrl: `${site.url}${name}-volume/`,
    runtimeUrl: site.url,
    threads: 1,
    repeats,
  });
  const ratios = answer.analysis.map((value, n) => value / answer.bare[n]!);
  return [
    { id: `${id}: tiles`, value: answer.tiles, unit: '', aim: null },
    { id: `${id}: session creation`, value: answer.sessionCreation, unit: 'ms', aim: null },
    { id: `${id}: first run of one tile`, value: answer.firstRun, unit: 'ms', aim: null },
    { id: `${id}: analysis, session made for it`, value: answer.cold, unit: 'ms', aim: null },
    medianOf(`${id}: analysis, session kept`, answer.analysis, 'ms'),
    medianOf(`${id}: bare runs`, answer.bare, 'ms'),
    medianOf(`${id}: analysis / bare runs`, ratios, 'x', { op: '<=', value: 1.1 }),
  ];
}

function inWorker(page: Page, workerUrl: string, wish: BareWish): Promise<BareAnswer> {
  return page.evaluate(
    ([url, asked]) =>
      new Promise<BareAnswer>((resolve, reject) => {
        const worker = new Worker(url, { type: 'module' });
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.onmessage = ({
          data,
        }: MessageEvent<{ ok: true; result: BareAnswer } | { ok: false; message: string }>) => {
          worker.terminate();
          if (data.ok) resolve(data.result);
          else reject(new Error(data.message));
        };
        worker.postMessage(asked);
      }),
    [workerUrl, wish] as const,
  );
}
