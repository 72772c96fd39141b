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

/** Within the page, as a person goes: through the study list. Loading the page anew would end the run. */
async function goTo(page: Page, { studyInstanceUID, seriesInstanceUID }: Truth): Promise<void> {
  for (const address of ['/', `/ai-reading?StudyInstanceUIDs=${studyInstanceUID}`]) {
    await page.evaluate((to) => {
      history.pushState({}, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, address);
    await expect(page.locator('overread-panel')).toHaveCount(address === '/' ? 0 : 1);
  }
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

const stages = [
  ['while its images are read', /Loading images/],
  ['while it computes', /Computing|Assembling/],
] as const;

for (const [when, stage] of stages) {
  test(`a run that is left ${when} belongs to its own study and is never drawn on the other`, async ({ page }) => {
    await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${current.studyInstanceUID}`);
    const panel = new PanelOnPage(page);
    await panel.panel.getByRole('button', { name: 'Run CT tissue map' }).click();
    await expect(panel.panel.getByText(stage).first()).toBeAttached({ timeout: 120_000 });
    await goTo(page, prior);

    await expect(page.getByText(/CT tissue map has finished on a study that is not open/)).toBeVisible({
      timeout: 150_000,
    });
    await expect(panel.panel.getByText(/No results for this series yet/)).toBeVisible();
    await expect(panel.result('CT tissue map')).toHaveCount(0);
    await expect(page.locator('.overread-layer')).toHaveCount(0);

    await goTo(page, current);
    await panel.result('CT tissue map').click();
    await expect(panel.panel.getByRole('table')).toContainText('Lung');
    await expect(page.locator('.overread-layer').first()).toBeVisible();
  });
}
