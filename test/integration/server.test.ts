import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Analysis } from '@overread/core/analysis';
import {
  analysisResultSchema,
  arrayFromBytes,
  arraysOf,
  errorAnswerSchema,
  healthSchema,
  jobStatusSchema,
  modelListSchema,
  unpackAnalysis,
} from '@overread/core/protocol';
import { buildApp } from '@overread/server';
import { followJob } from '../support/follow-job.ts';
import { freePort, hasOrthanc, startOrthanc, type Orthanc } from '../support/orthanc.ts';
import { pixelSeries } from '../support/pixel-series.ts';
import { convolutionGraph, testPackage } from '../support/test-models.ts';

const small = pixelSeries([24, 20, 12]);
const { studyInstanceUID, seriesInstanceUID } = small.geometry;
const request = (changes: object = {}) => ({ studyInstanceUID, seriesInstanceUID, model: 'quick', ...changes });

/** Models of one channel per HU: `quick` at once, `slow` long enough to be cancelled in the middle. */
async function writeModels(folder: string): Promise<void> {
  const models = { quick: convolutionGraph([3]), slow: convolutionGraph([64, 64, 64, 64, 64]) };
  for (const [id, graph] of Object.entries(models)) {
    await mkdir(join(folder, id));
    for (const [name, content] of Object.entries(await testPackage(graph, { id }))) {
      await writeFile(join(folder, id, name), content);
    }
  }
  const listed = Object.keys(models).map((id) => ({ id, version: '1.0.0', path: `${id}/model.json` }));
  await writeFile(join(folder, 'models.json'), JSON.stringify({ models: listed }));
}

