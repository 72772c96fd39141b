import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { itemsOf, readPart10, textOf } from '@overread/core/dicom';
import { boxSize, indexToWorld, mapAxes, type Vec3 } from '@overread/core/geometry';
import { PromptSession, type Prompt } from '@overread/core/pipeline';
import { decodeResults } from '@overread/core/results';
import type { SeriesGeometry } from '@overread/core/volume';
import { nodeRuntime } from '../../inference-server/src/inference/node-runtime.ts';
import { thorax } from '../support/thorax.ts';
import { discRadius } from '../support/prompt-model.ts';
import { fetchInstance, storedResults } from './support/dicomweb.ts';
import { clickAt, dragBetween, markingModel, marksAnswered, offerModel, swipe, viewOf } from './support/marking.ts';
import { PanelOnPage, startReadingSite, type ReadingSite } from './support/reading.ts';
import { allOnPage, coloursAt, onPage, viewportsReady } from './support/screen.ts';
import { exposeHost } from './support/site.ts';
import { writeThoraxStudy, type ThoraxStudy } from './support/thorax-study.ts';

const title = 'Mark anything';
const nodule: Vec3 = [-62, 10, 0];
const { grid } = thorax();
const model = markingModel(grid.dims[0], grid.dims[1], title);
const selfTestShape = [1, 1, 2 * Math.ceil(grid.dims[1] / 2), 2 * Math.ceil(grid.dims[0] / 2)];

