import { expect, type Page } from '@playwright/test';
import type { Vec3 } from '@overread/core/geometry';
import type { LoadedModel } from '@overread/core/model';
import { promptModel } from '../../support/prompt-model.ts';
import { servedFiles } from '../../support/served-model.ts';
import { onPage } from './screen.ts';

/** A promptable model for slices of `columns` x `rows`, made even. */
export function markingModel(
  columns: number,
  rows: number,
  title: string,
): LoadedModel & { readonly decoder: Uint8Array } {
  const even = (length: number) => 2 * Math.ceil(length / 2);
  const model = promptModel([even(rows), even(columns)]);
  return { ...model, manifest: { ...model.manifest, id: 'marking', title } };
}

/** Adds a model to those that the site offers this page. */
export async function offerModel(page: Page, model: LoadedModel, shape: readonly number[]): Promise<void> {
  const { id, version } = model.manifest;
  const files = await servedFiles(model, shape);
  await page.route('**/models/models.json', async (route) => {
    const list = (await (await route.fetch()).json()) as { models: object[] };
    await route.fulfill({ json: { ...list, models: [...list.models, { id, version, path: `${id}/model.json` }] } });
  });
  await page.route(`**/models/${id}/*`, (route) => {
    const body = files[new URL(route.request().url()).pathname.split('/').at(-1)!];
    return body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body: Buffer.from(body) });
  });
}

/** A rectangle between two places in space, drawn with the left button. */
export async function dragBetween(page: Page, from: Vec3, to: Vec3, viewport = 0): Promise<void> {
  const [a, b] = [await onPage(page, from, viewport), await onPage(page, to, viewport)];
  await page.mouse.move(...a);
  await page.mouse.down();
  await page.mouse.move((a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
  await page.mouse.move(...b);
  await page.mouse.up();
}

/** The same with one finger. */
export async function swipe(page: Page, from: Vec3, to: Vec3): Promise<void> {
  const [a, b] = [await onPage(page, from), await onPage(page, to)];
  const browser = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', places: readonly (readonly [number, number])[]) =>
    browser.send('Input.dispatchTouchEvent', { type, touchPoints: places.map(([x, y]) => ({ x, y })) });
  await touch('touchStart', [a]);
  for (const share of [0.25, 0.5, 0.75, 1])
    await touch('touchMove', [[a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]]);
  await touch('touchEnd', []);
  await browser.detach();
}

/** A click at a place in space, with a key held or none. */
export async function clickAt(
  page: Page,
  world: Vec3,
  { key, viewport = 0 }: { readonly key?: 'Alt' | 'Control'; readonly viewport?: number } = {},
): Promise<void> {
  const place = await onPage(page, world, viewport);
  if (key !== undefined) await page.keyboard.down(key);
  await page.mouse.click(...place);
  if (key !== undefined) await page.keyboard.up(key);
}

/** What the viewer's tools change: window, zoom and place. */
export async function viewOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const viewport = window.cornerstone.getEnabledElements()[0]!.viewport as unknown as {
      getProperties(): { voiRange: unknown };
      getCamera(): { parallelScale: number; focalPoint: Vec3 };
    };
    const { parallelScale, focalPoint } = viewport.getCamera();
    return JSON.stringify([viewport.getProperties().voiRange, parallelScale, focalPoint]);
  });
}

/** When the model has answered all marks. */
export async function marksAnswered(page: Page): Promise<void> {
  await expect(page.locator('overread-panel').getByText('Ready for marks')).toBeVisible();
}
