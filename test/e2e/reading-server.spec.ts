import { expect, test } from '@playwright/test';
import { readTruth, type Truth } from '../../demo/phantom/truth.ts';
import { PanelOnPage, phantom, startReadingSite, type ReadingSite } from './support/reading.ts';

let site: ReadingSite;
let truth: Truth;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  truth = readTruth((await phantom()).truth, 'current');
  site = await startReadingSite({ server: true });
});
test.afterAll(() => site.stop());

test('a model runs on the companion server, and the panel says so', async ({ page }) => {
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${truth.studyInstanceUID}`);
  const panel = new PanelOnPage(page);
  await panel.choosePlace('Server');
  await panel.run('CT nodule candidates');
  await expect(panel.panel.getByText(/Computed on the server by ONNX Runtime on the processor/)).toBeVisible();
  await expect(panel.findings.first()).toBeVisible();
  await panel.save();
  await page.reload();
  await expect(panel.panel.getByText(/Computed on the server/)).toBeVisible({ timeout: 60_000 });
  await expect(panel.findings.first()).toBeVisible();
});

test('a run on the server can be cancelled, and the next one works', async ({ page }) => {
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${truth.studyInstanceUID}`);
  const panel = new PanelOnPage(page);
  await panel.choosePlace('Server');
  await panel.panel.getByRole('button', { name: 'Run CT tissue map' }).click();
  await panel.panel.getByRole('button', { name: 'Cancel the run of CT tissue map' }).click();
  await expect(panel.panel.getByText('Cancelled. Nothing was kept.')).toBeVisible();
  await panel.run('CT tissue map');
  await expect(panel.panel.getByText(/Computed on the server/)).toBeVisible();
});
