// What a reader waits for and what the browser has to bear, in the real viewer on the phantom chest CT.
// `npm run bench -- e2e [repetitions]`; docs/performance.md says how each measure is taken.
import { loadavg } from 'node:os';
import type { Browser } from 'playwright-core';
import { ensurePhantom, phantomCache } from '../../demo/phantom/ensure.ts';
import { readTruth } from '../../demo/phantom/truth.ts';
import { startDemo } from '../support/demo-server.ts';
import { traceMainThread, type MainThread } from './e2e/main-thread.ts';
import type { RecordedRun } from './e2e/recorder.ts';
import { peakRendererMemory } from './e2e/renderer-memory.ts';
import { startUps } from './e2e/start-up.ts';
import { fillCache, newProfile, openBrowser, openPanel, pluginBytes, runModel } from './e2e/viewer.ts';
import { median, printReport, type Aim, type Measure } from './report.ts';

const repetitions = Number(process.argv[3] ?? 5);
const tissue = { id: 'ct-tissue', title: 'CT tissue map' };
const nodule = { id: 'ct-nodule', title: 'CT nodule candidates' };
type Model = typeof tissue;

const measures: Measure[] = [];
const atMost = (value: number): Aim => ({ op: '<=', value });

function add(id: string, value: number, unit: string, aim: Aim | null = null): void {
  measures.push({ id, value, unit, aim });
}

/** Median, and the way from the smallest to the largest. */
function addSeries(id: string, values: readonly number[], unit: string, aim: Aim | null = null): void {
  add(id, median(values), unit, aim);
  add(`${id}.spread`, Math.max(...values) - Math.min(...values), unit);
}

/** Click to overlay, the graph's part of it, and everything else: as a ratio and by stage. */
function addRuns(id: string, runs: readonly RecordedRun[], aim: Aim | null): void {
  const series = (value: (run: RecordedRun) => number) => runs.map(value);
  const whole = (run: RecordedRun) => run.drawn - run.click;
  const graph = (run: RecordedRun) => run.timings['run'] ?? 0;
  const inWorker = (run: RecordedRun) => Object.values(run.timings).reduce((sum, time) => sum + time, 0);
  addSeries(`${id}.click-to-overlay`, series(whole), 'ms');
  addSeries(`${id}.session-run`, series(graph), 'ms');
  addSeries(
    `${id}.everything-else`,
    series((run) => whole(run) / graph(run) - 1),
    'x run',
    aim,
  );
  const stages: Readonly<Record<string, (run: RecordedRun) => number>> = {
    'images-and-worker': (run) => run.sent - run.click,
    masks: (run) => run.timings['prepare'] ?? 0,
    tiles: (run) => run.timings['tile'] ?? 0,
    stitch: (run) => run.timings['stitch'] ?? 0,
    finish: (run) => run.timings['finish'] ?? 0,
    messages: (run) => run.received - run.sent - inWorker(run),
    draw: (run) => run.drawn - run.received,
  };
  for (const [stage, of] of Object.entries(stages)) add(`${id}.stage.${stage}`, median(series(of)), 'ms');
}

/** A browser profile that never saw the plug-in, images still with the archive. */
async function coldRuns(browser: Browser, model: Model): Promise<void> {
  const runs: RecordedRun[] = [];
  for (let n = 0; n < repetitions; n++) {
    const profile = await newProfile(browser);
    runs.push(await runModel(await openPanel(profile, demo.url, study), model.title));
    await profile.close();
  }
  addRuns(`${model.id}.cold`, runs, null);
}

/**
 * Images in the viewer's cache, the model known to this machine: the first run on a page, the same run again, and then the
 * other model.
 */
