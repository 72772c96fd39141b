import type { Page } from '@playwright/test';
import type { PixelPhantom } from './support/pixel-phantoms.ts';
import { expect, openStudy, startSite, test, type Site } from './support/site.ts';

let site: Site;

test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site.stop());

const names = [
  'CT with slope 0.5',
  'CT signed, with negative stored values',
  'CT with values beyond 16 bits',
  'PET with a slope per slice and what SUV needs',
  'MR without rescale',
  'DX in MONOCHROME1',
  'Enhanced MR, frames with slopes of their own',
];

async function readVolume(page: Page, seriesInstanceUID: string) {
  return page.evaluate(async (uid) => {
    const steps: number[] = [];
    const volume = await globalThis.overread.host.readVolume(uid, {
      signal: new AbortController().signal,
      onProgress: (done) => steps.push(done),
    });
    return { samples: Array.from(volume.samples), dims: volume.grid.dims, unit: volume.unit, steps };
  }, seriesInstanceUID);
}

function differences(read: readonly number[], phantom: PixelPhantom) {
  return phantom.expected.flatMap((value, n) => (read[n] === value ? [] : [{ n, expected: value, read: read[n] }]));
}

for (const name of names) {
  test(`voxels equal the values in the file: ${name}`, async ({ page }) => {
    const phantom = site.phantoms.find((one) => one.name === name)!;
    await openStudy(page, site, phantom.studyInstanceUID);
    const volume = await readVolume(page, phantom.seriesInstanceUID);
    const slices = phantom.expected.length / (phantom.rows * phantom.columns);
    expect(volume.dims).toEqual([phantom.columns, phantom.rows, slices]);
    expect(volume.steps).toEqual(Array.from({ length: slices }, (_, k) => k + 1));
    expect(volume.unit).toBe(phantom.unit);
    expect(volume.samples).toHaveLength(phantom.expected.length);
    expect(differences(volume.samples, phantom).slice(0, 3)).toEqual([]);
  });
}

for (const name of names.filter((one) => !one.startsWith('DX'))) {
  test(`voxels are the same once the viewer has made a volume of them: ${name}`, async ({ page }) => {
    const phantom = site.phantoms.find((one) => one.name === name)!;
    await openStudy(page, site, phantom.studyInstanceUID, '&hangingProtocolId=mpr');
    await page.waitForFunction(
      () => document.querySelectorAll('.cornerstone-viewport-element, .viewport-element').length >= 3,
    );
    const volume = await readVolume(page, phantom.seriesInstanceUID);
    expect(differences(volume.samples, phantom).slice(0, 3)).toEqual([]);
  });
}

test('reading leaves the images that the viewer holds as they were', async ({ page }) => {
  const phantom = site.phantoms[0]!;
  await openStudy(page, site, phantom.studyInstanceUID);
  const first = await readVolume(page, phantom.seriesInstanceUID);
  const second = await readVolume(page, phantom.seriesInstanceUID);
  expect(second.samples).toEqual(first.samples);
});

test('a cancelled reading says so and reads nothing more', async ({ page }) => {
  const phantom = site.phantoms[0]!;
  await openStudy(page, site, phantom.studyInstanceUID);
  const outcome = await page.evaluate(async (uid) => {
    const cancel = new AbortController();
    let steps = 0;
    const reading = globalThis.overread.host.readVolume(uid, {
      signal: cancel.signal,
      onProgress: () => {
        steps++;
        cancel.abort();
      },
    });
    const code = await reading.then(
      () => 'finished',
      (error: unknown) => (error as { code: string }).code,
    );
    const atCancel = steps;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { code, more: steps - atCancel };
  }, phantom.seriesInstanceUID);
  expect(outcome).toEqual({ code: 'run.cancelled', more: 0 });
});
