import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { indexToWorld } from '@overread/core/geometry';
import { decodeResults } from '@overread/core/results';
import { taskModel } from '../support/task-models.ts';
import { differenceGraph, twoSeries } from '../support/two-series.ts';
import { fetchInstance, storedResults } from './support/dicomweb.ts';
import { offerModel } from './support/marking.ts';
import { geometryOf, grid, showSlice } from './support/marking-study.ts';
import { PanelOnPage, startReadingSite, type ReadingSite } from './support/reading.ts';
import { coloursAt, onPage, viewportsReady } from './support/screen.ts';
import { exposeHost } from './support/site.ts';
import { writeThoraxStudy, type ThoraxStudy } from './support/thorax-study.ts';

// A study with two series that nothing in their headers tells apart, and a model that reads one of them beside the first. It marks what is
// denser there than in the first: everything in series 3, nothing in series 2.

const title = 'Denser after';
const plain = taskModel(differenceGraph(), {
  input: { ...twoSeries, channels: [{ name: 'before' }, { name: 'after', series: { words: ['contrast'] } }] },
  finish: [{ kind: 'measureLabels', measurements: [{ kind: 'volume' }] }],
});
const model = { ...plain, manifest: { ...plain.manifest, id: 'denser', title } };

let folder: string;
let study: ThoraxStudy;
let site: ReadingSite;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  folder = mkdtempSync(join(tmpdir(), 'overread-alike-'));
  const series = [
    { description: 'Thorax' },
    { description: 'Thorax contrast', denser: -200 },
    { description: 'Thorax contrast', denser: 200 },
  ];
  study = writeThoraxStudy(folder, { accession: 'THORAX-11', date: '20260204', nodule: [-62, 10, 0], series });
  site = await startReadingSite({ data: [folder] });
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(page: Page): Promise<PanelOnPage> {
  await exposeHost(page);
  await offerModel(page, model, [1, 2, 4, 5, 6]);
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${study.studyInstanceUID}`);
  const panel = new PanelOnPage(page);
  await expect(panel.panel.getByRole('button', { name: `Run ${title}` })).toBeVisible({ timeout: 60_000 });
  await viewportsReady(page, 1);
  return panel;
}

test('the reader says which series is which; it is run so, says so, and is stored so', async ({ page }) => {
  const panel = await open(page);
  const run = panel.panel.getByRole('button', { name: `Run ${title}` });
  await expect(run).toBeDisabled();
  const card = panel.panel.getByRole('article', { name: title });
  await expect(card.getByText('Choose which is which before you run it.')).toBeVisible();
  const choice = card.getByRole('combobox', { name: `Series that ${title} reads as after` });
  const sizes = `${grid.dims.join(' × ')} · 3 × 3 × 3 mm`;
  await expect(choice.locator('option:not([disabled])')).toHaveText([
    `S:2 Thorax contrast · ${sizes}`,
    `S:3 Thorax contrast · ${sizes}`,
  ]);
  await panel.shot('channels-asked');

  await choice.selectOption({ label: `S:3 Thorax contrast · ${sizes}` });
  await expect(run).toBeEnabled();
  await panel.shot('channels-chosen');
  await panel.run(title);
  await expect(panel.panel.getByText('Read as after: S:3 Thorax contrast')).toBeVisible();

  // All of the slice is marked, which series 2 would not give.
  await showSlice(page, 40);
  const middle = indexToWorld(grid, [(grid.dims[0] - 1) / 2, (grid.dims[1] - 1) / 2, 40]);
  const isMarked = async () => {
    const [colour] = await coloursAt(page, [await onPage(page, middle)]);
    return colour![0] - colour![2] > 8;
  };
  await expect.poll(isMarked).toBe(true);
  await page.mouse.move(10, 900);
  await panel.shot('channels-result');

  await panel.save();
  const stored = await storedResults(site.dicomWeb, study.studyInstanceUID);
  const objects = await Promise.all(stored.map((one) => fetchInstance(site.dicomWeb, one)));
  const { analyses } = decodeResults(objects, await geometryOf(page));
  expect(analyses.map(({ analysis }) => analysis.otherSeries)).toMatchObject([
    [{ channel: 'after', seriesInstanceUID: study.series[2]!.seriesInstanceUID }],
  ]);

  // Still known, and another answer gives another result.
  await expect(choice).toHaveValue(study.series[2]!.seriesInstanceUID);
  await choice.selectOption(study.series[1]!.seriesInstanceUID);
  await panel.run(title);
  await expect(panel.panel.getByText('Read as after: S:2 Thorax contrast')).toBeVisible();
  await expect.poll(isMarked).toBe(false);
});
