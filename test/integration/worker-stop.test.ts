import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convolutionGraph, testPackage, type PackageFiles } from '../support/test-models.ts';
import { launchBrowser, openPage } from '../support/worker-page/browser.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

// Chromium breaks off a run of two seconds and more, but a shorter one goes on to its end. So `terminate` is taken away from the page's workers
// here: what ends the run is ONNX Runtime between two of its nodes, or nothing does.

const small = [9, 8, 7] as const;
/** Many seconds for the graph of many nodes. */
const large = [72, 72, 72] as const;

interface Final {
  readonly kind: string;
  readonly error?: { readonly code: string };
}

describe('a run that is cancelled in the middle of the graph', () => {
  let browser: Browser;
  let site: Site;
  let threaded: Site;

  beforeAll(async () => {
    const many = await testPackage(convolutionGraph(Array<number>(120).fill(4)));
    site = await serveSite(await bundleSite(), { isolated: true });
    threaded = await serveSite(await bundleSite(4), { isolated: true });
    for (const one of [site, threaded]) one.put('many', many);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([site.close(), threaded.close()]);
  });

  it.each([
    ['in one thread', () => [site, site] as const],
    ['in several threads', () => [threaded, threaded] as const],
    ['in several threads of a worker from another origin', () => [site, threaded] as const],
  ])('ends there, and the next run works: %s', async (_name, sites) => {
    const [visited, from] = sites();
    const { page, run } = await openPage(browser, visited.url, { workerUrl: `${from.url}inference-worker.js` });
    const modelUrl = `${visited.url}many/model.json`;
    const replies = await withoutTerminate(page);
    const cancelled = await run({ modelUrl, dims: large, abort: { stage: 'tile', after: 300 } });
    expect(cancelled).toMatchObject({ ok: false, code: 'run.cancelled' });
    await expect.poll(replies, { timeout: 60_000 }).toHaveLength(2);
    expect(await replies()).toMatchObject([{ kind: 'prepared' }, { kind: 'failed', error: { code: 'run.cancelled' } }]);
    expect(await run({ modelUrl, dims: small })).toMatchObject({ ok: true });
    await page.context().close();
  });
});

describe('a worker that cannot be stopped in the middle of the graph', () => {
  let browser: Browser;
  let bundle: ReadonlyMap<string, Uint8Array>;
  let model: PackageFiles;

  beforeAll(async () => {
    bundle = await bundleSite();
    model = await testPackage(convolutionGraph([3]));
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it.each([
    ['the module before ONNX Runtime is not served', 'inference-module.mjs', null],
    ['the module before ONNX Runtime is another', 'inference-module.mjs', 'export const nothing = 0;'],
    ['its stopper is not served', 'inference-stopper.js', null],
    ['its stopper never answers', 'inference-stopper.js', 'export {};'],
  ])('runs and is cancelled all the same: %s', async (_name, file, content) => {
    const files = new Map(bundle);
    files.delete(`/${file}`);
    if (content !== null) files.set(`/${file}`, new TextEncoder().encode(content));
    const site = await serveSite(files, { isolated: true });
    site.put('small', model);
    const { page, run } = await openPage(browser, site.url);
    const modelUrl = `${site.url}small/model.json`;
    const answer = await run({ modelUrl, dims: small });
    const cancelled = await run({ modelUrl, dims: [128, 128, 128], abort: { stage: 'tile', after: 0 } });
    await page.context().close();
    await site.close();
    expect(answer).toMatchObject({ ok: true, place: { runtime: 'wasm' } });
    expect(cancelled).toMatchObject({ ok: false, code: 'run.cancelled' });
  });
});

/** Workers of the page can no longer be ended from now on. @returns what they answered at last to each request */
async function withoutTerminate(page: Page): Promise<() => Promise<readonly Final[]>> {
  await page.evaluate(() => {
    const finals: Final[] = [];
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', ({ data }: MessageEvent<Final>) => {
          if (data.kind !== 'ready' && data.kind !== 'progress') finals.push({ ...data });
        });
      }
      override terminate(): void {
        // Taken away.
      }
    };
    Object.assign(globalThis, { finals });
  });
  return () =>
    page.evaluate(() =>
      (globalThis as unknown as { finals: Final[] }).finals.map(({ kind, error }) => ({
        kind,
        ...(error === undefined ? {} : { error: { code: error.code } }),
      })),
    );
}
