import type { Analysis, HeatMap } from '@overread/core/analysis';
import { OverreadError, asOverreadError } from '@overread/core/errors';
import {
  analysisResultSchema,
  arrayFromBytes,
  arraysOf,
  errorAnswerSchema,
  errorFromWire,
  explanationResultSchema,
  healthSchema,
  modelListSchema,
  parseMessage,
  unpackAnalysis,
  unpackHeatMap,
  type AnalysisArray,
} from '@overread/core/protocol';
import * as z from 'zod/mini';
import { text } from '../text/index.ts';
import type { InferenceBackend, Job, WorkOptions } from './backend.ts';
import { followJob } from './server-events.ts';

export interface ServerBackendOptions {
  /** `…/api/v1`, or null where the site runs no server. */
  readonly address: string | null;
  readonly fetch: typeof fetch;
  /** Headers that say who asks. */
  readonly headers: () => Record<string, string>;
}

/** Asks the companion server by path; answers that are errors are thrown. */
export type ServerCall = (path: string, init?: RequestInit) => Promise<Response>;

/** Runs on the companion server: it fetches the images itself, so no pixel leaves this machine. */
export function createServerBackend(options: ServerBackendOptions): InferenceBackend {
  const call: ServerCall = (path, init = {}) => callServer(options, path, init);

  /** @param path of this kind of job */
  const ask = async <T>(
    path: string,
    job: Job,
    more: object,
    collect: (job: string, signal: AbortSignal) => Promise<T>,
    { signal, onProgress }: WorkOptions,
  ): Promise<T> => {
    const submitted = submit(path, job, more, call, signal);
    try {
      const id = `${path}/${await orAborted(submitted, signal)}`;
      await followJob(id, call, signal, onProgress);
      return await collect(id, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      // The server frees its place at once; whether this answer still arrives changes nothing here.
      submitted.then((id) => call(`${path}/${id}`, { method: 'DELETE', keepalive: true })).catch(() => undefined);
      throw new OverreadError('run.cancelled');
    }
  };

  return {
    location: 'server',
    async availability(signal) {
      if (options.address === null) return { ok: false, reason: text('place.noServer') };
      try {
        const response = await call('/health', { signal });
        parseMessage(healthSchema, await response.json(), 'answer of the server about itself');
        return { ok: true };
      } catch (error) {
        return { ok: false, reason: asOverreadError(error, 'server.unreachable').message };
      }
    },
    analyse: (job, work) => ask('/analyses', job, {}, (id, signal) => collectAnalysis(id, call, signal), work),
    explain: (job, work) =>
      ask('/explanations', job, { of: job.of }, (id, signal) => collectHeatMap(id, call, signal), work),
    // Nothing is held between runs.
    release: () => undefined,
  };
}

const acceptedSchema = z.object({ id: z.string() });

async function submit(path: string, job: Job, more: object, call: ServerCall, signal: AbortSignal): Promise<string> {
  const { studyInstanceUID, seriesInstanceUID, otherSeries } = job;
  const { id: model, version } = job.model.manifest;
  const offered = parseMessage(modelListSchema, await (await call('/models', { signal })).json(), 'list of models');
  const there = offered.models.find((entry) => entry.id === model);
  if (there !== undefined && there.version !== version) {
    throw new OverreadError('model.not-found', {
      why: `the server has version ${there.version} of ${model}, the list here offers ${version}`,
    });
  }
  signal.throwIfAborted();
  // Sent without the signal: a request given up halfway may leave a job there that nobody knows, and nobody stops.
  const response = await call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      studyInstanceUID,
      seriesInstanceUID,
      ...(Object.keys(otherSeries).length === 0 ? {} : { otherSeries }),
      model,
      ...more,
    }),
  });
  return parseMessage(acceptedSchema, await response.json(), 'answer to the request').id;
}

/** Rejects as soon as the signal aborts, whatever becomes of the promise. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new OverreadError('run.cancelled'));
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** @param job its path */
async function collectAnalysis(job: string, call: ServerCall, signal: AbortSignal): Promise<Analysis> {
  const answer: unknown = await (await call(`${job}/result`, { signal })).json();
  const document = parseMessage(analysisResultSchema, answer, 'result of the server').analysis;
  const arrays: Record<string, AnalysisArray> = {};
  for (const reference of arraysOf(document)) {
    arrays[reference.array] = arrayFromBytes(reference, await octetsOf(job, reference.array, call, signal));
  }
  return unpackAnalysis({ document, arrays });
}

async function collectHeatMap(job: string, call: ServerCall, signal: AbortSignal): Promise<HeatMap> {
  const answer: unknown = await (await call(`${job}/result`, { signal })).json();
  const { heatMap } = parseMessage(explanationResultSchema, answer, 'result of the server');
  return unpackHeatMap(heatMap, await octetsOf(job, heatMap.values.array, call, signal));
}

async function octetsOf(job: string, array: string, call: ServerCall, signal: AbortSignal): Promise<Uint8Array> {
  const response = await call(`${job}/arrays/${encodeURIComponent(array)}`, { signal });
  return new Uint8Array(await response.arrayBuffer());
}

async function callServer(options: ServerBackendOptions, path: string, init: RequestInit): Promise<Response> {
  if (options.address === null) throw new OverreadError('server.unreachable', { why: 'the site names no server' });
  let response: Response;
  try {
    response = await options.fetch(`${options.address}${path}`, {
      ...init,
      headers: { ...options.headers(), ...(init.headers as Record<string, string> | undefined) },
    });
  } catch (error) {
    throw new OverreadError('server.unreachable', { cause: error });
  }
  if (response.ok) return response;
  const answer = errorAnswerSchema.safeParse(await response.json().catch(() => null));
  if (answer.success) throw errorFromWire(answer.data.error);
  throw new OverreadError('server.unreachable', {
    why: `its address answers ${response.status}`,
    details: { status: response.status },
  });
}
