import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComputePlace } from '@overread/core/analysis';
import { tinyManifest } from '../support/tiny-manifest.ts';
import { convolutionGraph, testPackage, type PackageFiles } from '../support/test-models.ts';
import { launchBrowser, openPage, revisit } from '../support/worker-page/browser.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

let browser: Browser;
let isolated: Site;
let plain: Site;
let small: PackageFiles;
let slow: PackageFiles;

const dims = [9, 8, 7] as const;
const modelAt = (site: Site, folder: string) => `${site.url}${folder}/model.json`;

beforeAll(async () => {
  const bundle = await bundleSite();
  isolated = await serveSite(bundle, { isolated: true });
  plain = await serveSite(bundle, { isolated: false });
  small = await testPackage(convolutionGraph([3]));
  slow = await testPackage(convolutionGraph([24, 24]));
  for (const site of [isolated, plain]) {
    site.put('small', small);
    site.put('slow', slow);
  }
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await Promise.all([isolated.close(), plain.close()]);
});

describe('a run in the worker', () => {
  it('answers labels and heat map, says where it was computed and why nowhere faster', async () => {
    const { run } = await openPage(browser, isolated.url);
    const answer = await run({ modelUrl: modelAt(isolated, 'small'), dims });
    expect(answer).toMatchObject({ ok: true, seriesNumber: 4, samplesLeft: 0 });
    if (!answer.ok) return;
    const labels = Buffer.from(answer.labelBytes, 'base64');
    expect(labels).toHaveLength(9 * 8 * 7);
    expect(new Set(labels)).toEqual(new Set([0, 1]));
    expect(answer.heat).toHaveLength(9 * 8 * 7);
    expect(answer.place).toMatchObject({ location: 'browser', runtime: 'wasm' });
    expect(answer.place.skipped.map(({ runtime }) => runtime)).toEqual(['webgpu']);
    expect(answer.place.skipped[0]?.reason).toMatch(/GPU/);
  });

  it('estimates its time by an earlier run in this browser, in another worker too', async () => {
    const { run, page } = await openPage(browser, isolated.url);
    const wish = { modelUrl: modelAt(isolated, 'small'), dims };
    const atFirst = (answer: Awaited<ReturnType<typeof run>>) =>
      answer.stages.find(({ stage, done }) => stage === 'tile' && done === 0)?.remainingMilliseconds;
    expect(atFirst(await run(wish))).toBeNull();
    expect(atFirst(await run(wish))).toBeTypeOf('number');
    await revisit(page, isolated.url);
    expect(atFirst(await run(wish))).toBeTypeOf('number');
  });

  it('uses the cores that the viewer leaves over', async () => {
    const { run, page } = await openPage(browser, isolated.url);
    const answer = await run({ modelUrl: modelAt(isolated, 'small'), dims });
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    expect(answer).toMatchObject({ ok: true, place: { threads: Math.max(1, cores - 1) } });
  });

  it('tests the model and downloads it once, and keeps both in mind for the next visit', async () => {
    const { run, page } = await openPage(browser, isolated.url);
    const first = await run({ modelUrl: modelAt(isolated, 'small'), dims });
    const asked = isolated.asked.filter((path) => path === '/small/graph.onnx').length;
    await revisit(page, isolated.url);
    const second = await run({ modelUrl: modelAt(isolated, 'small'), dims });
    expect(first.stages.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['download', 'self-test']));
    const stages = second.stages.map(({ stage }) => stage);
    expect(stages).not.toContain('download');
    expect(stages).not.toContain('self-test');
    expect(isolated.asked.filter((path) => path === '/small/graph.onnx')).toHaveLength(asked);
    expect(second).toMatchObject({ ok: true });
    if (first.ok && second.ok) expect(second.heat).toEqual(first.heat);
  });

  it('fetches the model again when the kept copy is damaged', async () => {
    const { run, page } = await openPage(browser, isolated.url);
    await run({ modelUrl: modelAt(isolated, 'small'), dims });
    await page.evaluate(async () => {
      const cache = await caches.open('overread-models');
      for (const key of await cache.keys()) await cache.put(key, new Response('damaged'));
    });
    await revisit(page, isolated.url);
    const answer = await run({ modelUrl: modelAt(isolated, 'small'), dims });
    expect(answer).toMatchObject({ ok: true });
    expect(answer.stages.map(({ stage }) => stage)).toContain('download');
  });

  it('tells the download in bytes, up to the size of the file', async () => {
    const { run } = await openPage(browser, isolated.url);
    const { stages } = await run({ modelUrl: modelAt(isolated, 'small'), dims });
    const last = stages.findLast(({ stage }) => stage === 'download');
    const size = small['graph.onnx']?.byteLength;
    expect(last).toMatchObject({ unit: 'bytes', done: size, total: size });
  });
});

