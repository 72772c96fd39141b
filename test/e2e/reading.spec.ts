import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { readPart10, itemsOf, textOf } from '@overread/core/dicom';
import { worldToIndex, type Grid } from '@overread/core/geometry';
import { decodeResults, type StoredAnalysis } from '@overread/core/results';
import { describeSeries, type SeriesGeometry } from '@overread/core/volume';
import { isLung, readLabels, readTruth, type Truth } from '../../demo/phantom/truth.ts';
import { hasOrthanc, startOrthanc, type Orthanc } from '../support/orthanc.ts';
import { readHeader } from '../support/read-headers.ts';
import { fetchInstance, storedResults } from './support/dicomweb.ts';
import { chroma, sampleViewport } from './support/pixels.ts';
import { PanelOnPage, phantom, startReadingSite, type ReadingSite } from './support/reading.ts';

/** What is known of the phantom chest CT. */
interface Phantom {
  readonly truth: Truth;
  readonly lungs: Uint8Array;
  readonly geometry: SeriesGeometry;
  readonly files: readonly string[];
}

let known: Phantom;

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const { studies, truth: truthFolder } = await phantom();
  const truth = readTruth(truthFolder, 'current');
  const files = filesBelow(studies);
  const headers = files.map(readHeader).filter((one) => textOf(one, 'SeriesInstanceUID') === truth.seriesInstanceUID);
  const geometry = describeSeries(headers);
  if (!geometry.ok) throw geometry.error;
  known = {
    truth,
    files,
    geometry: geometry.value,
    lungs: readLabels(truthFolder, truth).map((label) => (isLung(label) ? 1 : 0)),
  };
});

