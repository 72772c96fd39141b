import { sopClasses } from '@overread/core/dicom';
import type { Page, Request, Route } from '@playwright/test';

/** The image archive, or a part of it, no longer answers this page; the returned function brings it back. */
export async function takeArchiveAway(page: Page, part = '**/dicomweb/**'): Promise<() => Promise<void>> {
  await page.route(part, (route) => route.abort('connectionrefused'));
  return () => page.unroute(part);
}

/** The archive gives no stored object back, images aside; the returned function brings it back. */
export async function hideStoredObjects(page: Page): Promise<() => Promise<void>> {
  const object = /\/dicomweb\/studies\/[^/]+\/series\/[^/]+\/instances\/[^/]+$/;
  await page.route(object, (route) => route.abort('connectionreset'));
  return () => page.unroute(object);
}

/** The archive answers every attempt to store that the choice takes with a status. */
export async function refuseToStore(
  page: Page,
  status: number,
  isRefused: (request: Request) => boolean = () => true,
): Promise<() => Promise<void>> {
  const address = '**/dicomweb/studies*';
  const answer = (route: Route): Promise<void> => {
    const request = route.request();
    return request.method() === 'POST' && isRefused(request) ? route.fulfill({ status, body: '' }) : route.fallback();
  };
  await page.route(address, answer);
  return () => page.unroute(address, answer);
}

/** Whether a STOW-RS request carries an object of this SOP class; false for a large one, whose body is not to be seen. */
export function carries(request: Request, sopClassUID: string): boolean {
  return request.postDataBuffer()?.includes(sopClassUID) === true;
}

/** Whether it carries a mask: large, so its body is not to be seen, or small. */
export function carriesMask(request: Request): boolean {
  return request.postDataBuffer() === null || carries(request, sopClasses.segmentation);
}

/** Holds back a model's graph, so that its run stays under way until the returned function lets it go. */
export async function holdModel(page: Page, id: string): Promise<() => void> {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(`**/models/${id}/graph.onnx`, async (route) => {
    await held;
    await route.fallback();
  });
  return letGo;
}

/** A model's file, other than it should be by one byte in the middle. */
export async function damageModel(page: Page, id: string, file: string): Promise<() => Promise<void>> {
  const address = `**/models/${id}/${file}`;
  await page.route(address, async (route) => {
    const body = await (await route.fetch()).body();
    const middle = Math.floor(body.length / 2);
    body[middle] = body[middle]! ^ 0xff;
    await route.fulfill({ body });
  });
  return () => page.unroute(address);
}

/** A model's manifest with a change of the site's making. */
export async function changeManifest(page: Page, id: string, change: (manifest: Record<string, unknown>) => object) {
  await page.route(`**/models/${id}/model.json`, async (route) => {
    const manifest = (await (await route.fetch()).json()) as Record<string, unknown>;
    await route.fulfill({ json: change(manifest) });
  });
}

/** The viewer without the headers that isolate it from other origins. */
export async function serveWithoutIsolation(page: Page): Promise<void> {
  await page.route(
    (url) => url.pathname.startsWith('/ai-reading'),
    async (route) => {
      const response = await route.fetch();
      const left = Object.entries(response.headers()).filter(([name]) => !name.startsWith('cross-origin-'));
      await route.fulfill({ response, headers: Object.fromEntries(left) });
    },
  );
}