describe.skipIf(!hasOrthanc)('the companion server at a real Orthanc (packages orthanc, orthanc-dicomweb)', () => {
  let folder: string;
  let orthanc: Orthanc;
  let app: FastifyInstance;
  let api: string;

  const post = (body: unknown) =>
    fetch(`${api}/analyses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const start = async (body: unknown) => jobStatusSchema.parse(await (await post(body)).json()).id;
  const status = async (id: string) => jobStatusSchema.parse(await (await fetch(`${api}/analyses/${id}`)).json());
  const errorOf = async (response: Response) => ({
    status: response.status,
    ...errorAnswerSchema.parse(await response.json()).error,
  });

  async function fetchResult(id: string): Promise<Analysis> {
    const answer: unknown = await (await fetch(`${api}/analyses/${id}/result`)).json();
    const document = analysisResultSchema.parse(answer).analysis;
    const arrays = await Promise.all(
      arraysOf(document).map(async (reference) => {
        const response = await fetch(`${api}/analyses/${id}/arrays/${reference.array}`);
        return [reference.array, arrayFromBytes(reference, new Uint8Array(await response.arrayBuffer()))] as const;
      }),
    );
    return unpackAnalysis({ document, arrays: Object.fromEntries(arrays) });
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-server-'));
    await writeModels(folder);
    orthanc = await startOrthanc();
    await orthanc.add(small.files());
    app = buildApp({ archive: { root: orthanc.dicomWeb, headers: {} }, models: folder, threads: 1 });
    api = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/v1`;
  });
  afterAll(async () => {
    await app.close();
    await orthanc.stop();
    await rm(folder, { recursive: true });
  });

  it('says that it is well, and what it offers', async () => {
    const health = healthSchema.parse(await (await fetch(`${api}/health`)).json());
    expect(health).toMatchObject({ status: 'ok', runtime: { kind: 'node-cpu', threads: 1 }, running: 0 });
    const { models } = modelListSchema.parse(await (await fetch(`${api}/models`)).json());
    expect(models.map(({ id, version }) => [id, version])).toEqual([
      ['quick', '1.0.0'],
      ['slow', '1.0.0'],
    ]);
  });

  it('runs a model on a series of the archive, from the request to labels and heat map', async () => {
    const accepted = await post(request());
    expect(accepted.status).toBe(202);
    const { id } = jobStatusSchema.parse(await accepted.json());
    const events = await followJob(api, id);
    expect(events.at(-1)).toEqual({ kind: 'done' });
    const stages = events.flatMap((event) => (event.kind === 'progress' ? [event.progress.stage] : []));
    expect(stages).toEqual(expect.arrayContaining(['images', 'prepare', 'tile', 'assemble']));
    expect(await status(id)).toMatchObject({ state: 'done', request: request() });

    const analysis = await fetchResult(id);
    expect(analysis).toMatchObject({
      outcome: 'completed',
      model: { id: 'quick' },
      place: { location: 'server', runtime: 'node-cpu', threads: 1 },
      source: { studyInstanceUID, seriesInstanceUID, modality: 'CT' },
    });
    expect(analysis.source.slices.map((slice) => slice.sopInstanceUID)).toEqual(
      small.geometry.slices.map((slice) => slice.sopInstanceUID),
    );
    expect(analysis.labelMaps[0]?.labels).toHaveLength(24 * 20 * 12);
    expect(new Set(analysis.heatMaps[0]?.values).size).toBeGreaterThan(100);
  });

  it('tests a model once and runs it again without', async () => {
    await followJob(api, await start(request()));
    const events = await followJob(api, await start(request()));
    expect(events.map((event) => event.kind)).toContain('progress');
    expect(JSON.stringify(events)).not.toContain('self-test');
  });

  it('cancels a run in the middle, says so to whoever listens, and runs the next', async () => {
    const id = await start(request({ model: 'slow' }));
    const next = await start(request());
    let deleted: Promise<Response> | null = null;
    const events = await followJob(api, id, (event) => {
      if (event.kind === 'progress' && event.progress.stage === 'tile') {
        deleted ??= fetch(`${api}/analyses/${id}`, { method: 'DELETE' });
      }
    });
    expect((await deleted!).status).toBe(204);
    expect(events.at(-1)).toEqual({ kind: 'cancelled' });
    expect((await followJob(api, next)).at(-1)).toEqual({ kind: 'done' });
  });

  it('cancels what still waits', async () => {
    const running = await start(request({ model: 'slow' }));
    const waiting = await start(request());
    expect(await status(waiting)).toMatchObject({ state: 'queued', ahead: 1 });
    await fetch(`${api}/analyses/${waiting}`, { method: 'DELETE' });
    expect(await status(waiting)).toMatchObject({ state: 'cancelled' });
    await fetch(`${api}/analyses/${running}`, { method: 'DELETE' });
    expect((await followJob(api, running)).at(-1)).toEqual({ kind: 'cancelled' });
  });

  it('has no result before the end', async () => {
    const id = await start(request({ model: 'slow' }));
    const answer = await errorOf(await fetch(`${api}/analyses/${id}/result`));
    expect(answer).toMatchObject({ status: 409, code: 'server.not-finished' });
    await fetch(`${api}/analyses/${id}`, { method: 'DELETE' });
  });

  it('takes no more than it can hold', async () => {
    const ids: string[] = [];
    let refused: Response | null = null;
    for (let n = 0; n < 30 && refused === null; n += 1) {
      const answer = await post(request({ model: 'slow' }));
      if (answer.ok) ids.push(jobStatusSchema.parse(await answer.json()).id);
      else refused = answer;
    }
    expect(await errorOf(refused!)).toMatchObject({ status: 503, code: 'server.busy' });
    for (const id of ids.reverse()) await fetch(`${api}/analyses/${id}`, { method: 'DELETE' });
  });

  it('tells that the archive does not hold the series', async () => {
    const id = await start(request({ seriesInstanceUID: '2.25.404' }));
    expect((await followJob(api, id)).at(-1)).toMatchObject({
      kind: 'failed',
      error: { code: 'pacs.series-not-found' },
    });
  });

  it('fails clearly where the archive is down, and where it asks for credentials', async () => {
    const locked = await startOrthanc({ user: ['reader', 'secret'] });
    await locked.add(small.files());
    const down = `http://127.0.0.1:${await freePort()}/dicom-web`;
    const authorization = `Basic ${Buffer.from('reader:secret').toString('base64')}`;
    const outcome = async (root: string, headers: Record<string, string>) => {
      const other = buildApp({ archive: { root, headers }, models: folder, threads: 1 });
      const address = `${await other.listen({ host: '127.0.0.1', port: 0 })}/api/v1`;
      const job = await other.inject({ method: 'POST', url: '/api/v1/analyses', payload: request() });
      const events = await followJob(address, jobStatusSchema.parse(job.json()).id);
      await other.close();
      return events.at(-1);
    };
    try {
      expect(await outcome(down, {})).toMatchObject({
        kind: 'failed',
        error: { code: 'pacs.unreachable', why: 'ECONNREFUSED' },
      });
      expect(await outcome(locked.dicomWeb, {})).toMatchObject({ kind: 'failed', error: { code: 'pacs.refused' } });
      expect(await outcome(locked.dicomWeb, { authorization })).toEqual({ kind: 'done' });
    } finally {
      await locked.stop();
    }
  });

  const bad: [string, unknown, number, string, RegExp][] = [
    ['a UID that is none', request({ studyInstanceUID: '1/../2' }), 400, 'server.bad-request', /studyInstanceUID/],
    ['a missing field', { model: 'quick' }, 400, 'server.bad-request', /seriesInstanceUID/],
    ['an unknown field', request({ path: '/etc' }), 400, 'server.bad-request', /path/],
    ['a model that is not listed', request({ model: '../quick' }), 404, 'model.not-found', /no such model/],
    ['no object', 'please', 400, 'server.bad-request', /./],
  ];
  it.each(bad)('refuses %s', async (_name, body, expected, code, message) => {
    expect(await errorOf(await post(body))).toMatchObject({
      status: expected,
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses a body that is no JSON, and one that is too large', async () => {
    const send = (body: string) =>
      fetch(`${api}/analyses`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await errorOf(await send('{ no'))).toMatchObject({ status: 400, code: 'server.bad-request' });
    expect(await errorOf(await send(`"${'x'.repeat(100_000)}"`))).toMatchObject({
      status: 400,
      code: 'server.bad-request',
    });
  });

  it('knows nothing of other addresses, jobs and arrays', async () => {
    for (const path of [
      '/nothing',
      '/analyses/of-no-one',
      '/analyses/of-no-one/events',
      '/analyses/of-no-one/result',
    ]) {
      expect(await errorOf(await fetch(`${api}${path}`))).toMatchObject({ status: 404, code: 'server.not-found' });
    }
    const id = await start(request());
    await followJob(api, id);
    for (const name of ['other', 'constructor', '..%2Flabels']) {
      const answer = await errorOf(await fetch(`${api}/analyses/${id}/arrays/${name}`));
      expect(answer).toMatchObject({ status: 404, code: 'server.not-found' });
    }
  });
});
