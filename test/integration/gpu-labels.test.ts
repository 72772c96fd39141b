import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Vec3 } from '@overread/core/geometry';
import type { Window } from '@overread/core/pipeline';
import { chromiumPath } from '../support/chromium.ts';
import type { Fault, GpuApi, GpuWish } from '../support/gpu-page/gpu.ts';
import { launchBrowser, swiftShader } from '../support/worker-page/browser.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

declare const overreadGpu: GpuApi;

/** A window of `size` at `min`, whose core leaves `halo` voxels round it and ends with the grid. */
function windowAt(min: Vec3, size: Vec3, dims: Vec3, halo = 0): Window {
  const along = (of: (axis: 0 | 1 | 2) => number): Vec3 => [of(0), of(1), of(2)];
  return {
    input: { min, max: along((a) => min[a] + size[a] - 1) },
    core: {
      min: along((a) => min[a] + halo),
      max: along((a) => Math.min(dims[a] - 1, min[a] + size[a] - 1 - halo)),
    },
  };
}

const every = (starts: readonly (readonly number[])[]): Vec3[] =>
  starts[2]!.flatMap((k) => starts[1]!.flatMap((j) => starts[0]!.map((i): Vec3 => [i, j, k])));
const bell = (length: number) =>
  Array.from({ length }, (_, n) => Math.exp(-(((n - (length - 1) / 2) / (0.125 * length)) ** 2) / 2));

const dims: Vec3 = [45, 37, 30];
const cropped: Window[] = every([
  [-2, 10, 22, 34],
  [-2, 10, 22],
  [-2, 10, 22],
]).map((min) => windowAt(min, [16, 16, 16], dims, 2));
const blended: Window[] = every([
  [0, 8, 16, 24, 29],
  [0, 8, 16, 21],
  [0, 8, 14],
]).map((min) => windowAt(min, [16, 16, 16], dims));
const gaussian = { axes: [bell(16), bell(16), bell(16)], least: 1e-3, axis: 2 } as const;
const plain: GpuWish['output'] = { dims, values: [1, 2, 255], atLeast: null, layered: false, blend: null };

const cases: readonly (readonly [string, GpuWish])[] = [
  ['cropped windows', { output: plain, windows: cropped, type: 'float32' }],
  ['cropped windows of half precision', { output: plain, windows: cropped, type: 'float16' }],
  [
    'blended windows',
    { output: { ...plain, blend: { ...gaussian, axes: [...gaussian.axes] } }, windows: blended, type: 'float32' },
  ],
  [
    'blended windows of half precision, above a threshold',
    {
      output: { ...plain, atLeast: 0.2, blend: { ...gaussian, axes: [...gaussian.axes] } },
      windows: blended,
      type: 'float16',
    },
  ],
  [
    'slices of a 2-D layout, of an odd number of half-precision values',
    {
      output: { ...plain, dims: [5, 3, 3], layered: true },
      windows: [0, 1, 2].map((k) => windowAt([0, 0, k], [5, 3, 1], [5, 3, 3])),
      type: 'float16',
    },
  ],
  [
    'the only channel, whatever its threshold',
    { output: { ...plain, values: [7], atLeast: Number.MAX_VALUE }, windows: cropped, type: 'float32' },
  ],
];

describe.skipIf(!existsSync(chromiumPath))('labels chosen on the GPU', () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const labels = (wish: GpuWish) => page.evaluate((asked) => overreadGpu.labels(asked), wish);
  const trial = (fault: Fault) => page.evaluate((asked) => overreadGpu.trial(asked), fault);

  beforeAll(async () => {
    const script = new URL('../support/gpu-page/gpu.ts', import.meta.url);
    const files = await bundleSite(undefined, { gpu: script });
    files.set('/', new TextEncoder().encode('<!doctype html><script type="module" src="gpu.js"></script>'));
    site = await serveSite(files, { isolated: true });
    browser = await launchBrowser(swiftShader);
    page = await browser.newPage();
    await page.goto(site.url);
    await page.waitForFunction(() => 'overreadGpu' in globalThis);
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  it.each(cases)('are those of the processor: %s', async (_, wish) => {
    const answer = await labels(wish);
    expect(answer).toMatchObject({ made: true, voxels: wish.output.dims.reduce((a, b) => a * b, 1) });
    if (answer.voxels === undefined) throw new Error('no labels');
    // Sums differ in their last digits, so that a close call may go either way.
    expect(answer.differing).toBeLessThanOrEqual(wish.output.blend === null ? 0 : answer.voxels / 1e4);
    const given = Object.entries(answer.counts).filter(([, count]) => count > 0);
    expect(given.length).toBe(wish.output.atLeast === Number.MAX_VALUE ? 1 : 4);
  });

  it.each(['float32', 'float16'] as const)('are none where a value is none: the window is named (%s)', async (type) => {
    const answer = await labels({ output: plain, windows: cropped, type, odd: 5 });
    const [i, j, k] = cropped[5]!.input.min;
    expect(answer).toMatchObject({ code: 'pipeline.bad-output' });
    expect(JSON.stringify(answer)).toContain(`column ${i}, row ${j}, slice ${k}`);
  });

  it('of an output of another shape are refused', async () => {
    const answer = await labels({ output: plain, windows: cropped, type: 'float32', channels: 3 });
    expect(answer).toMatchObject({ code: 'pipeline.bad-output' });
  });

  it('are trusted to a GPU that passes its trial', async () => {
    expect(await trial({})).toBe(true);
  });

  it.each([
    ['compares the wrong way', { shader: ['value > most', 'value < most'] }],
    ['forgets the weights', { shader: ['sums[to] += weight * (', 'sums[to] += 1.0 * ('] }],
    ['reads half precision the wrong way round', { shader: ['select(pair.x, pair.y', 'select(pair.y, pair.x'] }],
    ['does not see values that are none', { shader: ['if (isOdd(at))', 'if (false)'] }],
    ['names the wrong window for them', { shader: ['atomicMin(&odd, job.window)', 'atomicMin(&odd, 0u)'] }],
    [
      'ends rows after a group of threads',
      { shader: ['if (any(id >= job.size))', 'if (id.x >= 64u || any(id >= job.size))'] },
    ],
    ['spoils the words at the edge of a core', { shader: ['if (i < job.start.x ||', 'if ('] }],
    ['leaves sums as they were', { shader: ['= 0.0; }', '*= 1.0; }'] }],
    ['does not take a shader', { shader: ['fn main', 'fn'] }],
    ['has no room', { room: 64 }],
  ] as const)('are not trusted to one that %s', async (_, fault) => {
    expect(await trial(fault)).toBe(false);
  });
});
