import type { Vec3 } from '@overread/core/geometry';
import { onPage, viewportsReady } from './support/screen.ts';
import { expect, openStudy, startSite, test, type Site } from './support/site.ts';

let site: Site;
test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site.stop());

test('a jump brings all three planes of a reformation to the place and marks it in each', async ({ page }) => {
  await openStudy(page, site, site.phantoms[1]!.studyInstanceUID, '&hangingProtocolId=mpr');
  await viewportsReady(page, 3);
  // Off centre along every axis.
  const world: Vec3 = [-20 + 0.7 * 12, -15 + 0.8 * 30, 100 + 3 * 1];
  await page.evaluate((point) => {
    const { host } = globalThis.overread;
    host.jumpTo({ seriesInstanceUID: host.listSeries()[0]!.seriesInstanceUID, world: point, slice: null });
  }, world);

  // Planes of three directions, each through the place to within half a voxel.
  const planes = () =>
    page.evaluate(
      (point) =>
        window.cornerstone.getEnabledElements().map(({ viewport }) => {
          const { viewPlaneNormal, focalPoint } = viewport.getCamera();
          const away = viewPlaneNormal.reduce((sum, n, axis) => sum + n * (point[axis]! - focalPoint[axis]!), 0);
          return { along: viewPlaneNormal.map(Math.abs).indexOf(Math.max(...viewPlaneNormal.map(Math.abs))), away };
        }),
      world,
    );
  await expect.poll(async () => Math.max(...(await planes()).map(({ away }) => Math.abs(away)))).toBeLessThan(0.4);
  expect((await planes()).map(({ along }) => along).sort()).toEqual([0, 1, 2]);

  const marks = page.locator('[data-overread-mark]');
  await expect(marks).toHaveCount(3);
  const centres = await marks.evaluateAll((all) =>
    all.map((mark) => {
      const { left, right, top, bottom } = mark.getBoundingClientRect();
      return [(left + right) / 2, (top + bottom) / 2] as const;
    }),
  );
  for (const viewport of [0, 1, 2]) {
    const [x, y] = await onPage(page, world, viewport);
    expect(Math.min(...centres.map(([left, top]) => Math.hypot(left - x, top - y)))).toBeLessThan(1.5);
  }
});
