import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePart10 } from '@overread/core/dicom';
import { analysisResultSchema, jobStatusSchema } from '@overread/core/protocol';
import { buildApp } from '@overread/server';
import { Archive } from '../../inference-server/src/dicomweb/archive.ts';
import { loadSeries } from '../../inference-server/src/dicomweb/load-series.ts';
import { followJob } from '../support/follow-job.ts';
import { layPackages } from '../support/laid-packages.ts';
import { hasOrthanc, startOrthanc, type Orthanc } from '../support/orthanc.ts';
import { pixelSeries } from '../support/pixel-series.ts';
import { packageOf, type PackageFiles } from '../support/test-models.ts';
import { differenceGraph, twoSeries } from '../support/two-series.ts';
import { launchBrowser, openPage } from '../support/worker-page/browser.ts';
import { volumeFiles } from '../support/worker-page/files.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

// A study as an archive holds it: the series that the model is run on, the one it also reads (finer, and larger than the first), one of the
// same name that lies elsewhere, and a report.

const described = (words: string, more: object = {}) => ({ patient: { SeriesDescription: words, ...more } });
const before = pixelSeries([24, 20, 12], described('Liver before'));
const after = pixelSeries([40, 36, 20], {
  ...described('Liver after contrast'),
  number: 2,
  spacing: [0.5, 0.6, 1.7],
  origin: [-111, -96.5, 32],
});
const elsewhere = pixelSeries([48, 40, 24], {
  ...described('After, moved', { FrameOfReferenceUID: '2.25.99' }),
  number: 4,
});
const { studyInstanceUID, seriesInstanceUID } = before.geometry;
const afterUID = after.geometry.seriesInstanceUID;
const report = writePart10({
  ...before.datasets[0]!,
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.33',
  SOPInstanceUID: '2.25.4711.1',
  SeriesInstanceUID: '2.25.4711',
  Modality: 'SR',
  SeriesDescription: 'Report after reading',
});

/** Two that nothing in their headers tells apart. */
const [first, second] = ([5, 6] as const).map((number) =>
  pixelSeries([24, 20, 12], { ...described('Liver late', { SeriesNumber: number }), number }),
);

const channels = { found: 'after', lacking: 'perfusion', alike: 'late' } as const;

describe.skipIf(!hasOrthanc)('a model of two series (packages orthanc, orthanc-dicomweb)', () => {
  let folder: string;
  let orthanc: Orthanc;
  let app: FastifyInstance;
  let api: string;
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-series-'));
    site = await serveSite(await bundleSite(), { isolated: true });
    const packages: Record<string, PackageFiles> = {};
    for (const [id, channel] of Object.entries(channels)) {
      const input = { ...twoSeries, channels: [{ name: 'before' }, { name: channel }] };
      packages[id] = await packageOf(differenceGraph(), [1, 2, 4, 5, 6], { id, input });
    }
    await layPackages(folder, site, packages);
    orthanc = await startOrthanc();
    await orthanc.add([
      ...before.files(),
      ...after.files(),
      ...elsewhere.files(),
      ...first!.files(),
      ...second!.files(),
      report,
    ]);
    app = buildApp({ archive: { root: orthanc.dicomWeb, headers: {} }, models: folder, threads: 1 });
    api = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/v1`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([app.close(), orthanc.stop(), site.close()]);
    await rm(folder, { recursive: true });
  });

  const onServer = async (model: string, more: object = {}) => {
    const payload = { studyInstanceUID, seriesInstanceUID, model, ...more };
    const job = await app.inject({ method: 'POST', url: '/api/v1/analyses', payload });
    const { id } = jobStatusSchema.parse(job.json());
    const last = (await followJob(api, id)).at(-1)!;
    if (last.kind !== 'done') return { last, otherSeries: null, labels: null };
    const result = await app.inject({ url: `/api/v1/analyses/${id}/result` });
    const { otherSeries } = analysisResultSchema.parse(result.json()).analysis;
    const labels = (await app.inject({ url: `/api/v1/analyses/${id}/arrays/labels-0` })).rawPayload;
    return { last, otherSeries, labels };
  };

  it('is given the one that a job does not name by the server, which finds it in the study as the viewer does', async () => {
    const found = await onServer('found');
    expect(found.last).toEqual({ kind: 'done' });
    expect(found.otherSeries).toMatchObject([{ channel: 'after', seriesInstanceUID: afterUID }]);
    expect(new Set(found.labels)).toEqual(new Set([0, 1]));
    const named = await onServer('found', { otherSeries: { after: afterUID } });
    expect(named.otherSeries).toEqual(found.otherSeries);
    expect(named.labels!.equals(found.labels!)).toBe(true);
  });

  it('is given the one of two alike that a job names, and none where it names none', async () => {
    const unsaid = await onServer('alike');
    expect(unsaid.last).toMatchObject({ kind: 'failed', error: { code: 'pipeline.channel-missing' } });
    expect(JSON.stringify(unsaid.last)).toContain('the series 5 and 6 fit equally well."');
    for (const { geometry } of [first!, second!]) {
      const said = await onServer('alike', { otherSeries: { late: geometry.seriesInstanceUID } });
      expect(said.otherSeries).toMatchObject([{ channel: 'late', seriesInstanceUID: geometry.seriesInstanceUID }]);
    }
  });

  it('is not run on the server where the study lacks one, and that is said', async () => {
    const { last } = await onServer('lacking');
    expect(last).toMatchObject({ kind: 'failed', error: { code: 'pipeline.channel-missing' } });
    expect(JSON.stringify(last)).toMatch(/also reads a series as 'perfusion'.*the study has none/);
  });

  it('gives the same labels in the worker, and is not run there without its second series', async () => {
    const archive = new Archive({ root: orthanc.dicomWeb, headers: {} });
    for (const [name, uid] of [
      ['first', seriesInstanceUID],
      ['second', afterUID],
    ] as const) {
      // prettier-ignore
      const { volume } = await loadSeries(archive, { studyInstanceUID, seriesInstanceUID: uid }, () => undefined);
      site.put(name, volumeFiles(volume));
    }
    const { run } = await openPage(browser, site.url);
    const wish = { modelUrl: `${site.url}found/model.json`, volumeUrl: `${site.url}first/` };
    const answer = await run({ ...wish, otherUrls: { after: `${site.url}second/` } });
    expect(answer).toMatchObject({ ok: true, place: { location: 'browser', runtime: 'wasm' } });
    const { labels } = await onServer('found');
    if (answer.ok) expect(Buffer.from(answer.labelBytes, 'base64').equals(labels!)).toBe(true);
    expect(await run(wish)).toMatchObject({ ok: false, code: 'pipeline.channel-missing' });
  });
});
