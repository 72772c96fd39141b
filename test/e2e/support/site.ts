import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import type { Host } from '../../../extension/src/host/types.ts';
import { startDemo } from '../../../demo/demo.ts';
import { writePixelPhantoms, type PixelPhantom } from './pixel-phantoms.ts';

/** What a page with `window.config.overread.debug` offers, and what the viewer itself puts on the page. */
declare global {
  var overread: { readonly host: Host };
}

export interface ServedViewer {
  /** `http://localhost:3000/` */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export interface Site extends ServedViewer {
  /** The studies in its archive. */
  readonly phantoms: readonly PixelPhantom[];
}

/** The viewer with Overread and a demo archive of its own that holds the pixel phantoms, in a folder that goes with it. */
export async function startSite(viewer = '3.13.2'): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'overread-site-'));
  const [data, archive] = [join(folder, 'data'), join(folder, 'archive')];
  for (const each of [data, archive]) mkdirSync(each);
  const phantoms = writePixelPhantoms(data);
  const options = {
    viewer,
    port: 0,
    portIsFixed: true,
    data: [data],
    archive,
    phantom: false,
    server: false,
    build: true,
    pacs: null,
  };
  const demo = await startDemo(options, () => undefined);
  return {
    url: demo.url,
    phantoms,
    async stop() {
      await demo.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Opens a study in AI Reading and waits until its series are known to our panel. */
export async function openStudy(page: Page, site: Site, studyInstanceUID: string, query = ''): Promise<void> {
  await exposeHost(page);
  await page.goto(`${site.url}ai-reading?StudyInstanceUIDs=${studyInstanceUID}${query}`);
  await hostReady(page);
}

export async function hostReady(page: Page): Promise<void> {
  await expect(page.locator('overread-panel')).toBeVisible();
  await page.waitForFunction(() => (globalThis as Partial<typeof globalThis>).overread?.host.activeSeries() != null);
}

/** Has the host door put on the page, as the setting `debug` does. */
export async function exposeHost(page: Page): Promise<void> {
  await page.route('**/app-config.js', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `${await answer.text()}\nwindow.config.overread.debug = true;\n` });
  });
}

/** Errors that the page reported, except those of resources that a test takes away on purpose. */
export function pageErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

export const test = base;
export { expect };
