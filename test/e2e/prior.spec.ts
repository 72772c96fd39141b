import { expect, test, type Page } from '@playwright/test';
import { readTruth, type Truth } from '../../demo/phantom/truth.ts';
import { PanelOnPage, phantom, startReadingSite, type ReadingSite } from './support/reading.ts';

let site: ReadingSite;
let current: Truth;
let prior: Truth;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const { truth } = await phantom();
  [current, prior] = [readTruth(truth, 'current'), readTruth(truth, 'prior')];
  site = await startReadingSite({});
});
test.afterAll(() => site.stop());

/** Waits until a viewport shows images of the series. */
async function shows(page: Page, { seriesInstanceUID }: Truth): Promise<void> {
  await page.waitForFunction(
    (uid) =>
      window.cornerstone
        .getEnabledElements()
        .some(({ viewport }) =>
          (viewport as unknown as { getCurrentImageId?(): string }).getCurrentImageId?.().includes(uid),
        ),
    seriesInstanceUID,
  );
}

test('a prior that is hung from the series list is named as such, and its results stay apart', async ({ page }) => {
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${current.studyInstanceUID}`);
  const reading = new PanelOnPage(page);
  const { panel } = reading;
  await reading.run('CT tissue map');
  await expect(panel.getByText(/^Prior study/)).toHaveCount(0);

  // Two viewports beside each other, the prior in the second.
  await page.evaluate(() =>
    window.commandsManager.runCommand('setViewportGridLayout', { numRows: 1, numCols: 2 }, 'DEFAULT'),
  );
  await page.getByText('15-Sep-2025').click();
  const grid = page.locator('[data-cy="viewport-grid"]');
  const { x, y, width, height } = (await grid.boundingBox())!;
  await page
    .locator('[data-cy="study-browser-thumbnail"]')
    .nth(1)
    .dragTo(grid, { targetPosition: { x: width * 0.75, y: height / 2 } });
  await shows(page, prior);
  await page.mouse.click(x + width * 0.75, y + height / 2);
  await expect(panel.getByText(/^Prior study · 2025-09-15/)).toBeVisible();
  await expect(panel.getByText(/No results for this series yet/)).toBeVisible();
  // What was found in the other study stays on its own images.
  await expect(page.locator('.overread-layer canvas')).toHaveCount(1);
  await reading.shot('prior');
  await page.mouse.click(x + width * 0.25, y + height / 2);
  await expect(panel.getByText(/^Prior study/)).toHaveCount(0);
  await expect(reading.result('CT tissue map')).toHaveAttribute('aria-expanded', 'true');
  await expect(page.locator('.overread-layer canvas')).toHaveCount(1);
});
