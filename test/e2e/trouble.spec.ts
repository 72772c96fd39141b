import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { sopClasses } from '@overread/core/dicom';
import { storedResults } from './support/dicomweb.ts';
import { PanelOnPage, startReadingSite, type ReadingSite } from './support/reading.ts';
import { writeThoraxStudy, type ThoraxStudy } from './support/thorax-study.ts';
import {
  carries,
  carriesMask,
  changeManifest,
  damageModel,
  hideStoredObjects,
  holdModel,
  refuseToStore,
  serveWithoutIsolation,
  takeArchiveAway,
} from './support/trouble.ts';

const tissue = 'CT tissue map';
const nodules = 'CT nodule candidates';

let folder: string;
let site: ReadingSite;
let current: ThoraxStudy;
let prior: ThoraxStudy;
let broken: ThoraxStudy;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  folder = mkdtempSync(join(tmpdir(), 'overread-trouble-'));
  const whole = [{ description: 'Whole' }];
  current = writeThoraxStudy(join(folder, 'current'), {
    accession: 'THORAX-2',
    date: '20260203',
    nodule: [-62, 10, 0],
    series: whole,
  });
  prior = writeThoraxStudy(join(folder, 'prior'), {
    accession: 'THORAX-1',
    date: '20250801',
    nodule: [62, -10, 12],
    series: whole,
  });
  broken = writeThoraxStudy(join(folder, 'broken'), {
    accession: 'THORAX-3',
    date: '20260204',
    nodule: [62, -10, 12],
    series: [
      { description: 'With a gap', has: (k) => k < 40 || k > 42 },
      { description: 'Uneven', shift: (k) => (k % 2 === 0 ? 0 : 0.8) },
    ],
  });
  site = await startReadingSite({ data: [folder], server: true });
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A study in the mode, its panel on screen. */
async function open(page: Page, study: ThoraxStudy): Promise<PanelOnPage> {
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${study.studyInstanceUID}`);
  const panel = new PanelOnPage(page);
  await expect(panel.panel.getByRole('button', { name: `Run ${tissue}` })).toBeVisible({ timeout: 60_000 });
  return panel;
}

/** A study from the list that is on screen. */
async function openFromList(page: Page, study: ThoraxStudy): Promise<void> {
  await page.getByText(study.accession, { exact: true }).click();
  await page.getByRole('button', { name: 'AI Reading' }).click();
  await page.waitForURL(new RegExp(study.studyInstanceUID.replaceAll('.', '\\.')));
}

const backToList = (page: Page): Promise<void> => page.locator('[data-cy="return-to-work-list"]').click();
const modalitiesOf = async (study: ThoraxStudy): Promise<readonly string[]> =>
  (await storedResults(site.dicomWeb, study.studyInstanceUID)).map(({ modality }) => modality).sort();

test.describe('models', () => {
  test('a graph that is not the one its manifest names is never run', async ({ page }) => {
    const mend = await damageModel(page, 'ct-tissue', 'graph.onnx');
    const panel = await open(page, current);
    await panel.panel.getByRole('button', { name: `Run ${tissue}` }).click();
    const alert = panel.panel.getByRole('alert');
    await expect(alert).toContainText('A file of the model package is not the one its manifest names');
    await expect(alert).toContainText('graph.onnx');
    await panel.shot('trouble-damaged-model');
    await expect(panel.result(tissue)).toHaveCount(0);
    await mend();
    await panel.run(tissue);
  });

  test('a manifest with a fault is named with field and reason, and the other models are offered', async ({ page }) => {
    await changeManifest(page, 'ct-nodule', (manifest) => ({ ...manifest, version: 'newest', scoreKind: 'certainty' }));
    const panel = await open(page, current);
    await expect(panel.panel.getByRole('button', { name: `Run ${nodules}` })).toHaveCount(0);
    const alert = panel.panel.getByRole('alert');
    await expect(alert).toContainText('ct-nodule');
    await expect(alert).toContainText('The manifest of the model package has a fault');
    await expect(alert).toContainText(/version: \S+/);
    await expect(alert).toContainText(/scoreKind: \S+/);
    await panel.shot('trouble-manifest');
  });
});

test('a series with missing or uneven slices is refused with the numbers', async ({ page }) => {
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${broken.studyInstanceUID}`);
  const { panel } = new PanelOnPage(page);
  await expect(panel).toContainText('Series 1', { timeout: 60_000 });
  await expect(panel).toContainText(/3 of 80 slices at a distance of 3(\.0+)? mm are missing/);
  await expect(panel.getByRole('button', { name: /^Run / })).toHaveCount(0);
  await new PanelOnPage(page).shot('trouble-missing-slices');
  await page.getByText('Uneven', { exact: true }).first().dblclick();
  await expect(panel).toContainText('Series 2');
  await expect(panel).toContainText(/distances between its 80 slices run from 2\.2\d* mm to 3\.8\d* mm/);
  await expect(panel.getByRole('button', { name: /^Run / })).toHaveCount(0);
  await new PanelOnPage(page).shot('trouble-uneven-slices');
});

