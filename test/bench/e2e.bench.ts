// What a reader waits for and what the browser has to bear, in the real viewer on the phantom chest CT.
// `npm run bench -- e2e [repetitions]`; docs/performance.md says how each measure is taken.
import { loadavg } from 'node:os';
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
const models = [
  { id: 'ct-tissue', title: 'CT tissue map' },
  { id: 'ct-nodule', title: 'CT nodule candidates' },
] as const;

const measures: Measure[] = [];
const atMost = (value: number): Aim => ({ op: '<=', value });
const add = (id: string, values: readonly number[], unit: string, aim: Aim | null = null): void => {
  measures.push({ id, value: median(values), unit, aim });
  if (values.length > 1) measures.push({ id: `${id}.spread`, value: Math.max(...values) - Math.min(...values), unit, aim: null }); // prettier-ignore
};

/** Click to overlay, the graph's part of it, and everything else: as a ratio and by stage. */
function addRuns(id: string, runs: readonly RecordedRun[], aim: Aim | null): void {
  const over = (value: (run: RecordedRun) => number) => runs.map(value);
  const whole = (run: RecordedRun) => run.drawn - run.click;
  const graph = (run: RecordedRun) => run.timings['run'] ?? 0;
  add(`${id}.click-to-overlay`, over(whole), 'ms');
  add(`${id}.session-run`, over(graph), 'ms');
  add(
    `${id}.everything-else`,
    over((run) => (whole(run) - graph(run)) / graph(run)),
    'x run',
    aim,
  );
  add(
    `${id}.stage.before-voxels-sent`,
    over((run) => run.sent - run.click),
    'ms',
  );
  for (const stage of ['load', 'prepare', 'tile', 'stitch', 'finish']) {
    add(
      `${id}.stage.${stage}`,
      over((run) => run.timings[stage] ?? 0),
      'ms',
    );
  }
  const inWorker = (run: RecordedRun) => Object.values(run.timings).reduce((sum, time) => sum + time, 0);
  add(
    `${id}.stage.messages`,
    over((run) => run.received - run.sent - inWorker(run)),
    'ms',
  );
  add(
    `${id}.stage.draw`,
    over((run) => run.drawn - run.received),
    'ms',
  );
}

console.log(`Load average at the start: ${loadavg()[0]!.toFixed(2)}.`);
const { truth } = await ensurePhantom(phantomCache, console.log);
const study = readTruth(truth, 'current').studyInstanceUID;
const demo = await startDemo({ server: false });
const browser = await openBrowser();
try {
  for (const { id, title } of models) {
    const cold: RecordedRun[] = [];
    for (let n = 0; n < repetitions; n++) {
      const profile = await newProfile(browser);
      cold.push(await runModel(await openPanel(profile, demo.url, study), title));
      await profile.close();
    }
    addRuns(`${id}.cold`, cold, null);

    const [first, again]: [RecordedRun[], RecordedRun[]] = [[], []];
    const profile = await newProfile(browser);
    // The machine knows the model already, as it does after the first day.
    for (let n = -1; n < repetitions; n++) {
      const page = await openPanel(profile, demo.url, study);
      await fillCache(page);
      const run = await runModel(page, title);
      if (n >= 0) {
        first.push(run);
        again.push(await runModel(page, title));
      }
      await page.close();
    }
    await profile.close();
    addRuns(`${id}.first`, first, atMost(0.25));
    addRuns(`${id}.again`, again, atMost(0.25));
  }

  const threads: MainThread[] = [];
  for (const { id, title } of models) {
    const profile = await newProfile(browser);
    const page = await openPanel(profile, demo.url, study);
    await fillCache(page);
    for (let n = 0; n < 2; n++) threads.push(await traceMainThread(browser, page, () => runModel(page, title)));
    console.log(`${id}: our longest tasks were in ${threads.slice(-2).map(({ oursIn }) => oursIn).join('; ')}`); // prettier-ignore
    await profile.close();
  }
  add('main-thread.longest-task-of-ours', [Math.max(...threads.map(({ longestOurs }) => longestOurs))], 'ms', atMost(50)); // prettier-ignore
  add('main-thread.longest-task-of-the-viewer', [Math.max(...threads.map(({ longestOthers }) => longestOthers))], 'ms');
  add('plugin.javascript-until-panel', [(await pluginBytes(browser, demo.url, study)) / 1000], 'kB gzip', atMost(200));

  const { withPlugin, without } = await startUps(browser, demo.url, 3 * repetitions);
  add('viewer-start.without', without, 'ms');
  add('viewer-start.with', withPlugin, 'ms');
  add('viewer-start.added', [median(withPlugin.map((time, n) => time - without[n]!))], 'ms', atMost(100));
} finally {
  await browser.close();
}

// A browser of its own: a process remembers its largest size for good.
const fresh = await openBrowser();
try {
  const page = await openPanel(await newProfile(fresh), demo.url, study);
  await fillCache(page);
  add('memory.renderer-peak.before', [await peakRendererMemory(fresh)], 'MiB');
  for (const { id, title } of models) {
    await runModel(page, title);
    add(`memory.renderer-peak.after-${id}`, [await peakRendererMemory(fresh)], 'MiB');
  }
} finally {
  await fresh.close();
  await demo.stop();
}
console.log(`Load average at the end: ${loadavg()[0]!.toFixed(2)}.`);
printReport('e2e', measures);
