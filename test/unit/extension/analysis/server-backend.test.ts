import { errorToWire, arrayToBytes, packAnalysis, packHeatMap } from '@overread/core/protocol';
import { OverreadError } from '@overread/core/errors';
import { describe, expect, test } from 'vitest';
import { createServerBackend } from '../../../../extension/src/analysis/server-backend.ts';
import { sampleAnalysis } from '../../../support/sample-analysis.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';
import { addressOf, until } from '../../../support/reading-room.ts';

const manifest = tinyManifest(new Uint8Array(4));
const job = {
  studyInstanceUID: '2.25.1',
  seriesInstanceUID: '2.25.2',
  otherSeries: {},
  model: { manifest, url: 'https://viewer.example/model.json' },
  readVolume: () => Promise.reject(new Error('the server fetches the images itself')),
};
const progress = { stage: 'tile', done: 1, total: 2, unit: 'tiles', remainingMilliseconds: null } as const;
const analysis = sampleAnalysis();

type Answer = (init: RequestInit | undefined) => Response | Promise<Response>;

/** A server by path; unknown paths answer 404 as a server without the contract would. */
function serverOf(answers: Readonly<Record<string, Answer>>): { fetch: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    fetch: async (input, init) => {
      const key = `${init?.method ?? 'GET'} ${addressOf(input).replace('/api/v1', '')}`;
      asked.push(key);
      init?.signal?.throwIfAborted();
      return (await answers[key]?.(init)) ?? new Response('no such page', { status: 404 });
    },
  };
}

function events(...sent: readonly (object | 'break')[]): Answer {
  return (init) => {
    const body = new ReadableStream({
      start(controller) {
        const text = new TextEncoder();
        init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
        controller.enqueue(text.encode(': here\n\n'));
        for (const event of sent) {
          if (event === 'break') {
            controller.error(new TypeError('network'));
            return;
          }
          // Cut in the middle, as networks do.
          const line = `event: x\ndata: ${JSON.stringify(event)}\n\n`;
          controller.enqueue(text.encode(line.slice(0, 9)));
          controller.enqueue(text.encode(line.slice(9)));
        }
        if (sent.some((event) => event !== 'break' && 'kind' in event && event.kind !== 'progress')) controller.close();
      },
    });
    return new Response(body);
  };
}

const { document, arrays } = packAnalysis(analysis);
const happy: Readonly<Record<string, Answer>> = {
  'GET /models': () => Response.json({ models: [{ id: 'tiny-test', version: '1.0.0', title: 'Tiny', digest: 'ab' }] }),
  'POST /analyses': () => Response.json({ id: 'j1' }, { status: 202 }),
  'GET /analyses/j1/events': events({ kind: 'queued', ahead: 1 }, { kind: 'progress', progress }, { kind: 'done' }),
  'GET /analyses/j1/result': () => Response.json({ analysis: document }),
  ...Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [
      `GET /analyses/j1/arrays/${name}`,
      () => new Response(new Uint8Array(arrayToBytes(array))),
    ]),
  ),
};

const heatMap = analysis.heatMaps[0]!;
const packedMap = packHeatMap(heatMap);
const explained: Readonly<Record<string, Answer>> = {
  ...happy,
  'POST /explanations': () => Response.json({ id: 'e1' }, { status: 202 }),
  'GET /explanations/e1/events': events({ kind: 'progress', progress }, { kind: 'done' }),
  'GET /explanations/e1/result': () => Response.json({ heatMap: packedMap.document }),
  'GET /explanations/e1/arrays/values': () => new Response(new Uint8Array(arrayToBytes(packedMap.arrays['values']!))),
};
const of = { output: 'scores', classIndex: 2 };

const explain = (server: { fetch: typeof fetch }, signal = new AbortController().signal, seen: object[] = []) =>
  createServerBackend({ address: '/api/v1', fetch: server.fetch, headers: () => ({}) }).explain(
    { ...job, of },
    { signal, onProgress: (one) => seen.push(one) },
  );

const run = (server: { fetch: typeof fetch }, signal = new AbortController().signal, seen: object[] = []) =>
  createServerBackend({
    address: '/api/v1',
    fetch: server.fetch,
    headers: () => ({ authorization: 'Bearer x' }),
  }).analyse(job, { signal, onProgress: (one) => seen.push(one) });

