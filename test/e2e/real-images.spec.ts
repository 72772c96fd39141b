import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { textOf } from '@overread/core/dicom';
import { readHeader } from '../support/read-headers.ts';
import { sharedData } from '../support/shared-data.ts';
import { unpack } from '../support/unpack.ts';
import { startReadingSite, type ReadingSite } from './support/reading.ts';
import { pageErrors } from './support/site.ts';

const sources = {
  'ct-irregular': sharedData('ct-irregular'),
  projection: sharedData('projection'),
  multiframe: sharedData('multiframe'),
};
const isThere = Object.values(sources).every((path) => path !== null);

test.describe('real images that no chest model applies to', () => {
  test.skip(!isThere, 'needs the public sample images (OVERREAD_TEST_DATA)');
  let site: ReadingSite;
  let folder: string;
  let head: ReturnType<typeof unpack>;

  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'overread-real-'));
    for (const name of ['projection', 'multiframe'] as const)
      cpSync(sources[name]!, join(folder, name), { recursive: true });
    head = unpack(join(sources['ct-irregular']!, 'ge_head_ct_28slices.tar.xz'));
    site = await startReadingSite({ data: [folder, dirname(head.files[0]!)] });
  });
  test.afterAll(async () => {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
    head.remove();
  });

  function anyFile(name: string): string {
    const entry = readdirSync(join(folder, name), { recursive: true, withFileTypes: true }).find(
      (one) => one.isFile() && !/LICENSE|README/.test(one.name),
    );
    return join(entry!.parentPath, entry!.name);
  }
  const studyOf = (file: string): string => textOf(readHeader(file), 'StudyInstanceUID')!;

  test('a tilted, unevenly spaced head CT is refused with its numbers', async ({ page }) => {
    await page.goto(
      `${site.url}ai-reading?StudyInstanceUIDs=${studyOf(head.files.find((file) => file.endsWith('.dcm')) ?? head.files[0]!)}`,
    );
    const panel = page.locator('overread-panel');
    await expect(panel.getByText(/Not a volume: .*1\.08 mm/)).toBeVisible({ timeout: 60_000 });
    await expect(panel.getByRole('button', { name: /^Run / })).toHaveCount(0);
  });

  for (const name of ['RG1_J2KI.dcm', 'RG2_J2KI.dcm', 'MG1_J2KI.dcm', 'GH133_MG_MLO_fo-dicom.dcm']) {
    test(`${name} opens, and the panel says why no model applies`, async ({ page }) => {
      const errors = pageErrors(page);
      await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${studyOf(join(folder, 'projection', name))}`);
      const panel = page.locator('overread-panel');
      await expect(panel.getByText(/No model applies to this series/)).toBeVisible({ timeout: 60_000 });
      await expect(panel.getByRole('button', { name: /^Run / })).toHaveCount(0);
      expect(errors).toEqual([]);
    });
  }

  test('an enhanced MR of 24 frames opens, and the panel says why no model applies', async ({ page }) => {
    const errors = pageErrors(page);
    await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${studyOf(anyFile('multiframe'))}`);
    const panel = page.locator('overread-panel');
    await expect(panel.getByText(/No model applies to this series/)).toBeVisible({ timeout: 60_000 });
    expect(errors).toEqual([]);
  });
});