async function warmRuns(browser: Browser, model: Model, other: Model): Promise<void> {
  const [first, again, second]: [RecordedRun[], RecordedRun[], RecordedRun[]] = [[], [], []];
  const profile = await newProfile(browser);
  // Once more than is counted: the first page fills the browser's caches.
  for (let n = -1; n < repetitions; n++) {
    const page = await openPanel(profile, demo.url, study);
    await fillCache(page);
    const runs = [model, model, other].map(
      ({ title }) =>
        () =>
          runModel(page, title),
    );
    const [one, two, three] = [await runs[0]!(), await runs[1]!(), await runs[2]!()];
    await page.close();
    if (n < 0) continue;
    first.push(one);
    again.push(two);
    second.push(three);
  }
  await profile.close();
  addRuns(`${model.id}.first`, first, atMost(0.25));
  addRuns(`${model.id}.again`, again, atMost(0.25));
  addRuns(`${other.id}.second-model`, second, atMost(0.25));
}

async function mainThread(browser: Browser): Promise<void> {
  const traces: MainThread[] = [];
  for (const { id, title } of [tissue, nodule]) {
    const profile = await newProfile(browser);
    const page = await openPanel(profile, demo.url, study);
    await fillCache(page);
    for (let n = 0; n < 2; n++) traces.push(await traceMainThread(browser, page, () => runModel(page, title)));
    const places = traces.slice(-2).map(({ oursIn }) => oursIn);
    console.log(`${id}: our longest tasks were in ${places.join('; ')}`);
    await profile.close();
  }
  const worst = (of: (trace: MainThread) => number) => Math.max(...traces.map(of));
  const id = 'main-thread.longest-task';
  add(`${id}-of-ours`, worst(({ longestOurs }) => longestOurs), 'ms', atMost(50)); // prettier-ignore
  add(`${id}-of-ours.on-cpu`, worst(({ longestOursOnCpu }) => longestOursOnCpu), 'ms'); // prettier-ignore
  add(`${id}-of-the-viewer`, worst(({ longestOthers }) => longestOthers), 'ms'); // prettier-ignore
}

async function viewerStart(browser: Browser): Promise<void> {
  const { withPlugin, without } = await startUps(browser, demo.url, 3 * repetitions);
  addSeries('viewer-start.without', without, 'ms');
  addSeries('viewer-start.with', withPlugin, 'ms');
  const differences = withPlugin.map((time, n) => time - without[n]!);
  addSeries('viewer-start.added', differences, 'ms', atMost(100));
}

async function memory(browser: Browser): Promise<void> {
  const page = await openPanel(await newProfile(browser), demo.url, study);
  await fillCache(page);
  add('memory.renderer-peak.before', await peakRendererMemory(browser), 'MiB');
  for (const { id, title } of [tissue, nodule]) {
    await runModel(page, title);
    add(`memory.renderer-peak.after-${id}`, await peakRendererMemory(browser), 'MiB');
  }
}

/** Each part in a browser of its own: processes remember their largest size, and what one part leaves slows no other. */
async function inBrowser(part: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await openBrowser();
  try {
    await part(browser);
  } finally {
    await browser.close();
  }
}

const load = () => `Load average ${loadavg()[0]!.toFixed(2)}`;
const { truth } = await ensurePhantom(phantomCache, console.log);
const study = readTruth(truth, 'current').studyInstanceUID;
const demo = await startDemo({ server: false });
try {
  console.log(`${load()} at the start.`);
  for (const model of [tissue, nodule]) await inBrowser((browser) => coldRuns(browser, model));
  await inBrowser((browser) => warmRuns(browser, tissue, nodule));
  await inBrowser((browser) => warmRuns(browser, nodule, tissue));
  await inBrowser(mainThread);
  await inBrowser(memory);
  await inBrowser(async (browser) => {
    add('plugin.javascript-until-panel', (await pluginBytes(browser, demo.url, study)) / 1000, 'kB gzip', atMost(200));
  });
  await inBrowser(viewerStart);
} finally {
  await demo.stop();
}
console.log(`${load()} at the end.`);
printReport('e2e', measures);