test.describe('the archive', () => {
  test('that goes down while images are loaded ends the run, and the next one works', async ({ page }) => {
    // From the start: a small series is in the viewer's cache in no time.
    const bringBack = await takeArchiveAway(page, '**/dicomweb/**/frames/*');
    const letGo = await holdModel(page, 'ct-tissue');
    const panel = await open(page, current);
    await panel.panel.getByRole('button', { name: `Run ${tissue}` }).click();
    const alert = panel.panel.getByRole('alert');
    await expect(alert).toContainText('An image of the series could not be loaded by the viewer');
    await expect(alert).toContainText(/image \d+/);
    await expect(alert).toContainText('Check the connection to the image archive');
    await panel.shot('trouble-images');
    await bringBack();
    letGo();
    await panel.run(tissue);
  });

  test('that goes down while saving loses nothing, nor does closing the page', async ({ page }) => {
    const panel = await open(page, current);
    await panel.run(nodules);
    await panel.panel.getByRole('button', { name: 'Accept Nodule 1' }).click();

    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await page.evaluate(() => setTimeout(() => location.reload()));
    await expect.poll(() => asked).toEqual(['beforeunload']);
    await expect(panel.panel).toContainText('1 decision not saved');

    const bringBack = await takeArchiveAway(page);
    await panel.panel.getByRole('button', { name: 'Save to PACS' }).click();
    const alert = panel.panel.getByRole('alert');
    await expect(alert).toContainText('The image archive does not answer');
    await expect(panel.panel).toContainText('Nothing is lost: the result and your decisions are kept here.');
    await panel.shot('trouble-save');
    await bringBack();
    await panel.panel.getByRole('button', { name: 'Try again' }).click();
    await expect(panel.panel.getByText(/Saved at/)).toBeVisible();
    expect(await modalitiesOf(current)).toEqual(['OT', 'SEG', 'SR']);

    const showAgain = await hideStoredObjects(page);
    await page.reload();
    await expect(panel.panel).toContainText('Some stored results could not be shown', { timeout: 60_000 });
    await panel.shot('trouble-stored-results');
    await showAgain();
    await panel.panel.getByRole('button', { name: 'Look again' }).click();
    await expect(panel.result(nodules)).toBeVisible();
    await expect(panel.panel).toContainText('accepted');
    expect(asked).toHaveLength(1);
  });

  test('that refuses the mask takes the report alone', async ({ page }) => {
    const panel = await open(page, prior);
    await panel.run(tissue);
    const before = await modalitiesOf(prior);
    await refuseToStore(page, 409, carriesMask);
    await panel.panel.getByRole('button', { name: 'Save to PACS' }).click();
    const alert = panel.panel.getByRole('alert');
    await expect(alert).toContainText('the segmentation (DICOM SEG) could not be sent (it answered 409)');
    await expect(panel.panel).toContainText('Nothing is lost');
    await panel.shot('trouble-mask-refused');
    await panel.panel.getByRole('button', { name: 'Save without the segmentation (DICOM SEG)' }).click();
    await expect(panel.panel.getByText(/Saved at/)).toBeVisible();
    expect(await modalitiesOf(prior)).toEqual([...before, 'SR'].sort());
  });

  test('that refuses the report keeps the mask and is asked for the report again', async ({ page }) => {
    const panel = await open(page, prior);
    await panel.run(tissue);
    const before = await modalitiesOf(prior);
    const giveIn = await refuseToStore(page, 400, (request) => carries(request, sopClasses.comprehensive3DSr));
    await panel.panel.getByRole('button', { name: 'Save to PACS' }).click();
    await expect(panel.panel.getByRole('alert')).toContainText('the report (DICOM SR) could not be sent');
    await expect(panel.panel).toContainText('1 object is stored already; trying again goes on with the rest.');
    await panel.shot('trouble-report-refused');
    await giveIn();
    await panel.panel.getByRole('button', { name: 'Try again' }).click();
    await expect(panel.panel.getByText(/Saved at/)).toBeVisible();
    expect(await modalitiesOf(prior)).toEqual([...before, 'SEG', 'SR'].sort());
  });

  for (const status of [403, 405]) {
    test(`that only reads (${status}) says so`, async ({ page }) => {
      const panel = await open(page, prior);
      await panel.run(tissue);
      await refuseToStore(page, status);
      await panel.panel.getByRole('button', { name: 'Save to PACS' }).click();
      const alert = panel.panel.getByRole('alert');
      await expect(alert).toContainText(`it answered ${status}`);
      await panel.shot(`trouble-read-only-${status}`);
      await expect(panel.panel.getByRole('button', { name: 'Save without the segmentation (DICOM SEG)' })).toHaveCount(
        0,
      );
      await expect(panel.panel.getByRole('button', { name: 'Try again' })).toBeEnabled();
    });
  }
});

