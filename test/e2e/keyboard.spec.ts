import { expect, test } from '@playwright/test';
import { readTruth } from '../../demo/phantom/truth.ts';
import { PanelOnPage, phantom, startReadingSite, type ReadingSite } from './support/reading.ts';

let site: ReadingSite;
let study: string;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  study = readTruth((await phantom()).truth, 'current').studyInstanceUID;
  site = await startReadingSite({});
});
test.afterAll(() => site.stop());

test('findings are reviewed by keyboard alone, and the focus is never lost', async ({ page }) => {
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${study}`);
  const panel = new PanelOnPage(page);
  const runButton = panel.panel.getByRole('button', { name: 'Run CT nodule candidates' });
  await runButton.focus();
  await page.keyboard.press('Enter');
  await expect(panel.findings.nth(2)).toBeVisible({ timeout: 170_000 });
  const row = (n: number) => panel.panel.locator('li', { has: page.locator('[data-finding]') }).nth(n);
  const reasons = (n: number) => panel.panel.getByRole('group', { name: `Why reject Nodule ${n}?` });

  // One stop for the whole list; the first key marks its first finding.
  await panel.findings.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(panel.findings.nth(0)).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('a');
  await expect(row(0)).toContainText('accepted');
  await expect(panel.findings.nth(1)).toBeFocused();

  await page.keyboard.press('r');
  await expect(reasons(2)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(reasons(2)).toBeHidden();
  await page.keyboard.press('r');
  await page.keyboard.press('2');
  await expect(row(1)).toContainText('rejected: Blood vessel');
  await expect(panel.findings.nth(2)).toBeFocused();

  await page.keyboard.press('r');
  await page.keyboard.press('Enter');
  await expect(row(2)).toContainText('rejected');
  await page.keyboard.press('u');
  await expect(row(2)).not.toContainText('rejected');

  // The reasons are buttons too: reached by Tab, and the focus comes back from them.
  await panel.findings.nth(2).focus();
  await page.keyboard.press('r');
  await expect(reasons(3)).toBeVisible();
  await reasons(3).getByRole('button', { name: 'Image artefact' }).focus();
  await page.keyboard.press('Enter');
  await expect(row(2)).toContainText('rejected: Image artefact');
  await expect(panel.findings.nth(2)).toBeFocused();
});
