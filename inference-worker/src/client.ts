import type { Analysis } from '@overread/core/analysis';
import { OverreadError } from '@overread/core/errors';
import type { ProgressListener } from '@overread/core/pipeline';
import { unpackAnalysis, type PlaceOptions } from '@overread/core/protocol';
import type { Volume } from '@overread/core/volume';
import { Connection } from './client/connection.ts';

export interface WorkerClientOptions {
  /** Absolute address of `inference-worker.js`; ONNX Runtime's files stand beside it. */
  readonly workerUrl: string;
  /** Restrictions of the site; all places are tried where nothing is said. */
  readonly places?: Partial<PlaceOptions>;
}

export interface WorkerJob {
  /** Absolute address of the model's `model.json`. */
  readonly modelUrl: string;
  /** Its samples are moved into the worker: the array is empty afterwards, whatever the outcome. */
  readonly volume: Volume;
  /** SeriesNumber (0020,0011), for the result; absent where it is not known. */
  readonly seriesNumber?: number | null;
}

export interface RunOptions {
  readonly onProgress: ProgressListener;
  readonly signal: AbortSignal;
}

/** Runs models in a worker of the browser. Runs follow one another; the worker is started by the first and kept. */
export class WorkerClient {
  readonly #options: WorkerClientOptions;
  readonly #places: PlaceOptions;
  #connection: Connection | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: WorkerClientOptions) {
    this.#options = options;
    this.#places = { maxThreads: null, allowFallbackAdapter: false, skipped: [], ...options.places };
  }

  /**
   * Runs a model on a volume. Cancelling ends the worker at once; the next run gets a fresh one.
   *
   * @throws OverreadError `run.cancelled`; `worker.load-failed`, `worker.crashed`; `runtime.…` where no place can run
   *   it or memory is short; `model.…` where the package is at fault; whatever the pipeline refuses
   */
  analyse(job: WorkerJob, options: RunOptions): Promise<Analysis> {
    const run = this.#last.then(() => this.#run(job, options));
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** Ends the worker and gives its memory back. A run in progress is cancelled; a later `analyse` starts anew. */
  release(): void {
    this.#connection?.end(new OverreadError('run.cancelled'));
    this.#connection = null;
  }

  async #run(job: WorkerJob, { onProgress, signal }: RunOptions): Promise<Analysis> {
    const cancelled = () => new OverreadError('run.cancelled');
    if (signal.aborted) throw cancelled();
    const cancel = () => this.#connection?.end(cancelled());
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const connection = await this.#prepare(job.modelUrl, onProgress, signal);
      const volume = movable(job.volume);
      const reply = await connection.request(
        (id) => ({ kind: 'analyse', id, volume, seriesNumber: job.seriesNumber ?? null }),
        volume.samples.buffer instanceof ArrayBuffer ? [volume.samples.buffer] : [],
        onProgress,
      );
      if (reply.kind !== 'analysed') throw unexpected(reply.kind);
      return unpackAnalysis(reply);
    } catch (error) {
      throw signal.aborted ? cancelled() : error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** A worker that holds the model and a place for it. At most two: the second with one thread, where more failed. */
  async #prepare(modelUrl: string, onProgress: ProgressListener, signal: AbortSignal): Promise<Connection> {
    const runtimeUrl = new URL('.', this.#options.workerUrl).href;
    let places = this.#places;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const connection = await this.#connect();
      signal.throwIfAborted();
      const asked = places;
      const reply = await connection.request(
        (id) => ({ kind: 'prepare', id, modelUrl, runtimeUrl, places: asked }),
        [],
        onProgress,
      );
      if (reply.kind === 'prepared') return connection;
      if (reply.kind !== 'restart') throw unexpected(reply.kind);
      places = reply.places;
      this.release();
    }
    throw new OverreadError('runtime.unavailable', { why: places.skipped.map((place) => place.reason).join('; ') });
  }

  async #connect(): Promise<Connection> {
    if (this.#connection?.alive !== true) this.#connection = await Connection.open(this.#options.workerUrl);
    return this.#connection;
  }
}

/** The volume with samples in a buffer of their own, so that moving them takes nothing else along. */
function movable(volume: Volume): Volume {
  const { samples } = volume;
  return samples.byteLength === samples.buffer.byteLength ? volume : { ...volume, samples: samples.slice() };
}

function unexpected(kind: string): OverreadError {
  return new OverreadError('protocol.malformed', { why: `the worker answered '${kind}' out of turn` });
}