/** From the study list, as a person does. */
async function openFromList(page: Page, site: ReadingSite): Promise<PanelOnPage> {
  await page.goto(site.url);
  await page.getByText('PHANTOM', { exact: false }).first().waitFor();
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${known.truth.studyInstanceUID}`);
  const panel = new PanelOnPage(page);
  await expect(panel.panel.getByRole('button', { name: 'Run CT tissue map' })).toBeVisible({ timeout: 60_000 });
  return panel;
}

async function readBack(dicomWeb: string): Promise<readonly StoredAnalysis[]> {
  const stored = await storedResults(dicomWeb, known.truth.studyInstanceUID);
  const objects = await Promise.all(stored.map((one) => fetchInstance(dicomWeb, one)));
  const { analyses, problems } = decodeResults(objects, known.geometry);
  expect(problems).toEqual([]);
  return analyses;
}

/** Dice's coefficient of a label of a mask and the phantom's lungs. */
function lungDice(analysis: StoredAnalysis['analysis']): number {
  const { labelMap } = analysis;
  if (labelMap === null) throw new Error('The stored result has no mask.');
  const lung = labelMap.segments.find(({ label }) => label === 'Lung')!.number;
  let both = 0;
  let sum = 0;
  labelMap.labels.forEach((label, n) => {
    const ours = label === lung ? 1 : 0;
    const theirs = known.lungs[n]!;
    both += ours & theirs;
    sum += ours + theirs;
  });
  return (2 * both) / sum;
}

/** The true value at a place, or null outside the volume. */
function trueLung(grid: Grid, world: readonly [number, number, number]): number | null {
  const [i, j, k] = worldToIndex(grid, world).map(Math.round) as [number, number, number];
  const [ni, nj, nk] = grid.dims;
  if (i < 2 || j < 2 || k < 0 || i >= ni - 2 || j >= nj - 2 || k >= nk) return null;
  const at = (x: number, y: number): number => known.lungs[x + ni * (y + nj * k)]!;
  // Only well inside or well outside: an edge pixel proves nothing.
  const around = [at(i, j), at(i - 2, j), at(i + 2, j), at(i, j - 2), at(i, j + 2)];
  return around.every((value) => value === around[0]) ? around[0]! : null;
}

async function showMiddle(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { viewport } = globalThis.cornerstone.getEnabledElements()[0]!;
    const stack = viewport as unknown as { getImageIds(): string[]; setImageIdIndex(index: number): Promise<string> };
    return stack.setImageIdIndex(Math.floor(stack.getImageIds().length / 2));
  });
  await page.waitForTimeout(1000);
}

/** Where the lung is on screen there is colour, and its colour is the lung's; elsewhere in the body it is another. */
async function expectLungColoured(page: Page): Promise<void> {
  await showMiddle(page);
  const samples = await sampleViewport(page, 9);
  const inside = samples.filter(({ world }) => trueLung(known.geometry.grid, world) === 1);
  expect(inside.length).toBeGreaterThan(100);
  const bluish = (one: (typeof samples)[number]) => one.blue > one.red + 10;
  const hit = inside.filter((one) => chroma(one) > 10 && bluish(one)).length / inside.length;
  expect(hit).toBeGreaterThan(0.95);
  const outside = samples.filter(({ world }) => trueLung(known.geometry.grid, world) === 0);
  expect(outside.filter(bluish).length / outside.length).toBeLessThan(0.02);
}

interface Nodules {
  readonly found: readonly string[];
  readonly false: number;
}

/** Which true nodules a finding of the analysis covers. */
function matchNodules({ findings, source }: StoredAnalysis['analysis']): Nodules {
  const hits = findings.map(({ region }) => {
    if (region === null) return null;
    const { min, max } = region.box;
    return known.truth.nodules.find(({ centre }) =>
      worldToIndex(source.grid, centre).every((at, axis) => at >= min[axis]! - 1 && at <= max[axis]! + 1),
    );
  });
  const found = [...new Set(hits.flatMap((nodule) => (nodule ? [nodule.name] : [])))];
  return { found, false: hits.filter((nodule) => nodule === undefined || nodule === null).length };
}

/** The whole of a reading: two models, a review, storing, and finding it again. */
async function readTheStudy(page: Page, site: ReadingSite, dicomWeb: string, shots: boolean): Promise<void> {
  const panel = await openFromList(page, site);
  await panel.run('CT tissue map');
  await expectLungColoured(page);
  if (shots) await panel.shot('tissue');
  await panel.save();

  await panel.run('CT nodule candidates');
  await expect(panel.findings.first()).toBeVisible();
  const slice = () =>
    page.evaluate(() => {
      const { viewport } = globalThis.cornerstone.getEnabledElements()[0]!;
      return (viewport as unknown as { getCurrentImageIdIndex(): number }).getCurrentImageIdIndex();
    });
  // A click leads to the finding: the image on screen is the one that the list names.
  const first = panel.findings.first();
  const image = Number(/image (\d+)/.exec(await first.innerText())![1]);
  await first.click();
  const expected = known.geometry.slices.findIndex(({ instanceNumber }) => instanceNumber === image);
  const ordered = [expected, known.geometry.slices.length - 1 - expected];
  await expect.poll(async () => ordered.includes(await slice())).toBe(true);
  if (shots) await panel.shot('nodule');

  await panel.panel.getByRole('button', { name: 'Accept Nodule 1' }).click();
  await panel.panel.getByRole('button', { name: 'Reject Nodule 2' }).click();
  await panel.panel
    .getByRole('group', { name: /Why reject Nodule 2/ })
    .getByRole('button')
    .first()
    .click();
  await panel.save();

  const stored = await storedResults(dicomWeb, known.truth.studyInstanceUID);
  expect(stored.map(({ modality }) => modality).sort()).toEqual(['SEG', 'SEG', 'SR', 'SR']);
  const analyses = await readBack(dicomWeb);
  const tissue = analyses.find(({ analysis }) => analysis.model.id === 'ct-tissue')!.analysis;
  expect(lungDice(tissue)).toBeGreaterThanOrEqual(0.95);
  const nodules = analyses.find(({ analysis }) => analysis.model.id === 'ct-nodule')!.analysis;
  const matched = matchNodules(nodules);
  const large = known.truth.nodules.filter(({ diameter }) => diameter >= 6).map(({ name }) => name);
  expect(matched.found).toEqual(expect.arrayContaining(large));
  expect(matched.false).toBeLessThanOrEqual(5);
  expect(
    nodules.findings
      .map(({ review }) => review.state)
      .sort()
      .slice(0, 2),
  ).toEqual(['accepted', 'rejected']);

  await page.reload();
  await expect(
    panel.panel.getByRole('button', { name: /Show CT nodule candidates|CT nodule candidates 1/ }).first(),
  ).toBeVisible({ timeout: 60_000 });
  await expect(panel.panel.getByText('2 of', { exact: false }).first()).toBeVisible();
  await expect(panel.panel.getByText('accepted', { exact: false }).first()).toBeVisible();
  await expect(panel.panel.getByText('rejected', { exact: false }).first()).toBeVisible();
}

test.describe('a chest CT is read, stored and found again', () => {
  test('with the demo archive', async ({ page }) => {
    const site = await startReadingSite({});
    try {
      await readTheStudy(page, site, site.dicomWeb, false);
    } finally {
      await site.stop();
    }
  });

  test.describe('with Orthanc', () => {
    test.skip(!hasOrthanc, 'needs the Debian packages orthanc and orthanc-dicomweb');
    let orthanc: Orthanc;
    test.beforeAll(async () => {
      orthanc = await startOrthanc();
      const files = known.files.filter(
        (file) => textOf(readHeader(file), 'StudyInstanceUID') === known.truth.studyInstanceUID,
      );
      await orthanc.add(files.map((file) => readFileSync(file)));
    });
    test.afterAll(() => orthanc.stop());

    test('computed in the browser', async ({ page }) => {
      const site = await startReadingSite({ pacs: orthanc.dicomWeb });
      try {
        await readTheStudy(page, site, orthanc.dicomWeb, true);
      } finally {
        await site.stop();
      }
    });

    test('stored objects name the algorithm and its version', async () => {
      const stored = await storedResults(orthanc.dicomWeb, known.truth.studyInstanceUID);
      expect(stored.length).toBeGreaterThan(0);
      for (const one of stored) {
        const { dataset } = readPart10(await fetchInstance(orthanc.dicomWeb, one));
        const equipment = itemsOf(dataset, 'ContributingEquipmentSequence')[0]!;
        expect(textOf(equipment, 'ManufacturerModelName')).toMatch(/^CT (tissue map|nodule candidates)$/);
        expect(textOf(equipment, 'SoftwareVersions')).toBe('1.0.0');
      }
    });
  });
});
