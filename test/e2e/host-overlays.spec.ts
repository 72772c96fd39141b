import type { Page } from '@playwright/test';
import type { Vec3 } from '@overread/core/geometry';
import type { PixelPhantom } from './support/pixel-phantoms.ts';
import { coloursAt, onPage, viewportsReady, type Colour } from './support/screen.ts';
import { expect, openStudy, startSite, test, type Site } from './support/site.ts';

let site: Site;
let phantom: PixelPhantom;
let other: PixelPhantom;

test.beforeAll(async () => {
  site = await startSite();
  [, phantom, other] = site.phantoms as [PixelPhantom, PixelPhantom, PixelPhantom];
});
test.afterAll(() => site.stop());

/** A block of voxels off centre on every axis, both ends included. */
const block: { readonly min: Vec3; readonly max: Vec3 } = { min: [10, 5, 2], max: [19, 14, 4] };
const middle: Vec3 = [15, 10, 3];
const world = ([i, j, k]: Vec3): Vec3 => [-20 + 0.7 * i, -15 + 0.8 * j, 100 + 3 * k];

async function showBlock(page: Page, kind: 'labels' | 'heat' = 'labels'): Promise<void> {
  await page.evaluate(
    async ([box, what]) => {
      const { host } = globalThis.overread;
      const series = host.listSeries()[0]!;
      if (!series.geometry.ok) throw new Error(series.geometry.reason);
      const { grid } = series.geometry.value;
      const [ni, nj, nk] = grid.dims;
      const voxels = new Uint8Array(ni * nj * nk);
      for (let k = box.min[2]; k <= box.max[2]; k++)
        for (let j = box.min[1]; j <= box.max[1]; j++)
          for (let i = box.min[0]; i <= box.max[0]; i++) voxels[i + ni * (j + nj * k)] = what === 'labels' ? 1 : 40;
      const common = { id: what, label: what, seriesInstanceUID: series.seriesInstanceUID, grid };
      const segments = [{ number: 1, label: 'Block', colour: [255, 0, 0] as const }];
      if (what === 'labels') await host.overlays.showLabelMap({ ...common, labels: voxels, segments });
      else await host.overlays.showHeatMap({ ...common, levels: voxels });
    },
    [block, kind] as const,
  );
}

async function jumpTo(page: Page, ijk: Vec3): Promise<void> {
  await page.evaluate((point) => {
    const { host } = globalThis.overread;
    const series = host.listSeries()[0]!;
    host.jumpTo({ seriesInstanceUID: series.seriesInstanceUID, world: point, slice: null });
  }, world(ijk));
  await page.waitForTimeout(1000);
}

const isRed = ([red, , blue]: Colour): boolean => red - blue > 60;

/**
 * Voxels at the ends of the block and just past them, along two axes, in the plane through its middle across the third;
 * a little off the middle lines, where the mark of the jump is drawn.
 */
function probes(axes: readonly number[]): readonly { readonly ijk: Vec3; readonly inside: boolean }[] {
  const offMiddle: Vec3 = [17, 12, 4];
  return axes.flatMap((axis) =>
    (['min', 'max'] as const).flatMap((end) => {
      const at = (value: number): Vec3 =>
        middle.map((m, a) => (a === axis ? value : axes.includes(a) ? offMiddle[a]! : m)) as unknown as Vec3;
      const outwards = end === 'min' ? -1 : 1;
      return [
        { ijk: at(block[end][axis]!), inside: true },
        { ijk: at(block[end][axis]! + outwards), inside: false },
      ];
    }),
  );
}

async function expectBlock(page: Page, viewport: number, axes: readonly number[]): Promise<void> {
  const wanted = probes(axes);
  const places = [];
  for (const { ijk } of wanted) places.push(await onPage(page, world(ijk), viewport));
  const colours = await coloursAt(page, places);
  expect(colours.map(isRed)).toEqual(wanted.map(({ inside }) => inside));
}