let folder: string;
let study: ThoraxStudy;

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-marking-'));
  const series = [{ description: 'Whole' }, { description: 'Again' }];
  study = writeThoraxStudy(folder, { accession: 'THORAX-9', date: '20260203', nodule, series });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function open(page: Page, site: ReadingSite, query = ''): Promise<PanelOnPage> {
  await exposeHost(page);
  await offerModel(page, model, selfTestShape);
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${study.studyInstanceUID}${query}`);
  const panel = new PanelOnPage(page);
  await expect(panel.panel.getByRole('button', { name: `Mark with ${title}` })).toBeVisible({ timeout: 60_000 });
  await page.waitForFunction(() => {
    const viewport = window.cornerstone.getEnabledElements()[0]?.viewport;
    return (viewport as unknown as { getImageData(): unknown } | undefined)?.getImageData() !== undefined;
  });
  return panel;
}

/** Opens the tool. */
async function startMarking(page: Page, panel: PanelOnPage): Promise<void> {
  await panel.panel.getByRole('button', { name: `Mark with ${title}` }).click();
  await marksAnswered(page);
}

/** Brings the stack to one of its images, by the viewer's own means; answers the slice of the volume. */
async function showSlice(page: Page, index: number): Promise<number> {
  await expect(async () => {
    await page.evaluate(async (n) => {
      const stack = window.cornerstone.getEnabledElements()[0]!.viewport as unknown as Stack;
      await stack.setImageIdIndex(n);
    }, index);
    // The viewer's hanging protocol may set a fresh viewport back to its first image.
    await page.waitForTimeout(500);
    const shown = await page.evaluate(() => {
      const stack = window.cornerstone.getEnabledElements()[0]!.viewport as unknown as Stack;
      return stack.getCurrentImageIdIndex();
    });
    expect(shown).toBe(index);
  }).toPass({ timeout: 30_000 });
  return sliceShown(page);
}

interface Stack {
  setImageIdIndex(index: number): Promise<string>;
  getCurrentImageIdIndex(): number;
}

/** The series on screen as the viewer tells it to our door. */
async function geometryOf(page: Page): Promise<SeriesGeometry> {
  const series = await page.evaluate(() => {
    const { host } = globalThis.overread;
    return host.listSeries().find(({ seriesInstanceUID }) => seriesInstanceUID === host.activeSeries())!;
  });
  if (!series.geometry.ok) throw new Error(series.geometry.reason);
  return series.geometry.value;
}

async function sliceShown(page: Page): Promise<number> {
  const z = await page.evaluate(() => {
    const { viewport } = window.cornerstone.getEnabledElements()[0]!;
    return (viewport as unknown as { canvasToWorld(point: readonly [number, number]): Vec3 }).canvasToWorld([0, 0])[2];
  });
  return Math.round((z - indexToWorld(grid, [0, 0, 0])[2]) / 3);
}

/** Voxels that the model marks for a prompt, asked in Node, as `i,j,k`. */
async function answerInNode(prompt: Prompt): Promise<ReadonlySet<string>> {
  const volume = thorax({ balls: [{ centre: nodule, radius: 7 }] });
  const session = await PromptSession.open({ model, volume }, nodeRuntime(1));
  const mask = await session.decode(prompt);
  await session.release();
  if (mask === null) throw new Error('The model marks nothing.');
  const { box, bits } = mask;
  const [ni, nj] = boxSize(box);
  const inside = [...bits].flatMap((bit, n) => {
    const at = [n % ni, Math.floor(n / ni) % nj, Math.floor(n / (ni * nj))] as const;
    return bit === 1 ? [mapAxes((axis) => at[axis] + box.min[axis]).join()] : [];
  });
  return new Set(inside);
}

/** Every voxel of a part of the slice is marked on screen where Node says so, and nowhere else. */
async function expectOnScreen(page: Page, marked: ReadonlySet<string>, k: number, point: readonly [number, number]) {
  const voxels: Vec3[] = [];
  for (let j = 22; j < 52; j++)
    for (let i = 34; i < 66; i++)
      // Where the mark itself is drawn it hides what is below.
      if (Math.hypot(i - point[0], j - point[1]) > 1.5) voxels.push([i, j, k]);
  const places = await allOnPage(page, voxels.map((ijk) => indexToWorld(grid, ijk))); // prettier-ignore
  const wrong = async () =>
    (await coloursAt(page, places)).flatMap((colour, n) =>
      isMarked(colour) === marked.has(voxels[n]!.join()) ? [] : [voxels[n]!.join()],
    );
  await expect.poll(wrong).toEqual([]);
  expect(voxels.filter((ijk) => marked.has(ijk.join())).length).toBeGreaterThan(40);
}

const voxel = (i: number, j: number, k: number): Vec3 => indexToWorld(grid, [i, j, k]);
/** The colour of the thing at hand over any grey. */
const isMarked = ([red, , blue]: readonly number[]): boolean => blue! - red! > 30;

async function markedAt(page: Page, places: readonly Vec3[], viewport = 0): Promise<readonly boolean[]> {
  const onScreen = [];
  for (const place of places) onScreen.push(await onPage(page, place, viewport));
  return (await coloursAt(page, onScreen)).map(isMarked);
}

/** Between the lungs: tissue in a strip that both sides end. Voxels of the slice through the middle. */
const middle = [49.5, 36] as const;

for (const viewer of ['3.13.2', '3.11.1', '3.14.0-beta.6']) {
  test.describe(`viewer ${viewer}`, () => {
    let site: ReadingSite;
    test.beforeAll(async () => {
      test.setTimeout(240_000);
      site = await startReadingSite({ viewer, data: [folder] });
    });
    test.afterAll(() => site.stop());

    test('things are marked, kept, reviewed and stored, and the viewer’s tools are what they were', async ({
      page,
    }) => {
      const panel = await open(page, site);
      const k = await showSlice(page, 40);
      await startMarking(page, panel);
      const before = await viewOf(page);

      // A click marks the tissue round it as far as the disc reaches, and no lung.
      await clickAt(page, voxel(middle[0], middle[1], k));
      await expect(page.locator('[data-overread-point="inside"]')).toHaveCount(1);
      await expect(panel.panel).toContainText('1 mark on 1 slice');
      const at = (slice: number) => [middle[0], middle[1], slice] as const;
      const onSlice = (slice: number) => ({ points: [{ at: at(slice), inside: true }], box: null, refine: false });
      const answer = await answerInNode(onSlice(k));
      await expectOnScreen(page, answer, k, middle);
      const [above, below] = [voxel(middle[0] + 1, middle[1] - 4, k), voxel(middle[0] + 1, middle[1] + 4, k)];
      const lung = voxel(middle[0] + 12, middle[1], k);
      const beyond = voxel(middle[0] + 1, middle[1] + discRadius + 3, k);
      await expect.poll(() => markedAt(page, [above, below, lung, beyond])).toEqual([true, true, false, false]);
      await panel.shot(`marking-point-${viewer}`);

      // What is outside leaves; Backspace brings it back.
      await clickAt(page, voxel(middle[0], middle[1] + 8, k), { key: 'Control' });
      await expect(page.locator('[data-overread-point="outside"]')).toHaveCount(1);
      await expect.poll(() => markedAt(page, [above, below])).toEqual([true, false]);
      await panel.shot(`marking-outside-${viewer}`);
      await page.keyboard.press('Backspace');
      await expect.poll(() => markedAt(page, [above, below])).toEqual([true, true]);
      await expect(page.locator('[data-overread-point]')).toHaveCount(1);

      // The same thing on the next slice, reached by the viewer's wheel.
      await page.mouse.wheel(0, 100);
      await expect.poll(() => sliceShown(page)).not.toBe(k);
      const next = await sliceShown(page);
      await expect(page.locator('[data-overread-point]')).toHaveCount(0);
      await clickAt(page, voxel(middle[0], middle[1], next));
      await expect(panel.panel).toContainText('2 marks on 2 slices');
      await marksAnswered(page);
      await panel.panel.getByRole('button', { name: 'Keep this one and mark another' }).click();
      await expect(panel.panel).toContainText('1 kept');

      // A box round tissue at the back.
      await dragBetween(page, voxel(40, 60, next), voxel(60, 66, next));
      const [inBox, besideBox] = [voxel(50, 61, next), voxel(50, 57, next)];
      await expect.poll(() => markedAt(page, [inBox, besideBox])).toEqual([true, false]);
      await panel.shot(`marking-box-${viewer}`);
      expect((await viewOf(page)).split(',').slice(0, 3)).toEqual(before.split(',').slice(0, 3));

      await marksAnswered(page);
      await panel.panel.getByRole('button', { name: 'Done: 2 findings' }).click();
      await expect(panel.findings).toHaveCount(2);
      await expect(panel.panel).toContainText('Made from marks that a reader set in the images');
      await expect(page.locator('[data-overread-point]')).toHaveCount(0);
      await panel.shot(`marking-result-${viewer}`);

      // The left button is the viewer's again: it changes the window.
      const done = await viewOf(page);
      await dragBetween(page, voxel(30, 36, next), voxel(40, 50, next));
      await expect.poll(() => viewOf(page)).not.toBe(done);
      expect(await page.evaluate(() => document.querySelectorAll('.overread-marking').length)).toBe(0);

      await panel.panel.getByRole('button', { name: 'Accept Marked 1' }).click();
      await panel.save();
      const stored = await storedResults(site.dicomWeb, study.studyInstanceUID);
      expect(stored.map(({ modality }) => modality).sort()).toEqual(['SEG', 'SR']);
      const seg = stored.find(({ modality }) => modality === 'SEG')!;
      const { dataset } = readPart10(await fetchInstance(site.dicomWeb, seg));
      const segments = itemsOf(dataset, 'SegmentSequence');
      expect(segments.map((segment) => textOf(segment, 'SegmentAlgorithmType'))).toEqual(
        segments.map(() => 'SEMIAUTOMATIC'),
      );
      expect(segments.map((segment) => textOf(segment, 'SegmentLabel'))).toEqual(['Marked 1', 'Marked 2']);

      // What is stored is what was on screen, on both slices.
      const objects = await Promise.all(stored.map((one) => fetchInstance(site.dicomWeb, one)));
      const { analyses, problems } = decodeResults(objects, await geometryOf(page));
      expect(problems).toEqual([]);
      const { labelMap, findings } = analyses[0]!.analysis;
      const [ni, nj] = grid.dims;
      const first = new Set<string>();
      labelMap!.labels.forEach((label, n) => {
        if (label === 1) first.add([n % ni, Math.floor(n / ni) % nj, Math.floor(n / (ni * nj))].join());
      });
      expect(first).toEqual(new Set([...answer, ...(await answerInNode(onSlice(next)))]));
      expect(findings.map(({ review }) => review.state)).toEqual(['accepted', 'unreviewed']);
    });
  });
}

test.describe('marks', () => {
  let site: ReadingSite;
  test.beforeAll(async () => {
    test.setTimeout(240_000);
    site = await startReadingSite({ data: [folder] });
  });
  test.afterAll(() => site.stop());

  test('are set in any plane of a reformation, on the slice that the model looks at', async ({ page }) => {
    const panel = await open(page, site, '&hangingProtocolId=mpr');
    await viewportsReady(page, 3);
    await startMarking(page, panel);
    const normals = await page.evaluate(() =>
      window.cornerstone.getEnabledElements().map(({ viewport }) => viewport.getCamera().viewPlaneNormal),
    );
    const lookingAlong = (axis: number) => normals.findIndex((normal) => Math.abs(normal[axis]!) > 0.9);
    // All planes through the middle of one voxel, so that no rounding of the mouse's place chooses between two.
    const centre = voxel(50, 36, 40);
    await page.evaluate((world) => {
      const { host } = globalThis.overread;
      host.jumpTo({ seriesInstanceUID: host.activeSeries()!, world, slice: null });
    }, centre);
    await expect(page.locator('[data-overread-mark]')).toHaveCount(3);
    await page.waitForTimeout(1500);
    // In the sagittal plane, at the height that the axial plane shows: seen in both.
    await clickAt(page, centre, { viewport: lookingAlong(0) });
    await marksAnswered(page);
    await expect(panel.panel).toContainText('1 mark on 1 slice');
    const beside: Vec3 = [centre[0], centre[1] - 9, centre[2]];
    const lung: Vec3 = [centre[0] + 40, centre[1], centre[2]];
    const above: Vec3 = [centre[0], centre[1] - 9, centre[2] + 9];
    await expect.poll(() => markedAt(page, [beside, lung], lookingAlong(2))).toEqual([true, false]);
    await expect.poll(() => markedAt(page, [beside, above], lookingAlong(0))).toEqual([true, false]);
    await panel.shot('marking-reformation');

    // A rectangle along the patient cuts many slices: refused, and the mark before it stands.
    await dragBetween(page, [centre[0], -20, centre[2] - 30], [centre[0], 20, centre[2] + 30], lookingAlong(0));
    await expect(panel.panel.getByRole('alert')).toContainText('its points lie in several slices');
    await expect(panel.panel).toContainText('1 mark on 1 slice');
    expect(await markedAt(page, [beside], lookingAlong(2))).toEqual([true]);
    await panel.shot('marking-across-slices');

    // Two marks in quick succession are two marks: the viewer enlarges no viewport.
    await page.mouse.dblclick(...(await onPage(page, beside, lookingAlong(2))));
    await expect(panel.panel).toContainText('3 marks on 1 slice');
    expect(await page.evaluate(() => window.cornerstone.getEnabledElements().length)).toBe(3);

    // Cancel asks first, and then leaves nothing behind.
    await page.keyboard.press('Escape');
    await expect(panel.panel.getByRole('button', { name: 'Go on marking' })).toBeFocused();
    await panel.panel.getByRole('button', { name: 'Discard' }).click();
    await expect(panel.panel.getByRole('button', { name: `Mark with ${title}` })).toBeFocused();
    await expect(page.locator('[data-overread-point]')).toHaveCount(0);
    expect(await markedAt(page, [beside], lookingAlong(2))).toEqual([false]);
    await expect(panel.panel).toContainText('No results for this series yet');
    expect(page.workers().some((worker) => worker.url().endsWith('/inference-worker.js'))).toBe(false);
  });

  test('by keyboard and button: the choice of a click, undo, clear, and a rectangle that is given up', async ({
    page,
  }) => {
    const panel = await open(page, site);
    const k = await showSlice(page, 40);
    await panel.panel.getByRole('button', { name: `Mark with ${title}` }).focus();
    await page.keyboard.press('Enter');
    await marksAnswered(page);
    await expect(panel.panel.getByRole('group', { name: `Marking with ${title}` })).toBeFocused();
    await clickAt(page, voxel(middle[0], middle[1], k));
    await panel.panel.getByRole('radio', { name: 'Outside' }).click();
    await clickAt(page, voxel(middle[0], middle[1] + 8, k));
    await expect(page.locator('[data-overread-point="outside"]')).toHaveCount(1);

    // Escape while a rectangle is drawn gives up the rectangle, and nothing else.
    await page.mouse.move(...(await onPage(page, voxel(40, 60, k))));
    await page.mouse.down();
    await page.mouse.move(...(await onPage(page, voxel(60, 66, k))), { steps: 3 });
    await expect(page.locator('[data-overread-box^="marking"]')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(page.locator('[data-overread-box^="marking"]')).toHaveCount(0);
    await page.mouse.up();
    await expect(panel.panel).toContainText('2 marks on 1 slice');

    // Another panel of the viewer in place of ours: its own tools are meant, until ours is back.
    const before = await viewOf(page);
    await page.locator('[data-cy="panelMeasurement-btn"]').click();
    await expect(panel.panel).toHaveCount(0);
    await dragBetween(page, voxel(30, 36, k), voxel(40, 50, k));
    await expect.poll(() => viewOf(page)).not.toBe(before);
    await page.locator('[data-cy="aiPanel-btn"]').click();
    await expect(panel.panel).toContainText('2 marks on 1 slice');

    // From within the panel too.
    await panel.panel.getByRole('group', { name: `Marking with ${title}` }).focus();
    await page.keyboard.press('Backspace');
    await expect(panel.panel).toContainText('1 mark on 1 slice');
    await panel.panel.getByRole('button', { name: 'Clear' }).click();
    await expect(page.locator('[data-overread-point]')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(panel.panel.getByRole('button', { name: `Mark with ${title}` })).toBeVisible();
  });

  test('become a result when the series is left', async ({ page }) => {
    const panel = await open(page, site);
    const k = await showSlice(page, 40);
    await startMarking(page, panel);
    await clickAt(page, voxel(middle[0], middle[1], k));
    await marksAnswered(page);
    await page.getByText('Again', { exact: true }).first().dblclick();
    await expect(page.getByText('Marks are kept as a result')).toBeVisible();
    await expect(panel.panel).toContainText('Series 2');
    await expect(panel.panel).toContainText('No results for this series yet');
    await expect(page.locator('[data-overread-point]')).toHaveCount(0);
    await expect.poll(() => page.workers().some((one) => one.url().endsWith('/inference-worker.js'))).toBe(false);
    await page.getByText('Whole', { exact: true }).first().dblclick();
    await expect(panel.result(title)).toBeVisible();
  });

  test.describe('with a finger', () => {
    test.use({ hasTouch: true });

    test('are set like those of a mouse, and the viewer’s own gestures are there again afterwards', async ({
      page,
    }) => {
      const panel = await open(page, site);
      const k = await showSlice(page, 40);
      await startMarking(page, panel);
      const before = await viewOf(page);
      await page.touchscreen.tap(...(await onPage(page, voxel(middle[0], middle[1], k))));
      await expect(page.locator('[data-overread-point="inside"]')).toHaveCount(1);
      await swipe(page, voxel(40, 60, k), voxel(60, 66, k));
      await expect(page.locator('[data-overread-box^="marking"]')).toHaveCount(1);
      await expect(panel.panel).toContainText('2 marks on 1 slice');
      expect(await viewOf(page)).toBe(before);
      await marksAnswered(page);
      await panel.panel.getByRole('button', { name: 'Done: 1 finding' }).tap();
      await expect(panel.findings).toHaveCount(1);
      await swipe(page, voxel(30, 36, k), voxel(40, 50, k));
      await expect.poll(() => viewOf(page)).not.toBe(before);
    });
  });
});
