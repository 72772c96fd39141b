import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { chromiumPath } from '../support/chromium.ts';
import type { SessionApi } from '../support/session-page/session.ts';
import { launchBrowser } from '../support/worker-page/browser.ts';
import { bundleSite, serveSite } from '../support/worker-page/site.ts';

declare const overreadSession: SessionApi;

// ONNX Runtime may answer for what a run that failed had bound: a wrong picture of the right shape.
it.skipIf(!existsSync(chromiumPath))('a session of which one run failed is not asked again', async () => {
  const files = await bundleSite(undefined, {
    session: new URL('../support/session-page/session.ts', import.meta.url),
  });
  files.set('/', new TextEncoder().encode('<!doctype html><script type="module" src="session.js"></script>'));
  const site = await serveSite(files, { isolated: true });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.waitForFunction(() => 'overreadSession' in globalThis);
    const runs = (lengths: readonly number[]) => page.evaluate((asked) => overreadSession.runs(asked), lengths);
    expect(await runs([64, 64])).toEqual([64, 64]);
    expect(await runs([64, 63, 64])).toEqual([64, 'runtime.failed', 'runtime.failed']);
  } finally {
    await browser.close();
    await site.close();
  }
});