test('labels lie on their voxels in a stack, also flipped and rotated', async ({ page }) => {
  await openStudy(page, site, phantom.studyInstanceUID);
  await showBlock(page);
  await jumpTo(page, middle);
  await expectBlock(page, 0, [0, 1]);
  for (const command of ['flipViewportHorizontal', 'rotateViewportCW']) {
    await page.evaluate((name) => void window.commandsManager.runCommand(name, {}, 'CORNERSTONE'), command);
    await page.waitForTimeout(500);
    await expectBlock(page, 0, [0, 1]);
  }
});

test('labels are not drawn on slices that have none', async ({ page }) => {
  await openStudy(page, site, phantom.studyInstanceUID);
  await showBlock(page);
  const place = async () => (await coloursAt(page, [await onPage(page, world(middle))]))[0]!;
  await jumpTo(page, [40, 30, 3]);
  expect(isRed(await place())).toBe(true);
  await jumpTo(page, [40, 30, 5]);
  expect(isRed(await place())).toBe(false);
});

test('labels lie on their voxels in all three planes of a reformation', async ({ page }) => {
  await openStudy(page, site, phantom.studyInstanceUID, '&hangingProtocolId=mpr');
  await viewportsReady(page, 3);
  await showBlock(page);
  await jumpTo(page, middle);
  for (const viewport of [0, 1, 2]) {
    const normal = await page.evaluate(
      (index) => window.cornerstone.getEnabledElements()[index]!.viewport.getCamera().viewPlaneNormal,
      viewport,
    );
    const along = normal.map(Math.abs).indexOf(Math.max(...normal.map(Math.abs)));
    await expectBlock(
      page,
      viewport,
      [0, 1, 2].filter((axis) => axis !== along),
    );
  }
});

test('a heat map is drawn, switched off and on, and taken away', async ({ page }) => {
  await openStudy(page, site, phantom.studyInstanceUID);
  await jumpTo(page, [40, 30, 3]);
  const place = async () => (await coloursAt(page, [await onPage(page, world(middle))]))[0]!;
  const grey = await place();
  await showBlock(page, 'heat');
  const hot = await place();
  expect(isRed(hot)).toBe(true);
  await page.evaluate(() => globalThis.overread.host.overlays.setVisible('heat', false));
  // Painting may take more than one task; the picture is out of sight until it is done.
  await expect.poll(place).toEqual(grey);
  await page.evaluate(() => globalThis.overread.host.overlays.setVisible('heat', true));
  await expect.poll(place).toEqual(hot);
  await page.evaluate(() => globalThis.overread.host.overlays.setOpacity('heat', 0.5));
  const redness = async () => {
    const [red, , blue] = await place();
    return red - blue;
  };
  await expect.poll(redness).toBeLessThan(hot[0] - hot[2]);
  expect(await redness()).toBeGreaterThan(0);
  await page.evaluate(() => globalThis.overread.host.overlays.remove('heat'));
  await expect.poll(place).toEqual(grey);
});

test('boxes are drawn where they cut the plane, and only there', async ({ page }) => {
  await openStudy(page, site, phantom.studyInstanceUID);
  await jumpTo(page, [40, 30, 3]);
  const outer = { min: world([9.5, 4.5, 1.5]), max: world([19.5, 14.5, 4.5]) };
  await page.evaluate(({ min, max }) => {
    const { host } = globalThis.overread;
    const series = host.listSeries()[0]!;
    if (!series.geometry.ok) throw new Error(series.geometry.reason);
    const { grid } = series.geometry.value;
    const box = { key: 'one', text: '1 Nodule', min, max, grid, colour: [255, 196, 64] as const, selected: true };
    host.overlays.showBoxes({ id: 'boxes', seriesInstanceUID: series.seriesInstanceUID, boxes: [box] });
  }, outer);
  const polygon = page.locator('[data-overread-box="one"] polygon').first();
  await expect(polygon).toHaveCount(1);
  const drawn = await polygon.evaluate((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return [left, top, right, bottom];
  });
  const [left, top] = await onPage(page, world([9.5, 4.5, 3]));
  const [right, bottom] = await onPage(page, world([19.5, 14.5, 3]));
  [left, top, right, bottom].forEach((edge, n) => expect(Math.abs(drawn[n]! - edge)).toBeLessThan(1.5));
  await expect(page.locator('[data-overread-box="one"]')).toContainText('1 Nodule');
  await jumpTo(page, [40, 30, 5]);
  await expect(page.locator('[data-overread-box]')).toHaveCount(0);
});

