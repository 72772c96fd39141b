import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain, PromptSession, type Prompt, type PromptMask } from '@overread/core/pipeline';
import { nodeRuntime } from '../../inference-server/src/inference/node-runtime.ts';
import { noiseVolume } from '../support/noise-volume.ts';
import { promptModel } from '../support/prompt-model.ts';
import { servedFiles } from '../support/served-model.ts';
import { brightnessGraph, kindOf, taskModel } from '../support/task-models.ts';
import { launchBrowser, openPage } from '../support/worker-page/browser.ts';
import type { TestApi } from '../support/worker-page/page.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

declare const overreadTest: TestApi;

// Prompts and explanations through the worker, beside the same ones in Node.

const dims = [24, 18, 4] as const;
const runtime = nodeRuntime(1);
const prompted = promptModel([18, 24]);
const explained = taskModel(brightnessGraph(3), {
  input: { name: 'input', spacing: 'native', patch: { mode: 'whole' } },
  outputs: [
    {
      kind: 'classScores',
      name: 'scores',
      classes: [kindOf('Brightest', '27925004'), kindOf('Mean', '4147007')],
      saliency: { kind: 'occlusion', size: [2, 6, 6], step: [2, 6, 6], fill: 0 },
    },
  ],
});

let browser: Browser;
let site: Site;

beforeAll(async () => {
  site = await serveSite(await bundleSite(), { isolated: true });
  site.put('prompted', await servedFiles(prompted, [1, 1, 18, 24]));
  site.put('explained', await servedFiles(explained, [1, 1, 4, 6, 8]));
  const damaged = await servedFiles(prompted, [1, 1, 18, 24]);
  site.put('damaged', {
    ...damaged,
    'decoder.onnx': damaged['decoder.onnx']!.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
  });
  // What it was recorded with is not what the manifest now gives it.
  const otherwise = await servedFiles(prompted, [1, 1, 18, 24]);
  const text = new TextDecoder().decode(otherwise['model.json']).replace('"gain":[8]', '"gain":[9]');
  site.put('otherwise', { ...otherwise, 'model.json': new TextEncoder().encode(text) });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await site.close();
});

const mark = (i: number, j: number, k: number, inside = true) => ({ at: [i, j, k] as const, inside });
const prompts: readonly Prompt[] = [
  { points: [mark(8, 8, 1)], box: null, refine: false },
  { points: [mark(14, 9, 1)], box: null, refine: true },
  { points: [mark(12, 8, 3), mark(15, 8, 3, false)], box: [[4, 4, 3], [20, 14, 3]], refine: false }, // prettier-ignore
  { points: [mark(1, 1, 0), mark(1, 1, 2)], box: null, refine: false },
];

describe('a promptable model in the worker', () => {
  it('marks the voxels that it marks in Node, keeps its slices in between, and is closed', async () => {
    const { page } = await openPage(browser, site.url);
    const wish = { modelUrl: `${site.url}prompted/model.json`, dims, prompts };
    const { answers, closed, kept } = await page.evaluate((asked) => overreadTest.prompts(asked), wish);
    const session = await PromptSession.open({ model: prompted, volume: noiseVolume(dims) }, runtime);
    const masks: PromptMask[] = [];
    for (const [n, prompt] of prompts.slice(0, 3).entries()) {
      const mask = await session.decode(prompt);
      expect(mask!.bits.some((bit) => bit === 1)).toBe(true);
      masks.push(mask!);
      expect(answers[n]).toEqual({ ok: true, mask: { ...mask, bits: [...mask!.bits] } });
    }
    const {
      labelMaps: [labelMap],
      findings,
    } = session.result(
      masks.map((mask) => [mask]),
      { place: kept.place, seriesNumber: 4 },
    );
    await session.release();
    expect(kept.labelMap).toEqual([...labelMap!.labels]);
    expect(kept.source.seriesNumber).toBe(4);
    expect(kept.findings.map(({ region, measurements }) => ({ region, measurements }))).toEqual(
      findings.map(({ region, measurements }) => ({ region, measurements })),
    );
    expect(answers[3]).toEqual({ ok: false, code: 'prompt.unusable' });
    expect(closed).toBe('prompt.closed');
  });

  it('that was opened again answers nothing that the one before was asked', async () => {
    const { page } = await openPage(browser, site.url);
    const wish = { modelUrl: `${site.url}prompted/model.json`, dims, prompts };
    expect(await page.evaluate((asked) => overreadTest.promptsOfTwo(asked), wish)).toEqual({
      refusals: Array(3).fill('prompt.closed'),
      answers: true,
    });
  });

  it.each([
    ['its decoder is not the one that the manifest names', 'damaged', /model\.file-damaged/],
    ['its decoder answers otherwise than recorded', 'otherwise', /of its decoder is 0\.500, allowed is 0\.0001/],
  ])('is refused where %s', async (_name, model, says) => {
    const { page } = await openPage(browser, site.url);
    const wish = { modelUrl: `${site.url}${model}/model.json`, dims, prompts };
    const refusal = await page.evaluate(
      (asked) =>
        overreadTest.prompts(asked).then(
          () => 'opened',
          (error: unknown) => {
            const { code, message } = error as { code?: string; message?: string };
            return `${code}: ${message}`;
          },
        ),
      wish,
    );
    expect(refusal).toMatch(says);
  });
});

describe('an explanation in the worker', () => {
  it('is the map that Node makes', async () => {
    const { page } = await openPage(browser, site.url);
    const of = { output: 'scores', classIndex: 1 };
    const wish = { modelUrl: `${site.url}explained/model.json`, dims, of };
    const { grid, values } = await page.evaluate((asked) => overreadTest.explain(asked), wish);
    const map = await explain({ model: explained, volume: noiseVolume(dims), of }, runtime);
    expect(grid).toEqual(map.grid);
    expect(values).toHaveLength(map.values.length);
    map.values.forEach((value, n) => expect(values[n]).toBeCloseTo(value, 5));
  });
});
