import { expect, test } from '@playwright/test';
import { itemsOf, readPart10, textOf } from '@overread/core/dicom';
import { readTruth } from '../../demo/phantom/truth.ts';
import { fetchInstance, storedResults } from './support/dicomweb.ts';
import { PanelOnPage, phantom, startReadingSite, type ReadingSite } from './support/reading.ts';

let site: ReadingSite;
let study: string;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  study = readTruth((await phantom()).truth, 'current').studyInstanceUID;
  site = await startReadingSite({});
});
test.afterAll(() => site.stop());

test('a report is verified by an explicit act once every finding is decided, and comes back with its heat map', async ({
  page,
}) => {
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${study}`);
  const reading = new PanelOnPage(page);
  const { panel, findings } = reading;
  await reading.run('CT nodule candidates');
  await expect(panel.getByRole('switch', { name: 'Heat map' })).toBeVisible();
  const opacity = panel.getByRole('slider', { name: 'Opacity of Heat map' });
  await expect(opacity).toHaveValue('50');
  for (const key of ['ArrowRight', 'ArrowRight']) await opacity.press(key);
  const drawn = page.locator('.overread-layer canvas');
  await expect.poll(() => drawn.evaluateAll((all) => all.map(({ style }) => style.opacity))).toContain('0.6');
  const verify = panel.getByRole('button', { name: 'Verify …' });

  await findings.first().focus();
  await page.keyboard.press('a');
  await expect(panel.getByText(/^To verify the report, decide on the/)).toBeVisible();
  await expect(verify).toHaveCount(0);
  await reading.shot('verify-undecided');
  const total = Number(/1 of (\d+) reviewed/.exec(await panel.innerText())![1]);
  for (let n = 1; n < total; n++) await page.keyboard.press('a');
  await expect(panel.getByText(`${total} of ${total} reviewed`)).toBeVisible();

  // Neither Enter nor a second click where the first was verifies anything.
  await verify.dblclick();
  const question = panel.getByRole('group', { name: 'Verify this report?' });
  await page.keyboard.press('Enter');
  await expect(question.getByRole('button', { name: 'Verify and save' })).toBeDisabled();
  await reading.shot('verify-name');
  await page.keyboard.press('Escape');
  await expect(question).toHaveCount(0);
  await expect(verify).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(question).toBeFocused();
  await page.keyboard.press('Enter');
  await question.getByLabel('Your name on the report').fill('Phantom Reader');
  await question.getByRole('button', { name: 'Use' }).click();
  await expect(question).toContainText('I, Phantom Reader, have reviewed this report');
  await expect(question.getByRole('button', { name: 'Verify and save' })).toBeDisabled();
  await question.getByRole('checkbox').check();
  await reading.shot('verify-ticked');
  await question.getByRole('button', { name: 'Verify and save' }).click();
  await expect(panel.getByText(/^Verified by Phantom Reader, \d\d:\d\d$/)).toBeVisible({ timeout: 60_000 });
  await reading.shot('verify-done');

  const report = (await storedResults(site.dicomWeb, study)).find(({ modality }) => modality === 'SR')!;
  const { dataset } = readPart10(await fetchInstance(site.dicomWeb, report));
  expect([textOf(dataset, 'CompletionFlag'), textOf(dataset, 'VerificationFlag')]).toEqual(['COMPLETE', 'VERIFIED']);
  const [act] = itemsOf(dataset, 'VerifyingObserverSequence');
  expect(textOf(act!, 'VerifyingObserverName')).toBe('Reader^Phantom');

  await page.reload();
  await expect(panel.getByText(/^Verified by Phantom Reader/)).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByRole('switch', { name: 'Heat map' })).toBeVisible();
  await expect(page.locator('.overread-layer canvas')).toHaveCount(2);

  // What is decided afterwards is a new version, and not verified.
  await findings.first().focus();
  await page.keyboard.press('r');
  await page.keyboard.press('Enter');
  await expect(panel.getByText(/is verified by Phantom Reader. Saving writes a new one/)).toBeVisible();
  await reading.shot('verify-changed');
  await reading.save();
  await expect(verify).toBeVisible();
});
