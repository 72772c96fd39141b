import type { Vec3 } from '@overread/core/geometry';
import { coloursAt, onPage } from './support/screen.ts';
import { expect, openStudy, startSite, test, type Site } from './support/site.ts';

/** The supported viewers besides the one that all other tests use. */
for (const viewer of ['3.11.1', '3.12.10', '3.14.0-beta.6']) {
  test.describe(`viewer ${viewer}`, () => {
    let site: Site;

    test.beforeAll(async () => {
      site = await startSite(viewer);
    });
    test.afterAll(() => site.stop());

    test('the panel opens and the toolbar is there', async ({ page }) => {
      await openStudy(page, site, site.phantoms[1]!.studyInstanceUID);
      await expect(page.locator('overread-panel').getByText('Research use only')).toBeVisible();
      for (const button of ['Zoom', 'WindowLevel', 'Layout'])
        await expect(page.locator(`[data-cy="${button}"]`).first()).toBeVisible();
    });

    test('voxels equal the values in the files', async ({ page }) => {
      for (const [number, query] of [
        [0, ''],
        [0, '&hangingProtocolId=mpr'],
        [2, '&hangingProtocolId=mpr'],
        [3, ''],
      ] as const) {
        const phantom = site.phantoms[number]!;
        await openStudy(page, site, phantom.studyInstanceUID, query);
        const samples = await page.evaluate(async (uid) => {
          const options = { signal: new AbortController().signal, onProgress: () => undefined };
          return Array.from((await globalThis.overread.host.readVolume(uid, options)).samples);
        }, phantom.seriesInstanceUID);
        const wrong = phantom.expected.findIndex((value, n) => samples[n] !== value);
        expect({ name: phantom.name, query, wrong }).toEqual({ name: phantom.name, query, wrong: -1 });
      }
    });

    test('labels lie on their voxels, and a jump shows them', async ({ page }) => {
      await openStudy(page, site, site.phantoms[1]!.studyInstanceUID);
      const world = ([i, j, k]: Vec3): Vec3 => [-20 + 0.7 * i, -15 + 0.8 * j, 100 + 3 * k];
      await page.evaluate(
        async (point) => {
          const { host } = globalThis.overread;
          const series = host.listSeries()[0]!;
          if (!series.geometry.ok) throw new Error(series.geometry.reason);
          const { grid } = series.geometry.value;
          const [ni, nj, nk] = grid.dims;
          const labels = new Uint8Array(ni * nj * nk);
          for (let j = 5; j < 15; j++) labels.fill(1, 10 + ni * (j + nj * 3), 20 + ni * (j + nj * 3));
          const segments = [{ number: 1, label: 'Block', colour: [255, 0, 0] as const }];
          const { seriesInstanceUID } = series;
          await host.overlays.showLabelMap({ id: 'm', label: 'm', seriesInstanceUID, grid, labels, segments });
          host.jumpTo({ seriesInstanceUID, world: point, slice: null });
        },
        world([40, 30, 3]),
      );
      await expect(page.locator('[data-overread-mark]')).toHaveCount(1);
      const places = [];
      for (const ijk of [
        [10, 5, 3],
        [9, 5, 3],
        [19, 14, 3],
        [20, 14, 3],
      ] as const)
        places.push(await onPage(page, world(ijk)));
      const red = (await coloursAt(page, places)).map(([r, , b]) => r - b > 60);
      expect(red).toEqual([true, false, true, false]);
    });
  });
}
