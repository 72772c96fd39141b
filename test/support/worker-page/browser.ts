import { chromium, type Browser, type Page } from 'playwright-core';
import type { PlaceOptions } from '@overread/core/protocol';
import { chromiumPath, quietArguments } from '../chromium.ts';
import type { RunWish, TestApi } from './page.ts';

declare const overreadTest: TestApi;

/** Chromium with what all tests want of it. */
export function launchBrowser(extra: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [...quietArguments, ...extra],
  });
}

/** A real WebGPU on a software adapter: right, and slow. */
export const swiftShader = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];

export interface WorkerPage {
  readonly page: Page;
  readonly run: (wish: RunWish) => ReturnType<TestApi['run']>;
}

/** A fresh profile with the test page open and a WorkerClient for `workerUrl`. */
export async function openPage(
  browser: Browser,
  url: string,
  {
    workerUrl = new URL('inference-worker.js', url).href,
    places = {},
  }: { workerUrl?: string; places?: Partial<PlaceOptions> } = {},
): Promise<WorkerPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await openClient(page, workerUrl, places);
  return { page, run: (wish) => page.evaluate((asked) => overreadTest.run(asked), wish) };
}

/** The page left and visited again: same profile, fresh worker. */
export async function revisit(page: Page, url: string): Promise<void> {
  await page.reload();
  await openClient(page, new URL('inference-worker.js', url).href, {});
}

async function openClient(page: Page, workerUrl: string, places: Partial<PlaceOptions>): Promise<void> {
  await page.waitForFunction(() => 'overreadTest' in globalThis);
  await page.evaluate(([address, options]) => overreadTest.open(address, options), [workerUrl, places] as const);
}
