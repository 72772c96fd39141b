import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convolutionGraph, testPackage } from '../support/test-models.ts';
import { launchBrowser, openPage, type WorkerPage } from '../support/worker-page/browser.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

// What the page and its worker hold after garbage collection, ONNX Runtime's heap included, as Chromium counts it. One output of a run that is
// not let go takes 2 or 4 MB here, one session more than 8 MB.

const dims = [80, 80, 80] as const;
const mebibyte = 2 ** 20;
const models = [2, 3, 4, 5, 6].map((width) => ({ name: `width-${width}`, width }));

describe('memory of the worker', () => {
  let site: Site;
  let browser: Browser;
  let worker: WorkerPage;

  beforeAll(async () => {
    site = await serveSite(await bundleSite(), { isolated: true });
    for (const { name, width } of models)
      site.put(name, await testPackage(convolutionGraph([width, width]), { id: name }));
    // Else it is counted when the browser finds the time.
    browser = await launchBrowser(['--enable-blink-features=ForceEagerMeasureMemory']);
    worker = await openPage(browser, site.url);
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  const run = async (name: string) =>
    expect(await worker.run({ modelUrl: `${site.url}${name}/model.json`, dims, withoutVoxels: true })).toMatchObject({
      ok: true,
    });
  const held = (): Promise<number> =>
    worker.page.evaluate(async () => {
      const { bytes } = await (
        performance as unknown as { measureUserAgentSpecificMemory: () => Promise<{ bytes: number }> }
      ).measureUserAgentSpecificMemory();
      return bytes;
    });
  const shown = (list: readonly number[]) => list.map((bytes) => (bytes / mebibyte).toFixed(1)).join(', ');

  it('is level over ten runs of one model', { timeout: 240_000 }, async () => {
    const after: number[] = [];
    for (let n = 0; n < 10; n++) {
      await run(models[0]!.name);
      after.push(await held());
    }
    console.log(`ten runs, MiB: ${shown(after)}`);
    expect(after[9]! - after[2]!).toBeLessThan(2 * mebibyte);
  });

  it('is level over five models in turn', { timeout: 240_000 }, async () => {
    const after: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (const { name } of models) await run(name);
      after.push(await held());
    }
    console.log(`rounds of five models, MiB: ${shown(after)}`);
    expect(after[2]! - after[0]!).toBeLessThan(4 * mebibyte);
  });
});
