import { expect, test, type Page } from '@playwright/test';
import type { Vec3 } from '@overread/core/geometry';
import { readTruth, type Truth } from '../../demo/phantom/truth.ts';
import { storedResults } from './support/dicomweb.ts';
import { PanelOnPage, phantom, startReadingSite, type ReadingSite } from './support/reading.ts';
import { coloursAt, onPage, viewportsReady } from './support/screen.ts';

// What a score rests on, for a reader: asked for at a finding, drawn on the images, said in words.

const title = 'CT lung signs';
let site: ReadingSite;
let truth: Truth;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  truth = readTruth((await phantom()).truth, 'current');
  site = await startReadingSite({ server: true });
});
test.afterAll(() => site.stop());

async function open(page: Page): Promise<PanelOnPage> {
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${truth.studyInstanceUID}`);
  const panel = new PanelOnPage(page);
  await expect(panel.panel.getByRole('button', { name: `Run ${title}` })).toBeVisible({ timeout: 60_000 });
  await viewportsReady(page, 1);
  return panel;
}

/** Red less blue on screen at a place of the patient: greys have none, the map has much. */
async function warmthAt(page: Page, world: Vec3): Promise<number> {
  const [colour] = await coloursAt(page, [await onPage(page, world)]);
  return colour![0] - colour![2];
}

const ask = (panel: PanelOnPage, name: string) =>
  panel.panel.getByRole('button', { name: `Show what the score of ${name}` });

for (const place of ['This browser', 'Server'] as const) {
  test(`computed by: ${place}. The map lies on the largest nodule, says what it means, is replaced, and is not stored`, async ({
    page,
  }) => {
    const panel = await open(page);
    await panel.choosePlace(place);
    await panel.run(title);
    await panel.shot(`explain-asked-${place}`);
    const stored = await storedResults(site.dicomWeb, truth.studyInstanceUID);

    await ask(panel, 'Pulmonary nodule').click();
    await expect(panel.panel.getByText(/Covering block after block · \d+ of 432/)).toBeVisible({
      timeout: 60_000,
    });
    await panel.shot(`explain-running-${place}`);
    const shown = panel.panel.getByRole('region', { name: 'What the score of Pulmonary nodule rests on' });
    await expect(shown).toBeVisible({ timeout: 120_000 });
    await expect(shown).toContainText(/lowers the score, by up to 0\.\d+/);
    await expect(shown).toContainText('no outline of a lesion');
    await expect(shown).toContainText('Not saved to the PACS');
    await expect(shown.getByRole('img', { name: /The score falls by .* to 0\.\d+/ })).toBeVisible();

    // The viewer was brought to the block of the largest nodule, and it glows there only.
    const [largest] = truth.nodules.toSorted((a, b) => b.diameter - a.diameter);
    const [x, y] = largest!.centre;
    const z = await page.evaluate(() => {
      const { viewport } = window.cornerstone.getEnabledElements()[0]!;
      return viewport.getCamera().focalPoint[2];
    });
    expect(Math.abs(z - largest!.centre[2])).toBeLessThan(16);
    await expect.poll(() => warmthAt(page, [x, y, z])).toBeGreaterThan(60);
    expect(await warmthAt(page, [-x, y, z])).toBeLessThan(30);
    await page.mouse.move(10, 900);
    await panel.shot(`explain-shown-${place}`);

    // A layer like another: it can be switched off.
    const layer = panel.panel.getByRole('switch', { name: 'Heat map' });
    await layer.click();
    await expect.poll(() => warmthAt(page, [x, y, z])).toBeLessThan(30);
    await layer.click();

    await ask(panel, 'Pulmonary emphysema').click();
    const other = panel.panel.getByRole('region', { name: 'What the score of Pulmonary emphysema rests on' });
    await expect(other).toBeVisible({ timeout: 120_000 });
    await expect(shown).toBeHidden();
    await panel.shot(`explain-replaced-${place}`);

    await panel.save();
    const since = (await storedResults(site.dicomWeb, truth.studyInstanceUID)).slice(stored.length);
    expect(new Set(since.map(({ modality }) => modality))).toEqual(new Set(['SR']));
    await other.getByRole('button', { name: /^Remove/ }).click();
    await expect(layer).toBeHidden();
    await expect(ask(panel, 'Pulmonary emphysema')).toBeVisible();
  });
}

test('is cancelled at once, and what was shown before stays', async ({ page }) => {
  const panel = await open(page);
  await panel.run(title);
  await ask(panel, 'Pulmonary nodule').click();
  const shown = panel.panel.getByRole('region', { name: 'What the score of Pulmonary nodule rests on' });
  await expect(shown).toBeVisible({ timeout: 120_000 });
  await ask(panel, 'Pulmonary emphysema').click();
  await expect(panel.panel.getByText(/after block · \d+ of 432/)).toBeVisible({ timeout: 60_000 });
  await panel.panel.getByRole('button', { name: 'Cancel working out what the score of Pulmonary emphysema' }).click();
  await expect(ask(panel, 'Pulmonary emphysema')).toBeVisible();
  await expect(shown).toBeVisible();
  // The place is free again.
  await panel.run(title);
});

test('says in words why it cannot be worked out', async ({ page }) => {
  // Blocks of one voxel: far more runs than anybody waits for.
  await page.route('**/ct-lung-signs/model.json', async (route) => {
    const manifest = (await (await route.fetch()).json()) as { outputs: [{ saliency: object }] };
    manifest.outputs[0].saliency = { kind: 'occlusion', size: [1, 1, 1], step: [1, 1, 1], fill: 0.15 };
    await route.fulfill({ json: manifest });
  });
  const panel = await open(page);
  await panel.run(title);
  await ask(panel, 'Pulmonary nodule').click();
  const alert = panel.panel.getByRole('alert');
  await expect(alert).toContainText('What the score rests on could not be worked out');
  await expect(alert).toContainText(/takes \d+ runs, of 262144 at most/);
  await panel.shot('explain-refused');
  await panel.panel.getByRole('button', { name: 'Dismiss' }).click();
  await expect(ask(panel, 'Pulmonary nodule')).toBeVisible();
});