test('a jump shows the slice, moves the place into sight and marks it', async ({ page }) => {
  await openStudy(page, site, phantom.studyInstanceUID);
  await page.evaluate(() => {
    for (let n = 0; n < 8; n++) window.commandsManager.runCommand('scaleUpViewport', {}, 'CORNERSTONE');
  });
  await jumpTo(page, [2, 45, 1]);
  const mark = page.locator('[data-overread-mark]');
  await expect(mark).toHaveCount(1);
  const [x, y] = await onPage(page, world([2, 45, 1]));
  const box = (await mark.boundingBox())!;
  expect(Math.abs(box.x + box.width / 2 - x)).toBeLessThan(1.5);
  expect(Math.abs(box.y + box.height / 2 - y)).toBeLessThan(1.5);
  const view = await page.evaluate(() => {
    const { left, top, right, bottom } = window.cornerstone
      .getEnabledElements()[0]!
      .viewport.element.getBoundingClientRect();
    return { left, top, right, bottom };
  });
  expect(x > view.left && x < view.right && y > view.top && y < view.bottom).toBe(true);
});

test('the viewer’s own segmentations and measurements know nothing of the overlays', async ({ page }) => {
  await openStudy(page, site, phantom.studyInstanceUID);
  await showBlock(page);
  await showBlock(page, 'heat');
  const own = await page.evaluate(() => ({
    segmentations: window.services['segmentationService']!['getSegmentations']!(),
    measurements: window.services['measurementService']!['getMeasurements']!(),
  }));
  expect(own).toEqual({ segmentations: [], measurements: [] });
});

test('leaving the mode takes everything off and another study starts empty', async ({ page }) => {
  await openStudy(page, site, phantom.studyInstanceUID);
  await page.evaluate(() => {
    const events: string[] = [];
    Object.assign(window, { events });
    globalThis.overread.host.subscribe(({ kind }) => events.push(kind));
  });
  await showBlock(page);
  await expect(page.locator('.overread-layer')).toHaveCount(1);
  // Within the page, as a person goes: through the study list.
  await page.evaluate(() => {
    history.pushState({}, '', '/');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await page.waitForFunction(() => globalThis.overread.host.currentStudy() === null);
  await expect(page.locator('.overread-layer')).toHaveCount(0);
  await expect(page.locator('overread-panel')).toHaveCount(0);
  expect(await page.evaluate(() => globalThis.overread.host.listSeries())).toEqual([]);

  await page.evaluate((uid) => {
    history.pushState({}, '', `/ai-reading?StudyInstanceUIDs=${uid}`);
    dispatchEvent(new PopStateEvent('popstate'));
  }, other.studyInstanceUID);
  await page.waitForFunction(
    (uid) =>
      globalThis.overread.host.currentStudy()?.studyInstanceUID === uid && globalThis.overread.host.activeSeries(),
    other.studyInstanceUID,
  );
  expect(await page.evaluate(() => globalThis.overread.host.activeSeries())).toBe(other.seriesInstanceUID);
  await expect(page.locator('.overread-layer')).toHaveCount(0);
  const events = await page.evaluate(() => (window as unknown as { events: string[] }).events);
  expect(events.filter((kind) => kind === 'study-changed')).toHaveLength(2);
});
