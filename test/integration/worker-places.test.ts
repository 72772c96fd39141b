import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GraphBuilder } from '@overread/core/graph';
import { manifestSchema } from '@overread/core/model';
import {
  convolutionGraph,
  greedyGraph,
  packageOf,
  testPackage,
  upAndDownGraph,
  type PackageFiles,
} from '../support/test-models.ts';
import { promptModel } from '../support/prompt-model.ts';
import { servedFiles } from '../support/served-model.ts';
import { kindOf } from '../support/task-models.ts';
import { croppedWindow } from '../support/tiny-manifest.ts';
import { launchBrowser, openPage, swiftShader } from '../support/worker-page/browser.ts';
import type { TestApi } from '../support/worker-page/page.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

declare const overreadTest: TestApi;

const dims = [9, 8, 7] as const;
let small: PackageFiles;

beforeAll(async () => {
  small = await testPackage(convolutionGraph([3]));
});

describe('WebGPU in the worker', () => {
  let browser: Browser;
  let site: Site;
  let bundle: ReadonlyMap<string, Uint8Array>;

  beforeAll(async () => {
    bundle = await bundleSite();
    site = await serveSite(bundle, { isolated: true });
    site.put('small', small);
    browser = await launchBrowser(swiftShader);
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  it.each([
    ['plain convolutions', convolutionGraph([3])],
    ['layers that it runs only rewritten', upAndDownGraph({ constant: true })],
  ])('gives the WebAssembly answer within 1e-4: %s', async (name, graph) => {
    site.put(name, await testPackage(graph));
    const modelUrl = `${site.url}${encodeURIComponent(name)}/model.json`;
    const onCpu = await openPage(browser, site.url, {
      places: { skipped: [{ runtime: 'webgpu', reason: 'to compare' }] },
    });
    const onGpu = await openPage(browser, site.url, { places: { allowFallbackAdapter: true } });
    const expected = await onCpu.run({ modelUrl, dims });
    const answer = await onGpu.run({ modelUrl, dims });
    expect(expected).toMatchObject({ ok: true, place: { runtime: 'wasm' } });
    expect(answer).toMatchObject({ ok: true, place: { runtime: 'webgpu', skipped: [] } });
    if (!answer.ok || !expected.ok) return;
    expect(answer.place.device).toMatch(/swiftshader/i);
    const largest = Math.max(...answer.heat.map((value, at) => Math.abs(value - expected.heat[at]!)));
    expect(Math.max(...expected.heat.map(Math.abs))).toBeGreaterThan(0.01);
    expect(largest).toBeLessThan(1e-4);
    expect(answer.labelBytes).toBe(expected.labelBytes);
  });

  it('and the others load the code that reads graphs with the first model, not before', async () => {
    const [path] = [...bundle].find(([, bytes]) => new TextDecoder().decode(bytes).includes('conv-transpose-3d'))!;
    const before = site.asked.length;
    const { run } = await openPage(browser, site.url);
    expect(await run({ modelUrl: `${site.url}absent/model.json`, dims })).toMatchObject({ ok: false });
    expect(site.asked.slice(before)).not.toContain(path);
    expect(await run({ modelUrl: `${site.url}small/model.json`, dims })).toMatchObject({ ok: true });
    expect(site.asked.slice(before)).toContain(path);
  });

  it('is not used on a software adapter unless a test asks for it', async () => {
    const { run } = await openPage(browser, site.url);
    const answer = await run({ modelUrl: `${site.url}small/model.json`, dims });
    expect(answer).toMatchObject({ ok: true, place: { runtime: 'wasm' } });
    if (answer.ok)
      expect(answer.place.skipped[0]).toMatchObject({
        runtime: 'webgpu',
        reason: expect.stringMatching(/software/) as string,
      });
  });

  it('is left for WebAssembly before it runs a layer that would fail there, and that is said', async () => {
    site.put('never known', await testPackage(upAndDownGraph({ constant: false })));
    const { run } = await openPage(browser, site.url, { places: { allowFallbackAdapter: true } });
    const answer = await run({ modelUrl: `${site.url}never%20known/model.json`, dims });
    expect(answer).toMatchObject({ ok: true, place: { runtime: 'wasm' } });
    const reason = expect.stringMatching(/grouped 3-D Conv fails.*weights are not constant/) as string;
    if (answer.ok) expect(answer.place.skipped).toEqual([{ runtime: 'webgpu', reason }]);
  });

  it('is left for WebAssembly in the middle of a run that is too large for it, and that is said', async () => {
    site.put('greedy', await testPackage(greedyGraph(300)));
    const { run } = await openPage(browser, site.url, { places: { allowFallbackAdapter: true } });
    const modelUrl = `${site.url}greedy/model.json`;
    expect(await run({ modelUrl, dims })).toMatchObject({ ok: true, place: { runtime: 'webgpu' } });
    const large = await run({ modelUrl, dims: [100, 100, 100] });
    expect(large).toMatchObject({ ok: true, place: { runtime: 'wasm' } });
    const reason = expect.stringMatching(/buffer size/i) as string;
    if (large.ok) expect(large.place.skipped).toEqual([{ runtime: 'webgpu', reason }]);
  }, 240_000);

  it('is left for WebAssembly in the middle of an explanation that is too large for it', async () => {
    const g = new GraphBuilder('greedy scores');
    const image = g.input('input', 'float32', [1, 1, 'd', 'h', 'w']);
    const many = g.node('Relu', [g.node('Tile', [image, g.ints([1, 300, 1, 1, 1])])]);
    const mean = g.node('ReduceMean', [many], { axes: [1, 2, 3, 4], keepdims: 0 });
    g.output(g.node('Reshape', [mean, g.ints([1, 1])]), 'float32', [1, 1], 'scores');
    const cube: [number, number, number] = [100, 100, 100];
    const outputs = [
      {
        ...{ kind: 'classScores' as const, name: 'scores', classes: [kindOf('Mean', '4147007')] },
        saliency: { kind: 'occlusion' as const, size: cube, step: cube, fill: 0 },
      },
    ];
    site.put('greedy scores', await packageOf(g.toBytes(), [1, 1, 6, 7, 8], { outputs, finish: [] }));
    const { page } = await openPage(browser, site.url, { places: { allowFallbackAdapter: true } });
    const of = { output: 'scores', classIndex: 0 };
    const wish = { modelUrl: `${site.url}greedy%20scores/model.json`, dims: [100, 100, 100] as const, of };
    const { grid, values, stages } = await page.evaluate((asked) => overreadTest.explain(asked), wish);
    expect(grid.dims).toEqual([1, 1, 1]);
    expect(values[0]).toBeGreaterThan(0);
    // Tested at two places.
    expect(stages.filter((stage) => stage === 'self-test').length).toBe(2);
  }, 240_000);

  it('is left for WebAssembly by a promptable model that is opened again after a slice was too large for it', async () => {
    const edge = 1024;
    site.put('greedy prompts', await servedFiles(promptModel([edge, edge], {}, {}, 300), [1, 1, 18, 24], 'encoder'));
    const { page } = await openPage(browser, site.url, { places: { allowFallbackAdapter: true } });
    const prompts = [{ points: [], box: [[0, 0, 0], [90, 90, 0]] as const, refine: false }]; // prettier-ignore
    const wish = { modelUrl: `${site.url}greedy%20prompts/model.json`, dims: [edge, edge, 1] as const, prompts };
    const { codes, place } = await page.evaluate((asked) => overreadTest.promptsReopened(asked), wish);
    expect(codes).toEqual(['runtime.out-of-memory']);
    const reason = expect.stringMatching(/buffer size/i) as string;
    expect(place).toMatchObject({ runtime: 'wasm', skipped: [{ runtime: 'webgpu', reason }] });
  }, 240_000);

  it('and WebAssembly are both refused where the self-test fails on them, each with its reason', async () => {
    const manifest = manifestSchema.parse(JSON.parse(new TextDecoder().decode(small['model.json'])));
    const selfTest = { ...manifest.selfTest, expected: manifest.selfTest.expected.map((value) => value + 1) };
    site.put('never', { ...small, 'model.json': new TextEncoder().encode(JSON.stringify({ ...manifest, selfTest })) });
    const { run } = await openPage(browser, site.url, { places: { allowFallbackAdapter: true } });
    const answer = await run({ modelUrl: `${site.url}never/model.json`, dims });
    expect(answer).toMatchObject({ ok: false, code: 'runtime.unavailable' });
    expect(answer.ok || answer.message).toMatch(/webgpu: .*difference.*wasm: .*difference/);
  });
});

/** A package whose windows are `size` voxels wide, and where memory is short `smaller`. */
function inWindows(graph: Uint8Array, size: number, smaller: number): Promise<PackageFiles> {
  const cube = (edge: number): [number, number, number] => [edge, edge, edge];
  const patch = { ...croppedWindow(cube(size), cube(0)), smaller: [cube(smaller)] };
  return packageOf(graph, [1, 1, 6, 7, 8], { input: { name: 'input', spacing: 'native', patch } });
}

describe('windows that are too large for this machine', () => {
  it('give way to smaller ones, in a fresh worker that gets the voxels back, and that is said', async () => {
    const site = await serveSite(await bundleSite(), { isolated: true });
    // 4.2 GB at once, which WebAssembly cannot address; 65 MB in smaller windows.
    site.put('greedy', await inWindows(greedyGraph(4_000, { hidden: true }), 64, 16));
    const browser = await launchBrowser();
    const { run } = await openPage(browser, site.url);
    const answer = await run({ modelUrl: `${site.url}greedy/model.json`, dims: [64, 64, 64] });
    const again = await run({ modelUrl: `${site.url}greedy/model.json`, dims: [32, 16, 16] });
    await browser.close();
    await site.close();
    expect(answer).toMatchObject({ ok: true, place: { runtime: 'wasm' } });
    if (!answer.ok || !again.ok) return;
    const message = expect.stringMatching(/windows of 16 × 16 × 16 voxels/) as string;
    const told = [{ code: 'pipeline.smaller-windows', message }];
    expect(answer.warnings).toEqual(told);
    expect(Buffer.from(answer.labelBytes, 'base64')).toHaveLength(64 ** 3);
    // The second run knows, and does not run out of memory to find out again.
    expect(again.warnings).toEqual(told);
    expect(again.stages.filter(({ stage, done }) => stage === 'load' && done === 0)).toHaveLength(1);
  }, 120_000);

  // A software GPU takes minutes for it.
  it.skipIf(process.env['OVERREAD_LONG'] !== '1')(
    'give way to smaller ones on WebGPU too',
    async () => {
      const site = await serveSite(await bundleSite(), { isolated: true });
      site.put('greedy', await inWindows(greedyGraph(1_400, { hidden: true }), 96, 16));
      const browser = await launchBrowser(swiftShader);
      const { run } = await openPage(browser, site.url, { places: { allowFallbackAdapter: true } });
      const answer = await run({ modelUrl: `${site.url}greedy/model.json`, dims: [96, 48, 48] });
      await browser.close();
      await site.close();
      expect(answer).toMatchObject({ ok: true, place: { runtime: 'webgpu', skipped: [] } });
      const message = expect.stringMatching(/windows of 16 × 16 × 16 voxels/) as string;
      if (answer.ok) expect(answer.warnings).toEqual([{ code: 'pipeline.smaller-windows', message }]);
    },
    240_000,
  );
});

describe('a run that is too large for this machine', () => {
  it.each([
    ['more than is there', 3_500],
    ['more than WebAssembly can address', 20_000],
  ])('fails with what would help when it needs %s, and the next run works', async (_name, copies) => {
    const site = await serveSite(await bundleSite(), { isolated: true });
    site.put('small', small);
    site.put('greedy', await testPackage(greedyGraph(copies)));
    const browser = await launchBrowser();
    const { run } = await openPage(browser, site.url);
    const answer = await run({ modelUrl: `${site.url}greedy/model.json`, dims: [64, 64, 64] });
    const next = await run({ modelUrl: `${site.url}small/model.json`, dims });
    await browser.close();
    await site.close();
    expect(answer).toMatchObject({ ok: false, code: 'runtime.out-of-memory' });
    expect(answer.ok || answer.remedy).toMatch(/fewer or thicker slices/);
    expect(next).toMatchObject({ ok: true });
  });
});

describe('WebAssembly threads in the worker', () => {
  let browser: Browser;
  let site: Site;
  let elsewhere: Site;
  let bundle: ReadonlyMap<string, Uint8Array>;

  beforeAll(async () => {
    bundle = await bundleSite(4);
    site = await serveSite(bundle, { isolated: true });
    elsewhere = await serveSite(bundle, { isolated: true });
    site.put('small', small);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([site.close(), elsewhere.close()]);
  });

  it('are one fewer than the cores', async () => {
    const { run } = await openPage(browser, site.url);
    const answer = await run({ modelUrl: `${site.url}small/model.json`, dims });
    expect(answer).toMatchObject({ ok: true, place: { runtime: 'wasm', threads: 3 } });
  });

  it('are as many as the site allows', async () => {
    const { run } = await openPage(browser, site.url, { places: { maxThreads: 2 } });
    const answer = await run({ modelUrl: `${site.url}small/model.json`, dims });
    expect(answer).toMatchObject({ ok: true, place: { threads: 2 } });
  });

  it('work in a worker that another origin serves', async () => {
    const { run } = await openPage(browser, site.url, { workerUrl: `${elsewhere.url}inference-worker.js` });
    const answer = await run({ modelUrl: `${site.url}small/model.json`, dims });
    expect(answer).toMatchObject({ ok: true, place: { threads: 3 } });
  });

  it('give way to one thread in a fresh worker where they cannot be started, and that is said', async () => {
    const policy = { '/inference-worker.js': { 'content-security-policy': "worker-src 'none'" } };
    const strict = await serveSite(bundle, { isolated: true, headers: policy });
    strict.put('small', small);
    const { run } = await openPage(browser, strict.url);
    const answer = await run({ modelUrl: `${strict.url}small/model.json`, dims }).finally(() => strict.close());
    expect(answer).toMatchObject({ ok: true, place: { runtime: 'wasm', threads: 1 } });
    if (answer.ok) expect(answer.place.skipped.at(-1)?.reason).toMatch(/^3 threads: /);
  });
});
