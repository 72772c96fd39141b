import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { categories, readPart10, structures, textOf, units } from '@overread/core/dicom';
import { worldToIndex, type Vec3 } from '@overread/core/geometry';
import { decodeResults } from '@overread/core/results';
import { linesGraph } from '../support/lines-graph.ts';
import { packageOf, type PackageFiles } from '../support/test-models.ts';
import { thorax } from '../support/thorax.ts';
import { fetchInstance, storedResults } from './support/dicomweb.ts';
import { geometryOf, showSlice } from './support/marking-study.ts';
import { offerModel } from './support/own-model.ts';
import { PanelOnPage, startReadingSite, type ReadingSite } from './support/reading.ts';
import { exposeHost } from './support/site.ts';
import { coloursAt, onPage } from './support/screen.ts';
import { writeThoraxStudy, type ThoraxStudy } from './support/thorax-study.ts';

// A model of labels that overlap, and of two heat maps: what it says at a voxel follows from its value alone.

const nodule: Vec3 = [-62, 10, 0];
/** In the same slice. */
const lung: Vec3 = [-62, -25, 0];
const title = 'Densities';
/** Each label, the value from which it holds, and its colour. */
const labels = [
  { value: 7, name: 'Chest', from: -900, colour: [70, 130, 255] },
  { value: 2, name: 'Dense', from: 0, colour: [255, 90, 60] },
] as const;

let folder: string;
let site: ReadingSite;
let study: ThoraxStudy;
let files: PackageFiles;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  folder = mkdtempSync(join(tmpdir(), 'overread-several-'));
  study = writeThoraxStudy(join(folder, 'study'), {
    accession: 'SEVERAL-1',
    date: '20260203',
    nodule,
    series: [{ description: 'Whole' }],
  });
  const graph = linesGraph({
    logits: labels.map(({ from }) => [0.1, -0.1 * from]),
    dense: [[1 / 1000, 1]],
    thin: [[-1 / 1000, 0]],
  });
  const heat = (name: string, label: string) =>
    ({ kind: 'heatMap', name, label, quantity: units.one, unit: units.one, displayRange: [0.2, 1] }) as const;
  files = await packageOf(graph, [1, 1, 4, 4, 4], {
    id: 'densities',
    title,
    outputs: [
      {
        kind: 'maskLogits',
        name: 'logits',
        activation: 'sigmoid',
        labels: labels.map(({ value, name, colour }) => ({
          value,
          name,
          category: categories.anatomicalStructure,
          type: structures.lung,
          colour: [...colour] as [number, number, number],
        })),
      },
      { ...heat('dense', 'Dense tissue'), displayRange: [0.2, 1] },
      { ...heat('thin', 'Air'), displayRange: [0.2, 1] },
    ],
    finish: [{ kind: 'measureLabels', measurements: [{ kind: 'volume' }, { kind: 'mean' }] }],
  });
  site = await startReadingSite({ data: [folder] });
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(page: Page): Promise<PanelOnPage> {
  await offerModel(page, files);
  await exposeHost(page);
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${study.studyInstanceUID}`);
  const panel = new PanelOnPage(page);
  await expect(panel.panel.getByRole('button', { name: `Run ${title}` })).toBeVisible({ timeout: 60_000 });
  return panel;
}

test('labels that overlap and several maps are drawn, stored and found again', async ({ page }) => {
  const panel = await open(page);
  await panel.run(title);
  const geometry = await geometryOf(page);
  await showSlice(page, Math.round(worldToIndex(geometry.grid, nodule)[2]));
  const rows = panel.panel.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(3);
  const switchOf = (name: string) => panel.panel.getByRole('switch', { name });
  await switchOf('Heat map').click();
  await panel.shot('several-masks');

  await switchOf('Heat map').click();
  await switchOf('Mask').click();
  const choice = panel.panel.getByRole('combobox', { name: 'Which heat map is shown' });
  await expect(choice.getByRole('option')).toHaveText(['Dense tissue', 'Air']);
  const places = [await onPage(page, nodule), await onPage(page, lung)];
  /** Whether tissue and lung are coloured. */
  const coloured = async () =>
    (await coloursAt(page, places)).map((colour) => Math.max(...colour) - Math.min(...colour) > 10);
  await expect.poll(coloured).toEqual([true, false]);
  await panel.shot('several-maps-first');
  await choice.selectOption('Air');
  await expect.poll(coloured).toEqual([false, true]);
  await panel.shot('several-maps-second');

  await panel.save();
  const stored = await storedResults(site.dicomWeb, study.studyInstanceUID);
  expect(stored.map(({ modality }) => modality).sort()).toEqual(['OT', 'OT', 'SEG', 'SR']);
  const objects = await Promise.all(stored.map((one) => fetchInstance(site.dicomWeb, one)));
  const seg = objects.map((bytes) => readPart10(bytes).dataset).find((one) => textOf(one, 'Modality') === 'SEG')!;
  expect(textOf(seg, 'SegmentsOverlap')).toBe('YES');
  const { analyses, problems } = decodeResults(objects, geometry);
  expect(problems).toEqual([]);
  const { labelMaps, heatMaps } = analyses[0]!.analysis;
  expect(heatMaps.map(({ label }) => label).sort()).toEqual(['Air', 'Dense tissue']);
  const { samples } = thorax({ balls: [{ centre: nodule, radius: 7 }] });
  for (const { value, from } of labels) {
    const expected = Array.from(samples).filter((sample) => sample >= from).length;
    const found = labelMaps.reduce((sum, map) => sum + map.labels.filter((label) => label === value).length, 0);
    expect(found).toBe(expected);
  }

  await page.reload();
  await expect(panel.result(title)).toBeVisible({ timeout: 60_000 });
  if ((await panel.result(title).getAttribute('aria-expanded')) === 'false') await panel.result(title).click();
  await expect(rows).toHaveCount(3);
  await expect(choice.getByRole('option')).toHaveCount(2);
});
