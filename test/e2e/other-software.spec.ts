import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { textOf } from '@overread/core/dicom';
import { readHeader } from '../support/read-headers.ts';
import { sharedData } from '../support/shared-data.ts';
import { PanelOnPage, startReadingSite, type ReadingSite } from './support/reading.ts';

const chest = sharedData('ct-chest');
const highdicom = sharedData('highdicom');
/** One CT image with a mask and a report about it, as highdicom writes them. */
const body = ['ct_image.dcm', 'seg_image_ct_binary_single_frame.dcm', 'sr_document_with_multiple_groups.dcm'];

test.describe('results that other software stored', () => {
  test.skip(chest === null || highdicom === null, 'needs the public sample images (OVERREAD_TEST_DATA)');
  let site: ReadingSite;
  let folder: string;

  test.beforeAll(async () => {
    test.setTimeout(240_000);
    folder = mkdtempSync(join(tmpdir(), 'overread-others-'));
    mkdirSync(join(folder, 'body'));
    for (const name of body) cpSync(join(highdicom!, name), join(folder, 'body', name));
    site = await startReadingSite({ data: [folder, chest!] });
  });
  test.afterAll(async () => {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(page: Page, file: string): Promise<PanelOnPage> {
    await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${textOf(readHeader(file), 'StudyInstanceUID')!}`);
    const panel = new PanelOnPage(page);
    await panel.panel.getByRole('button', { name: /^Results by other software/ }).click({ timeout: 90_000 });
    return panel;
  }

  test('a report about a chest CT: its findings are listed, drawn and jumped to, and nothing of it can be changed', async ({
    page,
  }) => {
    const [report, images] = ['SR_', 'CT_'].map((name) => {
      const series = readdirSync(chest!).find((one) => one.startsWith(name))!;
      return join(chest!, series, readdirSync(join(chest!, series))[0]!);
    });
    expect(textOf(readHeader(report!), 'StudyInstanceUID')).toBe(textOf(readHeader(images!), 'StudyInstanceUID'));
    const reading = await open(page, images!);
    const { panel } = reading;
    const others = panel.getByRole('region', { name: 'Results by other software' });
    await expect(others.getByText('Sybil lesion bounding box').first()).toBeVisible();
    await expect(others.getByText(/by Sybil/)).toBeVisible();
    const findings = others.getByRole('button', { name: /^Go to / });
    await expect(findings).toHaveCount(8);
    await others.getByRole('switch', { name: /^Show the boxes of Sybil/ }).click();
    await findings.nth(3).click();
    await expect(page.locator('[data-overread-box^="other-"]')).toHaveCount(1);
    await expect(page.locator('[data-overread-mark]')).toHaveCount(1);
    await reading.shot('other-report');
    await expect(panel.getByRole('button', { name: /^(Accept|Reject|Save)/ })).toHaveCount(0);
    await others.getByRole('switch', { name: /^Show the boxes of Sybil/ }).click();
    await expect(page.locator('[data-overread-box^="other-"]')).toHaveCount(0);
  });

  test('a mask is fetched when it is switched on, and lies on its image; a series that cannot be read hides nothing', async ({
    page,
  }) => {
    const unreadable = textOf(readHeader(join(folder, 'body', body[2]!)), 'SeriesInstanceUID')!;
    await page.route(`**/series/${unreadable}/metadata*`, (route) => route.fulfill({ status: 500, body: '' }));
    const reading = await open(page, join(folder, 'body', 'ct_image.dcm'));
    const { panel } = reading;
    await expect(panel.getByText(/^SR series .*answered 500/)).toBeVisible();
    const others = panel.getByRole('region', { name: 'Results by other software' });
    const mask = others.getByRole('switch', { name: /^Show the mask of/ });
    await mask.click();
    await expect(others.getByText('Loading')).toHaveCount(0);
    await expect(mask).toHaveAttribute('aria-checked', 'true');
    await expect(page.locator('.overread-layer canvas')).toHaveCount(1);
    await reading.shot('other-mask');
    await mask.click();
    await expect(page.locator('.overread-layer canvas')).toHaveCount(0);
  });
});