describe('cancelling', () => {
  it('ends the worker in the middle of the graph, and the next run works', async () => {
    const { run, page } = await openPage(browser, isolated.url);
    await run({ modelUrl: modelAt(isolated, 'slow'), dims });
    const [before] = page.workers();
    const closed = before?.waitForEvent('close');
    const cancelled = await run({
      modelUrl: modelAt(isolated, 'slow'),
      dims: [128, 128, 128],
      abort: { stage: 'tile', after: 200 },
    });
    expect(cancelled).toMatchObject({ ok: false, code: 'run.cancelled' });
    await closed;
    expect(await run({ modelUrl: modelAt(isolated, 'slow'), dims })).toMatchObject({ ok: true });
  });

  it('works before anything was loaded', async () => {
    const { run } = await openPage(browser, isolated.url);
    const cancelled = await run({
      modelUrl: modelAt(isolated, 'slow'),
      dims,
      abort: { stage: 'download', after: 0 },
    });
    expect(cancelled).toMatchObject({ ok: false, code: 'run.cancelled' });
    expect(await run({ modelUrl: modelAt(isolated, 'small'), dims })).toMatchObject({ ok: true });
  });

  it('names what of the graph does not fit the manifest', async () => {
    const graph = convolutionGraph([2]);
    const { input } = tinyManifest(graph);
    const manifest = tinyManifest(graph, { input: { ...input, channels: [{ name: 'one' }, { name: 'two' }] } });
    isolated.put('misfit', { 'model.json': new TextEncoder().encode(JSON.stringify(manifest)), 'graph.onnx': graph });
    const { run } = await openPage(browser, isolated.url);
    expect(await run({ modelUrl: modelAt(isolated, 'misfit'), dims })).toMatchObject({
      ok: false,
      code: 'model.graph-mismatch',
    });
  });
});

describe('a model package with a fault', () => {
  const faults: [string, string, () => PackageFiles, string, RegExp][] = [
    [
      'a graph of another checksum',
      'changed',
      () => withGraph(small, flipped),
      'model.file-damaged',
      /graph\.onnx.*SHA-256/,
    ],
    [
      'a graph cut short',
      'short',
      () => withGraph(small, (graph) => graph.slice(0, 50)),
      'model.file-damaged',
      /50 bytes/,
    ],
    ['no graph', 'absent', () => ({ 'model.json': small['model.json']! }), 'model.file-missing', /graph\.onnx.*404/],
    [
      'a manifest with a fault',
      'faulty',
      () => ({ 'model.json': new TextEncoder().encode('{"manifest":1,"id":"x"}') }),
      'model.manifest-invalid',
      /version: /,
    ],
  ];
  it.each(faults)('is refused by name of the fault: %s', async (_name, folder, files, code, message) => {
    isolated.put(folder, files());
    const { run } = await openPage(browser, isolated.url);
    const answer = await run({ modelUrl: modelAt(isolated, folder), dims });
    expect(answer).toMatchObject({ ok: false, code, message: expect.stringMatching(message) as string });
  });

  it('says that the graph is at fault when it is no ONNX, though its checksum is right', async () => {
    const noGraph = new TextEncoder().encode('this is no graph');
    const manifest = tinyManifest(noGraph);
    isolated.put('no-graph', {
      'model.json': new TextEncoder().encode(JSON.stringify(manifest)),
      'graph.onnx': noGraph,
    });
    const { run } = await openPage(browser, isolated.url);
    const answer = await run({ modelUrl: modelAt(isolated, 'no-graph'), dims });
    expect(answer).toMatchObject({ ok: false, code: 'model.graph-unusable' });
    expect(await run({ modelUrl: modelAt(isolated, 'small'), dims })).toMatchObject({ ok: true });
  });

  it('is not run where its self-test gives other values', async () => {
    const manifest = parseJson(small['model.json']!);
    const selfTest = { ...(manifest['selfTest'] as object), expected: [1, 2, 3] };
    isolated.put('wrong', {
      ...small,
      'model.json': new TextEncoder().encode(JSON.stringify({ ...manifest, selfTest })),
    });
    const { run } = await openPage(browser, isolated.url);
    const answer = await run({ modelUrl: modelAt(isolated, 'wrong'), dims });
    expect(answer).toMatchObject({
      ok: false,
      code: 'runtime.unavailable',
      message: expect.stringContaining('difference') as string,
    });
  });
});

