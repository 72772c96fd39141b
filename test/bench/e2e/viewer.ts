import { gzipSync } from 'node:zlib';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import playwright from '../../e2e/playwright.config.ts';
import { installRecorder, type RecordedRun } from './recorder.ts';

/** Chromium as the end-to-end tests start it. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch(playwright.use?.launchOptions);
}

/** A browser profile of its own: nothing cached, no model kept, no self-test passed. */
export async function newProfile(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: playwright.use?.viewport ?? null });
  await context.addInitScript(installRecorder);
  return context;
}

/** A study in AI Reading, with the panel open and its models listed. */
export async function openPanel(context: BrowserContext, url: string, study: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${url}ai-reading?StudyInstanceUIDs=${study}`);
  await runButton(page, 'CT tissue map').waitFor({ timeout: 120_000 });
  return page;
}

/** Loads every image of the stack viewport into the viewer's cache, as scrolling through it does. */
export async function fillCache(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { viewport } = window.cornerstone.getEnabledElements()[0]!;
    const { imageLoader } = window.cornerstone as unknown as {
      imageLoader: { loadAndCacheImage(imageId: string, options: object): Promise<unknown> };
    };
    const ids = (viewport as unknown as { getImageIds(): string[] }).getImageIds();
    for (const id of ids) await imageLoader.loadAndCacheImage(id, { requestType: 'prefetch', priority: 0 });
  });
}

/** Runs a model from the click to its overlay. */
export async function runModel(page: Page, title: string): Promise<RecordedRun> {
  const button = runButton(page, title);
  await button.waitFor();
  const run = page.evaluate(() => globalThis.overreadBench.nextRun());
  await button.click();
  return run;
}

function runButton(page: Page, title: string) {
  return page.locator('overread-panel').getByRole('button', { name: `Run ${title}` });
}

/** Gzipped bytes of the plug-in's scripts that the page fetches until its panel is open. */
export async function pluginBytes(browser: Browser, url: string, study: string): Promise<number> {
  const context = await newProfile(browser);
  const scripts: Promise<number>[] = [];
  context.on('response', (response) => {
    if (/^\/overread\/[^/]+\.m?js$/.test(new URL(response.url()).pathname))
      scripts.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
  });
  await openPanel(context, url, study);
  const sizes = await Promise.all(scripts);
  await context.close();
  return sizes.reduce((sum, size) => sum + size, 0);
}
