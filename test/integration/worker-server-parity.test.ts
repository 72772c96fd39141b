import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobStatusSchema, analysisResultSchema } from '@overread/core/protocol';
import { buildApp } from '@overread/server';
import { Archive } from '../../inference-server/src/dicomweb/archive.ts';
import { loadSeries } from '../../inference-server/src/dicomweb/load-series.ts';
import { buildModels } from '../../models/build.ts';
import { followJob } from '../support/follow-job.ts';
import { hasOrthanc, startOrthanc, type Orthanc } from '../support/orthanc.ts';
import { sharedData } from '../support/shared-data.ts';
import { launchBrowser, openPage } from '../support/worker-page/browser.ts';
import { volumeFiles } from '../support/worker-page/files.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

const chest = sharedData('ct-chest', 'CT_89952642');

describe.skipIf(chest === null || !hasOrthanc)(
  'worker and server on the chest CT (../shared/data) in a real Orthanc',
  () => {
    let folder: string;
    let orthanc: Orthanc;
    let site: Site;
    let browser: Browser;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'overread-models-'));
      await buildModels(folder);
      orthanc = await startOrthanc();
      for (const name of await readdir(chest!)) await orthanc.add([await readFile(join(chest!, name))]);
      site = await serveSite(await bundleSite(), { isolated: true });
      for (const name of await readdir(folder))
        if (!name.includes('.')) site.put(name, await packageIn(join(folder, name)));
      browser = await launchBrowser();
    });
    afterAll(async () => {
      await browser.close();
      await Promise.all([site.close(), orthanc.stop()]);
      await rm(folder, { recursive: true });
    });

    it('give the same labels to at least 99.99 % of the voxels', async () => {
      const uids = await onlySeries(orthanc);
      const archive = { root: orthanc.dicomWeb, headers: {} };
      const app = buildApp({ archive, models: folder, threads: 1 });
      const api = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/v1`;
      const job = await app.inject({
        method: 'POST',
        url: '/api/v1/analyses',
        payload: { ...uids, model: 'ct-tissue' },
      });
      const { id } = jobStatusSchema.parse(job.json());
      expect((await followJob(api, id)).at(-1)).toEqual({ kind: 'done' });
      const result = await app.inject({ url: `/api/v1/analyses/${id}/result` });
      const { analysis } = analysisResultSchema.parse(result.json());
      const onServer = (await app.inject({ url: `/api/v1/analyses/${id}/arrays/labels-0` })).rawPayload;
      await app.close();

      const { volume } = await loadSeries(new Archive(archive), uids, () => undefined);
      site.put('volume', volumeFiles(volume));
      const { run } = await openPage(browser, site.url);
      const answer = await run({ modelUrl: `${site.url}ct-tissue/model.json`, volumeUrl: `${site.url}volume/` });
      expect(answer).toMatchObject({ ok: true, place: { location: 'browser', runtime: 'wasm' } });
      if (!answer.ok) return;
      const inBrowser = Buffer.from(answer.labelBytes, 'base64');
      expect(inBrowser).toHaveLength(onServer.length);
      expect(new Set(onServer).size).toBe(1 + (analysis.labelMaps[0]?.segments.length ?? 0));
      let same = 0;
      for (let at = 0; at < onServer.length; at += 1) if (onServer[at] === inBrowser[at]) same += 1;
      expect(same / onServer.length).toBeGreaterThanOrEqual(0.9999);
    }, 300_000);
  },
);

async function packageIn(folder: string): Promise<Record<string, Uint8Array>> {
  const names = await readdir(folder);
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const));
  return Object.fromEntries(files);
}

async function onlySeries(orthanc: Orthanc): Promise<{ studyInstanceUID: string; seriesInstanceUID: string }> {
  const response = await fetch(`${orthanc.dicomWeb}/series`, { headers: { accept: 'application/dicom+json' } });
  const [series] = (await response.json()) as Record<string, { Value: [string] }>[];
  return { studyInstanceUID: series!['0020000D']!.Value[0], seriesInstanceUID: series!['0020000E']!.Value[0] };
}