describe('a page that lacks something', () => {
  it('uses one thread without cross-origin isolation, and says so', async () => {
    const { run } = await openPage(browser, plain.url);
    const answer = await run({ modelUrl: modelAt(plain, 'small'), dims });
    expect(answer).toMatchObject({ ok: true, place: { runtime: 'wasm', threads: 1 } });
    if (answer.ok) expect(reasons(answer.place)).toMatch(/wasm: .*cross-origin isolated/);
  });

  it('computes on plain HTTP too, and says what HTTPS would bring', async () => {
    const intranet = await launchBrowser(['--host-resolver-rules=MAP viewer.test 127.0.0.1']);
    try {
      const url = plain.url.replace('127.0.0.1', 'viewer.test');
      const { run, page } = await openPage(intranet, url);
      expect(await page.evaluate(() => globalThis.isSecureContext)).toBe(false);
      const answer = await run({ modelUrl: `${url}small/model.json`, dims });
      expect(answer).toMatchObject({ ok: true, place: { runtime: 'wasm', threads: 1 } });
      if (answer.ok) expect(reasons(answer.place)).toMatch(/webgpu: WebGPU needs HTTPS/);
      const asked = plain.asked.length;
      expect(await run({ modelUrl: `${url}small/model.json`, dims })).toMatchObject({ ok: true });
      expect(plain.asked.slice(asked)).not.toContain('/small/graph.onnx');
    } finally {
      await intranet.close();
    }
  });

  it('starts a worker that another origin serves', async () => {
    const { run } = await openPage(browser, plain.url, { workerUrl: `${isolated.url}inference-worker.js` });
    expect(await run({ modelUrl: modelAt(isolated, 'small'), dims })).toMatchObject({ ok: true });
  });

  it('says so when there is no worker at the address', async () => {
    const { run } = await openPage(browser, isolated.url, { workerUrl: `${isolated.url}elsewhere/worker.js` });
    const answer = await run({ modelUrl: modelAt(isolated, 'small'), dims });
    expect(answer).toMatchObject({
      ok: false,
      code: 'worker.load-failed',
      message: expect.stringContaining('elsewhere') as string,
    });
  });
});

describe('a worker that dies', () => {
  it('is told when it throws outside of a request, and the next run gets a new one', async () => {
    const { run, page } = await openPage(browser, isolated.url);
    await run({ modelUrl: modelAt(isolated, 'slow'), dims });
    const running = run({ modelUrl: modelAt(isolated, 'slow'), dims: [96, 96, 96] });
    await page.workers()[0]?.evaluate(() =>
      setTimeout(() => {
        throw new Error('out of the blue');
      }),
    );
    expect(await running).toMatchObject({
      ok: false,
      code: 'worker.crashed',
      message: expect.stringContaining('out of the blue') as string,
    });
    expect(await run({ modelUrl: modelAt(isolated, 'slow'), dims })).toMatchObject({ ok: true });
  });

  it('is told when it ends without a word, as for want of memory', async () => {
    const { run, page } = await openPage(browser, isolated.url);
    await run({ modelUrl: modelAt(isolated, 'slow'), dims });
    const running = run({ modelUrl: modelAt(isolated, 'slow'), dims: [96, 96, 96] });
    await page.workers()[0]?.evaluate(() => (globalThis as unknown as { close(): void }).close());
    const answer = await running;
    expect(answer).toMatchObject({ ok: false, code: 'worker.crashed' });
    expect(answer.ok || answer.remedy).toMatch(/memory/);
    expect(await run({ modelUrl: modelAt(isolated, 'slow'), dims })).toMatchObject({ ok: true });
  });
});

function withGraph(files: PackageFiles, change: (graph: Uint8Array) => Uint8Array): PackageFiles {
  return { ...files, 'graph.onnx': change(files['graph.onnx']!) };
}

function flipped(graph: Uint8Array): Uint8Array {
  return graph.with(100, graph[100]! ^ 1);
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}

function reasons({ skipped }: ComputePlace): string {
  return skipped.map(({ runtime, reason }) => `${runtime}: ${reason}`).join('; ');
}