test.describe('other studies', () => {
  test('decisions that are not saved are there when the study is opened again', async ({ page }) => {
    await page.goto(site.url);
    await openFromList(page, current);
    const panel = new PanelOnPage(page);
    await panel.run(nodules);
    await panel.panel.getByRole('button', { name: 'Accept Nodule 1' }).click();
    await backToList(page);
    await expect(page.getByText('Reviewed findings are not saved')).toBeVisible();
    await panel.shot('trouble-left-for-list');
    await openFromList(page, prior);
    await expect(panel.panel).toContainText('Another study has reviewed findings that are not saved.', {
      timeout: 60_000,
    });
    await panel.shot('trouble-unsaved-elsewhere');
    await backToList(page);
    await openFromList(page, current);
    await expect(panel.panel).toContainText('1 decision not saved', { timeout: 60_000 });
  });
});

test.describe('the machine', () => {
  test('a worker that dies in the middle of a run is told, and the next run works', async ({ page }) => {
    const letGo = await holdModel(page, 'ct-tissue');
    const panel = await open(page, current);
    await panel.panel.getByRole('button', { name: `Run ${tissue}` }).click();
    await expect(panel.panel).toContainText('Downloading the model');
    const worker = page.workers().find((one) => one.url().endsWith('/inference-worker.js'))!;
    await worker.evaluate(() => self.close());
    const alert = panel.panel.getByRole('alert');
    await expect(alert).toContainText('The part that computes ended unexpectedly');
    await expect(alert).toContainText('memory may be short');
    await panel.shot('trouble-worker-died');
    letGo();
    await panel.run(tissue);
  });

  test('a worker that cannot be loaded is told, and the next run works', async ({ page }) => {
    const address = '**/inference-worker.js';
    await page.route(address, (route) => route.fulfill({ status: 404, body: '' }));
    const panel = await open(page, current);
    await panel.panel.getByRole('button', { name: `Run ${tissue}` }).click();
    const alert = panel.panel.getByRole('alert');
    await expect(alert).toContainText('The part that computes could not be started');
    await expect(alert).toContainText('Check that inference-worker.js is served beside the plug-in');
    await panel.shot('trouble-worker-missing');
    await page.unroute(address);
    await panel.run(tissue);
  });

  test('too little memory for the volume is told with what would help, and the next run works', async ({ page }) => {
    // What an engine throws where it finds no room, for arrays as large as this volume until the test says otherwise.
    await page.addInitScript(() => {
      const memory = { isShort: true };
      const refuse: ProxyHandler<Int16ArrayConstructor> = {
        construct(target, values: [number]) {
          if (memory.isShort && values[0] > 500_000) throw new RangeError('Array buffer allocation failed');
          return Reflect.construct(target, values) as Int16Array;
        },
      };
      Object.assign(globalThis, { memory, Int16Array: new Proxy(Int16Array, refuse) });
    });
    const panel = await open(page, current);
    await panel.panel.getByRole('button', { name: `Run ${tissue}` }).click();
    const alert = panel.panel.getByRole('alert');
    await expect(alert).toContainText('The memory of this machine did not suffice for the run');
    await expect(alert).toContainText('Close other tabs and viewports');
    await expect(alert).toContainText('let the server compute');
    await page.evaluate(() => ((globalThis as unknown as { memory: { isShort: boolean } }).memory.isShort = false));
    await panel.run(tissue);
  });

  test('without WebGPU and without isolation it computes on one thread, and says why', async ({ page }) => {
    await serveWithoutIsolation(page);
    const panel = await open(page, current);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await panel.run(tissue);
    await expect(panel.panel).toContainText(/Computed in a browser by WebAssembly \(1 thread\)/);
    await expect(panel.panel).toContainText(/WebGPU was not used: \S+/);
    await expect(panel.panel).toContainText(/cross-origin isolated page \(COOP and COEP headers\)/);
    await expect(panel.panel).not.toContainText('WebAssembly was not used');
    await panel.shot('trouble-one-thread');
  });
});

// The last one: it takes the companion server away from the site for good.
test('a companion server that ends during a run is told, and this browser computes', async ({ page }) => {
  const panel = await open(page, current);
  await panel.choosePlace('Server');
  await panel.panel.getByRole('button', { name: `Run ${nodules}` }).click();
  await expect(panel.panel.getByRole('button', { name: `Cancel the run of ${nodules}` })).toBeVisible();
  await site.stopCompanion();
  const alert = panel.panel.getByRole('alert');
  await expect(alert).toContainText('The companion server does not answer');
  await expect(alert).toContainText('compute in the browser');
  await panel.shot('trouble-server');
  await panel.choosePlace('This browser');
  await panel.run(tissue);
});
