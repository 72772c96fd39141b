import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GraphBuilder } from '@overread/core/graph';
import { packageOf, type PackageFiles } from '../support/test-models.ts';
import { launchBrowser, openPage, revisit, type WorkerPage } from '../support/worker-page/browser.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

const dims = [9, 8, 7] as const;
const part = 4 * 2 ** 20;

/** A small graph in a large file, so that a download has a middle. */
function largeFile(): Uint8Array {
  const graph = new GraphBuilder('large file');
  const input = graph.input('input', 'float32', [1, 1, 'd', 'h', 'w']);
  const ballast = graph.initializer('ballast', 'float32', [3 * 2 ** 20], new Float32Array(3 * 2 ** 20).fill(0.5));
  const first = graph.node('Slice', [ballast, graph.ints([0]), graph.ints([2])]);
  const weights = graph.node('Reshape', [first, graph.ints([2, 1, 1, 1, 1])]);
  graph.output(graph.node('Conv', [input, weights], {}, 'logits'), 'float32', [1, 2, 'd', 'h', 'w']);
  return graph.toBytes();
}

describe('a model whose download does not go through', () => {
  const path = '/large/graph.onnx';
  let browser: Browser;
  let site: Site;
  let bundle: ReadonlyMap<string, Uint8Array>;
  let files: PackageFiles;
  let worker: WorkerPage;
  const stalled = { stage: 'download', done: 2 * part, after: 1000 } as const;
  const run = (abort?: typeof stalled) =>
    worker.run({ modelUrl: `${site.url}large/model.json`, dims, ...(abort === undefined ? {} : { abort }) });
  const firstBytes = () => site.ranges.map(([, from]) => from);

  beforeAll(async () => {
    files = await packageOf(largeFile(), [1, 1, 6, 7, 8], {});
    bundle = await bundleSite();
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    site = await serveSite(bundle, { isolated: true });
    site.put('large', files);
    worker = await openPage(browser, site.url);
    return async () => {
      await worker.page.context().close();
      await site.close();
    };
  });

  it('goes on where the connection broke, in the same run', async () => {
    site.misbehave(path, { breakAfter: 2 * part + 1000 });
    expect(await run()).toMatchObject({ ok: true });
    expect(site.asked.filter((asked) => asked === path)).toHaveLength(2);
    expect(firstBytes()).toHaveLength(1);
    expect(firstBytes()[0]).toBeGreaterThanOrEqual(part);
    expect(firstBytes()[0]).toBeLessThanOrEqual(2 * part + 1000);
  });

  it('goes on from what was kept after it was cancelled', async () => {
    site.misbehave(path, { stallAfter: 2 * part + 1000 });
    const cancelled = await run(stalled);
    expect(cancelled).toMatchObject({ ok: false, code: 'run.cancelled' });
    const again = await run();
    expect(again).toMatchObject({ ok: true });
    // The last part may still have been on its way to the disk.
    const [from = 0] = firstBytes();
    expect([part, 2 * part]).toContain(from);
    const bytes = again.stages.filter(({ stage }) => stage === 'download').map(({ done }) => done);
    expect(bytes.at(-1)).toBe(files['graph.onnx']!.byteLength);
    expect(bytes[1]).toBeGreaterThan(from);
    await revisit(worker.page, site.url);
    expect((await run()).stages.map(({ stage }) => stage)).not.toContain('download');
  });

  it('starts anew where the server knows no ranges', async () => {
    site.misbehave(path, { stallAfter: 2 * part + 1000 });
    await run(stalled);
    site.misbehave(path, { ignoreRanges: true });
    expect(await run()).toMatchObject({ ok: true });
    expect(firstBytes()).toHaveLength(1);
  });

  it('starts anew where what was kept is no beginning of the file', async () => {
    site.misbehave(path, { stallAfter: 2 * part + 1000 });
    await run(stalled);
    await worker.page.evaluate(async () => {
      const cache = await caches.open('overread-models');
      for (const key of await cache.keys()) {
        const { byteLength } = await (await cache.match(key))!.arrayBuffer();
        await cache.put(key, new Response(new Uint8Array(byteLength)));
      }
    });
    const answer = await run();
    expect(answer).toMatchObject({ ok: true });
    expect(site.asked.filter((asked) => asked === path)).toHaveLength(3);
  });

  it('is refused by name where it breaks at every attempt', async () => {
    site.misbehave(path, { breakAfter: 0 });
    const answer = await run();
    expect(answer).toMatchObject({ ok: false, code: 'model.file-missing' });
    expect(answer.ok || answer.message).toMatch(/graph\.onnx/);
  });
});
