import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Vec3 } from '@overread/core/geometry';
import { clickAt, dragBetween, marksAnswered, swipe, viewOf } from './support/marking.ts';
import {
  markedAt,
  middle,
  openStudy,
  showSlice,
  startMarking,
  title,
  voxel,
  writeMarkingStudy,
} from './support/marking-study.ts';
import { startReadingSite, type ReadingSite } from './support/reading.ts';
import { coloursAt, onPage, viewportsReady } from './support/screen.ts';
import type { ThoraxStudy } from './support/thorax-study.ts';

let folder: string;
let study: ThoraxStudy;

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-marking-'));
  study = writeMarkingStudy(folder);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.describe('marks', () => {
  let site: ReadingSite;
  test.beforeAll(async () => {
    test.setTimeout(240_000);
    site = await startReadingSite({ data: [folder] });
  });
  test.afterAll(() => site.stop());

  test('are set in any plane of a reformation, on the slice that the model looks at', async ({ page }) => {
    const panel = await openStudy(page, site, study, '&hangingProtocolId=mpr');
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

  test('are still there when the worker that answers them ends', async ({ page }) => {
    const panel = await openStudy(page, site, study);
    const k = await showSlice(page, 40);
    await startMarking(page, panel);
    const worker = () => page.workers().find((one) => one.url().endsWith('/inference-worker.js'));
    await clickAt(page, voxel(middle[0], middle[1], k));
    await marksAnswered(page);
    await panel.panel.getByRole('button', { name: 'Keep this one and mark another' }).click();
    const shown = async () => coloursAt(page, [await onPage(page, voxel(middle[0] + 1, middle[1] - 4, k))]);
    await page.mouse.move(5, 5);
    const kept = await shown();
    const first = worker()!;
    await first.evaluate(() => close()).catch(() => undefined);
    await expect.poll(worker).toBeUndefined();

    // The mark that finds nobody there is answered by the model that is opened again; what was kept stays in the images meanwhile.
    const beside = voxel(50, 61, k);
    await clickAt(page, beside);
    await expect(panel.panel.getByRole('alert')).toContainText(
      'The model was opened again, and everything you marked is here',
    );
    await expect(panel.panel).toContainText('1 mark on 1 slice · 1 kept');
    expect(await shown()).toEqual(kept);
    await marksAnswered(page);
    await page.mouse.move(5, 5);
    await expect.poll(() => markedAt(page, [voxel(50, 58, k)])).toEqual([true]);
    await panel.shot('marking-worker-ended');

    // Once more, and the series is left before anybody could know: its result is made while the one beside it is marked already.
    await worker()!
      .evaluate(() => close())
      .catch(() => undefined);
    await expect.poll(worker).toBeUndefined();
    await page.getByText('Again', { exact: true }).first().dblclick();
    await panel.panel.getByText('Series 2').waitFor();
    await panel.panel.getByRole('button', { name: `Mark with ${title}` }).click();
    await expect(page.getByText('Marks are kept as a result')).toBeVisible();
    await marksAnswered(page);
    await clickAt(page, voxel(middle[0], middle[1], await showSlice(page, 40)));
    await marksAnswered(page);
    await panel.panel.getByRole('button', { name: 'Done: 1 finding' }).click();
    await expect(panel.findings).toHaveCount(1);
    await page.getByText('Whole', { exact: true }).first().dblclick();
    await panel.result(title).click();
    await expect(panel.findings).toHaveCount(2);
    await expect.poll(worker).toBeUndefined();
  });

  test('by keyboard and button: the choice of a click, undo, clear, and a rectangle that is given up', async ({
    page,
  }) => {
    const panel = await openStudy(page, site, study);
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
    const panel = await openStudy(page, site, study);
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
      const panel = await openStudy(page, site, study);
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
