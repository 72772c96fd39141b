import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { LoadedModel } from '@overread/core/model';
import { launchBrowser, openPage } from '../../support/worker-page/browser.ts';
import { packageFiles, volumeFiles } from '../../support/worker-page/files.ts';
import { bundleSite, serveSite, type Site } from '../../support/worker-page/site.ts';
import { median, medianOf, type Measure } from '../report.ts';
import { head, meshNetModel, syntheticVolume, uNetModel } from './workloads.ts';

// The worker as the viewer uses it, through its client: how runs start and end, and what memory they leave.

interface Room {
  readonly browser: Browser;
  readonly site: Site;
}

/** Cold and warm runs, cancelling, and the memory of many runs, in Chromium's WebAssembly. */
export async function places(repeats: number): Promise<readonly Measure[]> {
  const site = await serveSite(await bundleSite(), { isolated: true });
  // A browser by itself, so that its one renderer is ours.
  const browser = await launchBrowser();
  try {
    const room = { browser, site };
    site.put('volume', volumeFiles(syntheticVolume([128, 128, 96], 'CT')));
    site.put('head', volumeFiles(head()));
    for (const model of [meshNetModel(), uNetModel()]) site.put(model.manifest.id, packageFiles(model));
    return [
      ...(await starts(room, uNetModel(), repeats)),
      ...(await cancelling(room, { model: uNetModel(), volume: 'volume', name: 'U-Net windows', step: 150 }, repeats)),
      ...(await cancelling(room, { model: meshNetModel(), volume: 'head', name: 'MeshNet 256^3', step: 700 }, repeats)),
      ...(await memoryOfRuns(room)),
    ];
  } finally {
    await browser.close();
    await site.close();
  }
}

/** The first run ever, the first of a new page with the model on this machine, and the second in the same worker. */
async function starts(
  { browser, site }: Room,
  { manifest }: LoadedModel,
  repeats: number,
): Promise<readonly Measure[]> {
  const wish = { modelUrl: `${site.url}${manifest.id}/model.json`, volumeUrl: `${site.url}volume/` };
  const [cold, warm, ratios, loads, bytes]: number[][] = [[], [], [], [], []];
  for (let n = 0; n < repeats; n++) {
    const { page, run } = await openPage(browser, site.url);
    const sent = site.sent();
    const first = await timed(() => run(wish));
    bytes!.push(site.sent() - sent);
    const second = await timed(() => run(wish));
    if (!first.result.ok || !second.result.ok) throw new Error('A run failed.');
    cold!.push(first.milliseconds);
    warm!.push(second.milliseconds);
    ratios!.push(second.milliseconds / first.milliseconds);
    loads!.push(second.result.timings.find(({ stage }) => stage === 'load')?.milliseconds ?? NaN);
    await page.context().close();
  }
  return [
    medianOf('worker: first run, nothing on this machine', cold!, 'ms'),
    { id: 'worker: of it bytes from the server', value: median(bytes!) / 2 ** 20, unit: 'MiB', aim: null },
    medianOf('worker: second run on the same series', warm!, 'ms'),
    medianOf('worker: of it session creation', loads!, 'ms'),
    medianOf('worker: second run / first run', ratios!, 'x', { op: '<=', value: 0.7 }),
  ];
}

interface Cancelled {
  readonly model: LoadedModel;
  /** Folder of the volume. */
  readonly volume: string;
  readonly name: string;
  /** How much later each repetition cancels, so that different nodes of the graph are met, ms. */
  readonly step: number;
}

/**
 * From the signal until the renderer computes no more, in the middle of a window: a run ends between two nodes of the graph. After a run, since the
 * browser goes on optimizing ONNX Runtime's code for about a second of processor time when the first run of a page is cancelled.
 */
