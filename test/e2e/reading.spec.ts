import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { readPart10, itemsOf, textOf } from '@overread/core/dicom';
import { indexToWorld, worldToIndex, type Vec3 } from '@overread/core/geometry';
import { checkObject, decodeResults, type StoredAnalysis } from '@overread/core/results';
import { describeSeries, type SeriesGeometry } from '@overread/core/volume';
import { isLung, readLabels, readTruth, type Truth } from '../../demo/phantom/truth.ts';
import { hasOrthanc, startOrthanc, type Orthanc } from '../support/orthanc.ts';
import { readHeader } from '../support/read-headers.ts';
import { fetchInstance, storedResults } from './support/dicomweb.ts';
import { coloursAt } from './support/screen.ts';
import { PanelOnPage, phantom, startReadingSite, type ReadingSite } from './support/reading.ts';

/** What is known of the phantom chest CT. */
interface Phantom {
  readonly truth: Truth;
  readonly lungs: Uint8Array;
  readonly geometry: SeriesGeometry;
  readonly files: readonly string[];
  /** AccessionNumber (0008,0050): what tells its row in the study list from the prior's. */
  readonly accession: string;
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
    accession: textOf(headers[0]!, 'AccessionNumber')!,
    geometry: geometry.value,
    lungs: readLabels(truthFolder, truth).map((label) => (isLung(label) ? 1 : 0)),
  };
});

/** From the study list, as a person does. */
async function openFromList(page: Page, site: ReadingSite): Promise<PanelOnPage> {
  await page.goto(site.url);
  await page.getByText(known.accession, { exact: true }).click();
  await page.getByRole('button', { name: 'AI Reading' }).click();
  await page.waitForURL(new RegExp(known.truth.studyInstanceUID.replaceAll('.', '\\.')));
  const panel = new PanelOnPage(page);
  await expect(panel.panel.getByRole('button', { name: 'Run CT tissue map' })).toBeVisible({ timeout: 60_000 });
  return panel;
}

async function readBack(dicomWeb: string): Promise<readonly StoredAnalysis[]> {
  const stored = await storedResults(dicomWeb, known.truth.studyInstanceUID);
  const objects = await Promise.all(stored.map((one) => fetchInstance(dicomWeb, one)));
  // What a Save in the viewer wrote is held against the own rules as everything is that a test writes.
  const errors = objects.flatMap((object) =>
    checkObject(object).breaches.filter(({ severity }) => severity === 'error'),
  );
  expect(errors).toEqual([]);
  const { analyses, problems } = decodeResults(objects, known.geometry);
  expect(problems).toEqual([]);
  return analyses;
}

/** Dice's coefficient of a label of a mask and the phantom's lungs. */
function lungDice(analysis: StoredAnalysis['analysis']): number {
  const [labelMap] = analysis.labelMaps;
  if (labelMap === undefined) throw new Error('The stored result has no mask.');
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

/** Voxels of a slice on a lattice, well inside or well outside the lungs: an edge voxel proves nothing. */
function latticeOf(k: number, step: number): readonly { readonly world: Vec3; readonly isLung: boolean }[] {
  const { grid } = known.geometry;
  const [ni, nj] = grid.dims;
  const at = (i: number, j: number): number => known.lungs[i + ni * (j + nj * k)]!;
  const places: { world: Vec3; isLung: boolean }[] = [];
  for (let j = 60; j < nj - 60; j += step) {
    for (let i = 60; i < ni - 60; i += step) {
      const here = at(i, j);
      const around = [at(i - 3, j), at(i + 3, j), at(i, j - 3), at(i, j + 3)];
      if (around.every((value) => value === here))
        places.push({ world: indexToWorld(grid, [i, j, k]), isLung: here === 1 });
    }
  }
  return places;
}

/** Shows slice k in the stack viewport, by the viewer's own means. */
async function showSlice(page: Page, k: number): Promise<void> {
  const uid = known.geometry.slices[k]!.sopInstanceUID;
  await page.evaluate((sopInstanceUID) => {
    const { viewport } = window.cornerstone.getEnabledElements()[0]!;
    const stack = viewport as unknown as { getImageIds(): string[]; setImageIdIndex(index: number): Promise<string> };
    return stack.setImageIdIndex(stack.getImageIds().findIndex((id) => id.includes(sopInstanceUID)));
  }, uid);
  await page.waitForTimeout(1000);
}

/** Where the lung is on screen, there is the lung's colour (blue over grey); elsewhere there is not. */
async function expectLungColoured(page: Page): Promise<void> {
  const k = Math.floor(known.geometry.slices.length / 2);
  await showSlice(page, k);
  const lattice = latticeOf(k, 8);
  const places = await page.evaluate(
    (points) => {
      const { viewport } = window.cornerstone.getEnabledElements()[0]!;
      const { left, top } = viewport.element.getBoundingClientRect();
      return points.map((point) => {
        const [x, y] = viewport.worldToCanvas(point);
        return [left + x, top + y] as const;
      });
    },
    lattice.map(({ world }) => world),
  );
  const colours = await coloursAt(page, places);
  const shareOfBlue = (isLung: boolean): number => {
    const chosen = colours.filter((_, n) => lattice[n]!.isLung === isLung);
    expect(chosen.length).toBeGreaterThan(100);
    return chosen.filter(([red, , blue]) => blue > red + 10).length / chosen.length;
  };
  expect(shareOfBlue(true)).toBeGreaterThan(0.97);
  expect(shareOfBlue(false)).toBeLessThan(0.01);
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
  const shownImage = () =>
    page.evaluate(() => {
      const { viewport } = window.cornerstone.getEnabledElements()[0]!;
      return (viewport as unknown as { getCurrentImageId(): string }).getCurrentImageId();
    });
  // A click leads to the finding: the image on screen is the one that the list names.
  const first = panel.findings.first();
  const image = Number(/I:\s*(\d+)/.exec(await first.innerText())![1]);
  await first.click();
  const named = known.geometry.slices.find(({ instanceNumber }) => instanceNumber === image)!;
  await expect.poll(shownImage).toContain(named.sopInstanceUID);
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
  expect(stored.map(({ modality }) => modality).sort()).toEqual(['OT', 'SEG', 'SEG', 'SR', 'SR']);
  const analyses = await readBack(dicomWeb);
  const tissue = analyses.find(({ analysis }) => analysis.model.id === 'ct-tissue')!.analysis;
  expect(lungDice(tissue)).toBeGreaterThanOrEqual(0.95);
  const nodules = analyses.find(({ analysis }) => analysis.model.id === 'ct-nodule')!.analysis;
  // At the voxels of the series: the viewer's own overlay takes no other map.
  expect(nodules.heatMaps[0]?.grid).toEqual(known.geometry.grid);
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
  await expect(panel.result('CT nodule candidates')).toBeVisible({ timeout: 60_000 });
  await panel.open('CT nodule candidates');
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
