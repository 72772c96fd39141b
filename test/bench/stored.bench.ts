// What the page's own thread bears while results are saved, found again and reviewed, in the real viewer on the phantom chest
// CT. `npm run bench -- stored [repetitions]`
import { loadavg } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { ensurePhantom, phantomCache } from '../../demo/phantom/ensure.ts';
import { readTruth } from '../../demo/phantom/truth.ts';
import { startDemo } from '../support/demo-server.ts';
import { traceMainThread, type MainThread } from './e2e/main-thread.ts';
import { fillCache, newProfile, openBrowser, openPanel, runModel } from './e2e/viewer.ts';
import { printReport, type Measure } from './report.ts';

const repetitions = Number(process.argv[3] ?? 2);
const [tissue, nodule] = ['CT tissue map', 'CT nodule candidates'];

/** What was traced at each station, in the order in which a person comes by. */
const stations = new Map<string, MainThread[]>();

async function station(name: string, browser: Browser, page: Page, work: () => Promise<unknown>): Promise<void> {
  const trace = await traceMainThread(browser, page, async () => {
    await work();
    // What follows a click is drawn, and told to the viewer, a little later.
    await page.waitForTimeout(1500);
  });
  console.log(`${name}: ${trace.longestOurs.toFixed(0)} ms, on the processor ${trace.longestOursOnCpu.toFixed(0)} ms (${trace.oursIn})`); // prettier-ignore
  stations.set(name, [...(stations.get(name) ?? []), trace]);
}

async function save(page: Page): Promise<void> {
  const panel = page.locator('overread-panel');
  await panel.getByRole('button', { name: 'Save to PACS' }).click();
  await panel.getByText(/Saved at/).waitFor({ timeout: 120_000 });
}

/** The card of a model's newest result. */
const resultOf = (page: Page, title: string) =>
  page.locator('overread-panel').getByRole('button', { name: new RegExp(`^${title} \\d`) }).first(); // prettier-ignore

async function reading(browser: Browser, url: string, study: string): Promise<void> {
  const profile = await newProfile(browser);
  const first = await openPanel(profile, url, study);
  await fillCache(first);
  await runModel(first, tissue);
  await station('save a mask (SEG, SR)', browser, first, () => save(first));
  await runModel(first, nodule);
  await station('save nodules (SEG, PM, SR)', browser, first, () => save(first));
  await first.close();

  const page = await profile.newPage();
  const panel = page.locator('overread-panel');
  const button = (name: string) => panel.getByRole('button', { name }).first();
  await station('open a study with stored results', browser, page, async () => {
    await page.goto(`${url}ai-reading?StudyInstanceUIDs=${study}`);
    await resultOf(page, nodule).waitFor({ timeout: 120_000 });
    await resultOf(page, tissue).waitFor();
    await page.waitForTimeout(3000);
  });
  const select = async (title: string, layer: string) => {
    await resultOf(page, title).click();
    await page.waitForTimeout(1500);
    console.log(`${layer} of ${title} selected`);
  };
  await station('select the stored mask', browser, page, () => select(tissue, 'mask'));
  await station('select the stored nodules', browser, page, () => select(nodule, 'boxes and map'));
  await station('accept a nodule', browser, page, () => button('Accept Nodule 1').click());
  await station('reject a nodule', browser, page, async () => {
    await button('Reject Nodule 2').click();
    await panel.getByRole('group', { name: /Why reject Nodule 2/ }).getByRole('button').first().click(); // prettier-ignore
  });
  await station('save the review (SR)', browser, page, () => save(page));
  await profile.close();
}

const { truth } = await ensurePhantom(phantomCache, console.log);
const study = readTruth(truth, 'current').studyInstanceUID;
for (let n = 0; n < repetitions; n++) {
  // An archive of its own each time: the first save is what counts.
  const demo = await startDemo({ server: false });
  const browser = await openBrowser();
  try {
    await reading(browser, demo.url, study);
  } finally {
    await browser.close();
    await demo.stop();
  }
}
console.log(`Load average ${loadavg()[0]!.toFixed(2)} at the end.`);
printReport(
  'stored',
  [...stations].flatMap(([name, traces]): readonly Measure[] => {
    const worst = (of: (trace: MainThread) => number) => Math.max(...traces.map(of));
    return [
      { id: name, value: worst(({ longestOurs }) => longestOurs), unit: 'ms', aim: { op: '<=', value: 50 } },
      { id: `${name}, on the processor`, value: worst((one) => one.longestOursOnCpu), unit: 'ms', aim: null },
    ];
  }),
);
