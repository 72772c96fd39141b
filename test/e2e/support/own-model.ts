import type { Page } from '@playwright/test';
import type { PackageFiles } from '../../support/test-models.ts';

/** A package beside the models that the site serves: for this page only. */
export async function offerModel(page: Page, files: PackageFiles): Promise<void> {
  const { id, version } = JSON.parse(new TextDecoder().decode(files['model.json'])) as { id: string; version: string };
  await page.route('**/models/models.json', async (route) => {
    const { models, ...rest } = (await (await route.fetch()).json()) as { readonly models: readonly object[] };
    await route.fulfill({ json: { ...rest, models: [...models, { id, version, path: `${id}/model.json` }] } });
  });
  await page.route(`**/models/${id}/*`, async (route) => {
    const bytes = files[new URL(route.request().url()).pathname.split('/').at(-1)!];
    await (bytes === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body: Buffer.from(bytes) }));
  });
}
