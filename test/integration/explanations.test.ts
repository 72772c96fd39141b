import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HeatMap } from '@overread/core/analysis';
import {
  errorAnswerSchema,
  explanationResultSchema,
  jobStatusSchema,
  unpackHeatMap,
  type JobEvent,
} from '@overread/core/protocol';
import { buildApp } from '@overread/server';
import { Archive } from '../../inference-server/src/dicomweb/archive.ts';
import { loadSeries } from '../../inference-server/src/dicomweb/load-series.ts';
import { followJob } from '../support/follow-job.ts';
import { layPackages } from '../support/laid-packages.ts';
import { hasOrthanc, startOrthanc, type Orthanc } from '../support/orthanc.ts';
import { pixelSeries } from '../support/pixel-series.ts';
import { scoringPackage } from '../support/scoring-model.ts';
import type { PackageFiles } from '../support/test-models.ts';
import { launchBrowser, openPage } from '../support/worker-page/browser.ts';
import { volumeFiles } from '../support/worker-page/files.ts';
import type { TestApi } from '../support/worker-page/page.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

declare const overreadTest: TestApi;

const series = pixelSeries([24, 20, 12]);
const { studyInstanceUID, seriesInstanceUID } = series.geometry;
/** By the size of their blocks [D, H, W]: `fine` takes a run for each of 5760 voxels. */
const models = { coarse: [4, 5, 6], fine: [1, 1, 1] } as const;
const of = { output: 'scores', classIndex: 1 };
const request = (changes: object = {}) => ({ studyInstanceUID, seriesInstanceUID, model: 'coarse', of, ...changes });

describe.skipIf(!hasOrthanc)('what a score rests on (packages orthanc, orthanc-dicomweb)', () => {
  let folder: string;
  let orthanc: Orthanc;
  let app: FastifyInstance;
  let api: string;
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-explained-'));
    site = await serveSite(await bundleSite(), { isolated: true });
    const packages: Record<string, PackageFiles> = {};
    for (const [id, block] of Object.entries(models)) packages[id] = await scoringPackage(id, block);
    await layPackages(folder, site, packages);
    orthanc = await startOrthanc();
    await orthanc.add(series.files());
    app = buildApp({ archive: { root: orthanc.dicomWeb, headers: {} }, models: folder, threads: 1 });
    api = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/v1`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([app.close(), orthanc.stop(), site.close()]);
    await rm(folder, { recursive: true });
  });

  const post = (kind: 'analyses' | 'explanations', body: unknown) =>
    fetch(`${api}/${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const start = async (body: object) => jobStatusSchema.parse(await (await post('explanations', body)).json()).id;
  const follow = (id: string, onEvent?: (event: JobEvent) => void) => followJob(api, id, onEvent, 'explanations');
  const get = (path: string) => fetch(`${api}${path}`);

  async function mapOf(id: string): Promise<HeatMap> {
    const { heatMap } = explanationResultSchema.parse(await (await get(`/explanations/${id}/result`)).json());
    const octets = await (await get(`/explanations/${id}/arrays/${heatMap.values.array}`)).arrayBuffer();
    return unpackHeatMap(heatMap, new Uint8Array(octets));
  }

  it('is the same map from the server and from the worker’s WebAssembly, class by class', async () => {
    const { volume } = await loadSeries(
      new Archive({ root: orthanc.dicomWeb, headers: {} }),
      { studyInstanceUID, seriesInstanceUID },
      () => undefined,
    );
    site.put('volume', volumeFiles(volume));
    const { page } = await openPage(browser, site.url);
    const seen: number[][] = [];
    for (const classIndex of [0, 2]) {
      const asked = { output: 'scores', classIndex };
      const id = await start(request({ of: asked }));
      expect((await follow(id)).at(-1)).toEqual({ kind: 'done' });
      const map = await mapOf(id);
      expect(map).toMatchObject({ quantity: { value: '130404', scheme: 'DCM' }, grid: { dims: [4, 4, 3] } });
      const wish = { modelUrl: `${site.url}coarse/model.json`, volumeUrl: `${site.url}volume/`, of: asked };
      const inWorker = await page.evaluate((one) => overreadTest.explain(one), wish);
      expect(inWorker.grid).toEqual(map.grid);
      expect(inWorker.values).toHaveLength(map.values.length);
      const apart = Math.max(...inWorker.values.map((value, n) => Math.abs(value - map.values[n]!)));
      expect(apart).toBeLessThan(1e-4);
      // What is compared is no field of zeros.
      expect(Math.max(...map.values.map(Math.abs))).toBeGreaterThan(0.005);
      seen.push([...map.values]);
      // The second one finds the worker ready: nothing is loaded or tested again.
      expect(inWorker.stages.includes('self-test')).toBe(classIndex === 0);
    }
    expect(seen[0]).not.toEqual(seen[1]);
  });

  it('after an analysis of the model begins without its self-test, and counts its blocks', async () => {
    const analysis = jobStatusSchema.parse(
      await (await post('analyses', { studyInstanceUID, seriesInstanceUID, model: 'coarse' })).json(),
    );
    expect((await followJob(api, analysis.id)).at(-1)).toEqual({ kind: 'done' });
    const events = await follow(await start(request()));
    expect(events.at(-1)).toEqual({ kind: 'done' });
    const stages = new Set(events.flatMap((event) => (event.kind === 'progress' ? [event.progress.stage] : [])));
    expect([...stages]).toEqual(expect.arrayContaining(['images', 'tile']));
    expect(stages.has('self-test')).toBe(false);
    const last = events.findLast((event) => event.kind === 'progress');
    expect(last).toMatchObject({ progress: { stage: 'tile', done: 48, total: 48 } });
  });

  it('is cancelled in the middle, and the next one works', async () => {
    const id = await start(request({ model: 'fine' }));
    const next = await start(request());
    let deleted: Promise<Response> | null = null;
    const events = await follow(id, (event) => {
      if (event.kind === 'progress' && event.progress.stage === 'tile')
        deleted ??= fetch(`${api}/explanations/${id}`, { method: 'DELETE' });
    });
    expect((await deleted!).status).toBe(204);
    expect(events.at(-1)).toEqual({ kind: 'cancelled' });
    expect((await follow(next)).at(-1)).toEqual({ kind: 'done' });
    expect((await get(`/explanations/${id}/result`)).status).toBe(409);
  });

  it.each([
    ['which class is meant is not said', { of: undefined }],
    ['the class has no number', { of: { output: 'scores', classIndex: -1 } }],
    ['more is said than there is', { of: { ...of, step: 3 } }],
  ])('is refused where %s', async (_name, changes) => {
    const response = await post('explanations', request(changes));
    expect(response.status).toBe(400);
    expect(errorAnswerSchema.parse(await response.json()).error.code).toBe('server.bad-request');
  });

  it('says why it cannot be told of a class that the model does not have', async () => {
    const events = await follow(await start(request({ of: { ...of, classIndex: 3 } })));
    expect(events.at(-1)).toMatchObject({
      kind: 'failed',
      error: { code: 'model.unsupported', why: "output 'scores' has no class 3" },
    });
  });

  it('is no analysis, and an analysis is none', async () => {
    const id = await start(request());
    await follow(id);
    for (const path of ['', '/events', '/result', '/arrays/values'])
      expect((await get(`/analyses/${id}${path}`)).status).toBe(404);
    expect((await fetch(`${api}/analyses/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await get(`/explanations/${id}`)).status).toBe(200);
    expect((await get(`/explanations/${id}/arrays/labels`)).status).toBe(404);
  });
});