describe('the server as a place', () => {
  test('gives the whole analysis, arrays included, and tells the progress on the way', async () => {
    const seen: object[] = [];
    const got = await run(serverOf(happy), undefined, seen);
    expect(got).toEqual(analysis);
    expect(seen).toEqual([progress]);
  });

  test('sends who asks with every request', async () => {
    const server = serverOf(happy);
    const authorized: boolean[] = [];
    const watched: typeof fetch = (input, init) => {
      authorized.push(new Headers(init?.headers).get('authorization') === 'Bearer x');
      return server.fetch(input, init);
    };
    await run({ fetch: watched });
    expect(authorized.length).toBeGreaterThan(4);
    expect(authorized.every(Boolean)).toBe(true);
  });

  test('names the series of the model’s other channels', async () => {
    const bodies: unknown[] = [];
    const watched: typeof fetch = (input, init) => {
      if (init?.method === 'POST') bodies.push(JSON.parse(init.body as string));
      return serverOf(happy).fetch(input, init);
    };
    const options = { address: '/api/v1', fetch: watched, headers: () => ({}) };
    const listen = { signal: new AbortController().signal, onProgress: () => undefined };
    await createServerBackend(options).analyse(job, listen);
    await createServerBackend(options).analyse({ ...job, otherSeries: { flair: '2.25.3' } }, listen);
    const named = { studyInstanceUID: '2.25.1', seriesInstanceUID: '2.25.2', model: 'tiny-test' };
    expect(bodies).toEqual([named, { ...named, otherSeries: { flair: '2.25.3' } }]);
  });

  test('passes on why a job failed', async () => {
    const error = errorToWire(new OverreadError('pacs.series-not-found', { why: 'the archive has no such series' }));
    const server = serverOf({ ...happy, 'GET /analyses/j1/events': events({ kind: 'failed', error }) });
    await expect(run(server)).rejects.toMatchObject({
      code: 'pacs.series-not-found',
      why: 'the archive has no such series',
    });
  });

  test('passes on why a request was refused', async () => {
    const error = errorToWire(new OverreadError('server.busy'));
    const server = serverOf({ ...happy, 'POST /analyses': () => Response.json({ error }, { status: 503 }) });
    await expect(run(server)).rejects.toMatchObject({ code: 'server.busy' });
  });

  test('is asked again when the stream of events breaks', async () => {
    let attempt = 0;
    const server = serverOf({
      ...happy,
      'GET /analyses/j1/events': (init) => {
        attempt += 1;
        return (attempt === 1 ? events({ kind: 'progress', progress }, 'break') : events({ kind: 'done' }))(init);
      },
    });
    await expect(run(server)).resolves.toEqual(analysis);
    expect(attempt).toBe(2);
  });

  test('is told to stop when the person cancels', async () => {
    const server = serverOf({ ...happy, 'GET /analyses/j1/events': events({ kind: 'progress', progress }) });
    const controller = new AbortController();
    const seen: object[] = [];
    const ended = run(server, controller.signal, seen).catch((error: unknown) => error);
    await until(() => seen.length === 1, 'it runs');
    controller.abort();
    expect(await ended).toMatchObject({ code: 'run.cancelled' });
    await until(() => server.asked.includes('DELETE /analyses/j1'), 'the server is told');
  });

  test('is told to stop a job that it took on while the person cancelled', async () => {
    const controller = new AbortController();
    const server = serverOf({
      ...happy,
      'POST /analyses': () => {
        controller.abort();
        return Response.json({ id: 'j1' }, { status: 202 });
      },
    });
    await expect(run(server, controller.signal)).rejects.toMatchObject({ code: 'run.cancelled' });
    await until(() => server.asked.includes('DELETE /analyses/j1'), 'the server is told');
    expect(server.asked).not.toContain('GET /analyses/j1/events');
  });

  test('is not used with another version of the model than the one on offer', async () => {
    const models = [{ id: 'tiny-test', version: '2.0.0', title: 'Tiny', digest: 'ab' }];
    const server = serverOf({ ...happy, 'GET /models': () => Response.json({ models }) });
    await expect(run(server)).rejects.toMatchObject({ code: 'model.not-found' });
  });

  test('tells what a score rests on, as a job of its own', async () => {
    const seen: object[] = [];
    const bodies: unknown[] = [];
    const server = serverOf(explained);
    const watched: typeof fetch = (input, init) => {
      if (init?.method === 'POST') bodies.push(JSON.parse(init.body as string));
      return server.fetch(input, init);
    };
    expect(await explain({ fetch: watched }, undefined, seen)).toEqual(heatMap);
    expect(seen).toEqual([progress]);
    expect(bodies).toEqual([{ studyInstanceUID: '2.25.1', seriesInstanceUID: '2.25.2', model: 'tiny-test', of }]);
  });

  test('is told to stop telling that', async () => {
    const server = serverOf({ ...explained, 'GET /explanations/e1/events': events({ kind: 'progress', progress }) });
    const controller = new AbortController();
    const seen: object[] = [];
    const ended = explain(server, controller.signal, seen).catch((error: unknown) => error);
    await until(() => seen.length === 1, 'it runs');
    controller.abort();
    expect(await ended).toMatchObject({ code: 'run.cancelled' });
    await until(() => server.asked.includes('DELETE /explanations/e1'), 'the server is told');
  });

  test.each([
    ['runs none', null, serverOf({})],
    ['is down', '/api/v1', { fetch: () => Promise.reject(new TypeError('failed to fetch')) }],
    ['is something else', '/api/v1', serverOf({})],
  ])('cannot be chosen where the site %s, and says so', async (_, address, server: { fetch: typeof fetch }) => {
    const backend = createServerBackend({ address, fetch: server.fetch, headers: () => ({}) });
    expect(await backend.availability(new AbortController().signal)).toMatchObject({ ok: false });
  });
});