async function cancelling(
  { browser, site }: Room,
  { model, volume, name, step }: Cancelled,
  repeats: number,
): Promise<readonly Measure[]> {
  const modelUrl = `${site.url}${model.manifest.id}/model.json`;
  const told: number[] = [];
  const idle: number[] = [];
  const computed: number[] = [];
  for (let n = 0; n < Math.max(8, repeats); n++) {
    const { page, run } = await openPage(browser, site.url);
    const warm = await run({ modelUrl, volumeUrl: `${site.url}volume/`, withoutVoxels: true });
    if (!warm.ok) throw new Error(warm.message);
    const watch = new IdleWatch(await renderersOf(browser));
    const before = watch.ticks();
    const result = await run({
      modelUrl,
      volumeUrl: `${site.url}${volume}/`,
      abort: { stage: 'tile', after: 150 + step * n },
    });
    if (result.ok || result.code !== 'run.cancelled') throw new Error('The run was not cancelled.');
    const ticks = watch.ticks();
    const afterwards = await watch.untilIdle();
    // Else idleness was seen in a process that never computed.
    if (watch.ticks() - before < 10) throw new Error('The process that computes was not watched.');
    told.push(result.millisecondsToStop);
    idle.push(result.millisecondsToStop + afterwards);
    computed.push(10 * (watch.ticks() - ticks));
    await page.context().close();
  }
  return [
    medianOf(`cancel, ${name}: until the caller knows`, told, 'ms'),
    medianOf(`cancel, ${name}: processor time after it`, computed, 'ms'),
    medianOf(`cancel to idle, ${name}`, idle, 'ms', { op: '<=', value: 300 }),
  ];
}

/** Resident memory of the renderer over ten runs of one model, and over two rounds of five models in turn. */
async function memoryOfRuns({ browser, site }: Room): Promise<readonly Measure[]> {
  const urls = [meshNetModel(), uNetModel()].map(({ manifest }) => `${site.url}${manifest.id}/model.json`);
  const after = async (runs: readonly string[]): Promise<number[]> => {
    const { page, run } = await openPage(browser, site.url);
    const held: number[] = [];
    for (const modelUrl of runs) {
      const answer = await run({ modelUrl, volumeUrl: `${site.url}volume/` });
      if (!answer.ok) throw new Error(answer.message);
      await page.requestGC();
      held.push(residentBytes(await rendererOf(browser)));
    }
    await page.context().close();
    return held;
  };
  const one = await after(Array<string>(10).fill(urls[1]!));
  const turns = await after([0, 1, 0, 1, 0, 0, 1, 0, 1, 0].map((at) => urls[at]!));
  const growth = (id: string, from: number, to: number): Measure => ({
    id,
    value: (to - from) / 2 ** 20,
    unit: 'MiB',
    aim: { op: '<=', value: 100 },
  });
  return [
    { id: 'worker: resident after a run', value: one[0]! / 2 ** 20, unit: 'MiB', aim: null },
    growth('worker, 10 runs of one model: growth from the 3rd to the 10th', one[2]!, one[9]!),
    growth('worker, 5 models in turn: growth from the 1st to the 2nd round', turns[4]!, turns[9]!),
  ];
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly milliseconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, milliseconds: performance.now() - start };
}

/** Process ids of the browser's renderers: our page is in one of them. */
async function renderersOf(browser: Browser): Promise<readonly number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** The largest of them: the one with our page, once a model has run there. */
async function rendererOf(browser: Browser): Promise<number> {
  const renderers = await renderersOf(browser);
  return renderers.reduce((largest, id) => (residentBytes(id) > residentBytes(largest) ? id : largest));
}

function residentBytes(pid: number): number {
  try {
    return 1024 * Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Processor time of some processes, looked at every few milliseconds. */
class IdleWatch {
  readonly #pids: readonly number[];

  constructor(pids: readonly number[]) {
    this.#pids = pids;
  }

  /**
   * Milliseconds until they compute for less than a fifth of the time; 10 ms is the clock's resolution, 50 ms the step. On a busy machine they
   * may only be waiting for their turn: so they have to be idle for five steps in a row.
   */
  async untilIdle(): Promise<number> {
    const start = performance.now();
    let idleFrom = 0;
    for (let before = this.ticks(), quiet = 0; quiet < 5;) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const now = this.ticks();
      quiet = now - before <= 1 ? quiet + 1 : 0;
      if (quiet === 0) idleFrom = performance.now() - start;
      before = now;
    }
    return idleFrom;
  }

  /** Hundredths of a second in user and kernel mode (fields 14 and 15 of proc(5) stat). */
  ticks(): number {
    return this.#pids.reduce((sum, pid) => sum + ticksOf(pid), 0);
  }
}

function ticksOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}
