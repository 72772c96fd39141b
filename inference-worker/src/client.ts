import type { Analysis, ComputePlace, HeatMap } from '@overread/core/analysis';
import { isOverreadError, OverreadError, reasonOf } from '@overread/core/errors';
import type { ExplainedClass } from '@overread/core/model';
import type { ProgressListener } from '@overread/core/pipeline';
import { unpackAnalysis, type PlaceOptions, type WorkerRequest } from '@overread/core/protocol';
import type { Volume } from '@overread/core/volume';
import { Connection, type FinalReply } from './client/connection.ts';
import { allMovable, buffersOf, movable, type Volumes } from './client/movable.ts';
import { WorkerPrompts } from './client/worker-prompts.ts';

export interface WorkerClientOptions {
  /** Absolute address of `inference-worker.js`; ONNX Runtime's files stand beside it. */
  readonly workerUrl: string;
  /** Restrictions of the site; all places are tried where nothing is said. */
  readonly places?: Partial<PlaceOptions>;
}

export interface WorkerJob {
  /** Absolute address of the model's `model.json`. */
  readonly modelUrl: string;
  /**
   * Its samples are moved into the worker: the array is empty afterwards, whatever the outcome. It may still be on its way:
   * the worker gets ready meanwhile.
   */
  readonly volume: Volume | Promise<Volume>;
  /** The series of the model's other channels, by the channel's name; moved likewise. */
  readonly others?: Volumes | Promise<Volumes>;
  /** SeriesNumber (0020,0011), for the result; absent where it is not known. */
  readonly seriesNumber?: number | null;
}

/** What is moved into the worker. */
interface HandedOver {
  readonly volume: Volume;
  readonly others: Volumes;
}

export interface RunOptions {
  readonly onProgress: ProgressListener;
  readonly signal: AbortSignal;
}

/** Runs models in a worker of the browser. Runs follow one another; the worker is started by the first and kept. */
export class WorkerClient {
  readonly #options: WorkerClientOptions;
  readonly #places: PlaceOptions;
  /** What a run of a model found to be too much, by the model's address: the next one need not find out again. */
  readonly #learned = new Map<string, PlaceOptions>();
  #connection: Promise<Connection> | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: WorkerClientOptions) {
    this.#options = options;
    this.#places = { maxThreads: null, allowFallbackAdapter: false, skipped: [], tooLarge: [], ...options.places };
  }

  /**
   * Runs a model on a volume. Cancelling rejects at once and ends the worker; the next run gets a fresh one. What the
   * ended worker still computes is the current node of the graph in a cross-origin isolated page, elsewhere the rest of
   * its current tile (a browser breaks off a longer one: Chromium after 2 s).
   *
   * @throws OverreadError `run.cancelled`; `worker.load-failed`, `worker.crashed`; `runtime.…` where no place can run
   *   it or memory is short; `model.…` where the package is at fault; whatever the pipeline refuses
   */
  analyse(job: WorkerJob, options: RunOptions): Promise<Analysis> {
    // A volume that fails before it is asked for is dealt with then.
    for (const series of [job.volume, job.others]) Promise.resolve(series).catch(() => undefined);
    return this.#inTurn(async () => {
      const { seriesNumber = null } = job;
      const reply = await this.#compute(job, options, (id, series) => ({
        kind: 'analyse',
        id,
        ...series,
        seriesNumber,
      }));
      if (reply.kind !== 'analysed') throw unexpected(reply.kind);
      if (reply.spent) this.release();
      return unpackAnalysis(reply);
    }, options);
  }

  /**
   * What the score of a class rests on, by covering the images block by block: as many runs as there are blocks. Cancelled and refused like
   * `analyse`; where a place gives up on the way, the next one begins anew.
   */
  explain(job: WorkerJob & { readonly of: ExplainedClass }, options: RunOptions): Promise<HeatMap> {
    for (const series of [job.volume, job.others]) Promise.resolve(series).catch(() => undefined);
    return this.#inTurn(async () => {
      const { of } = job;
      const reply = await this.#compute(job, options, (id, series) => ({ kind: 'explain', id, ...series, of }));
      if (reply.kind !== 'explained') throw unexpected(reply.kind);
      return reply.heatMap;
    }, options);
  }

  /**
   * Opens a promptable model on a volume; one is open at a time, and an earlier one answers no more. Whatever ends the worker (a cancelled
   * run, `release`) ends it too, so prompts that shall outlive runs want a client of their own. Where a GPU fails over a prompt, the model is
   * opened at the next place after that.
   */
  openPrompts(job: Omit<WorkerJob, 'others' | 'seriesNumber'>, options: RunOptions): Promise<WorkerPrompts> {
    Promise.resolve(job.volume).catch(() => undefined);
    return this.#inTurn(async () => {
      const { connection, volume, place } = await this.#handOver(job, options);
      const learning = <T>(answer: Promise<T>): Promise<T> =>
        answer.catch((error: unknown) => {
          this.#ruleOutGpu(job.modelUrl, place, error);
          throw error;
        });
      const request = connection.request(
        (id) => ({ kind: 'open-prompts', id, volume }),
        buffersOf(volume),
        options.onProgress,
      );
      const reply = await learning(request);
      if (reply.kind !== 'done') throw unexpected(reply.kind);
      return new WorkerPrompts(connection, reply.id, (work) => this.#queued(() => learning(work())));
    }, options);
  }

  /** A GPU that runs the self-test may still fail over a slice. WebAssembly is the last place: there is none to go on to. */
  #ruleOutGpu(modelUrl: string, { runtime }: ComputePlace, error: unknown): void {
    if (runtime !== 'webgpu' || !isOverreadError(error) || !error.code.startsWith('runtime.')) return;
    const places = this.#learned.get(modelUrl) ?? this.#places;
    if (places.skipped.some((entry) => entry.runtime === runtime)) return;
    this.#learned.set(modelUrl, { ...places, skipped: [...places.skipped, { runtime, reason: reasonOf(error) }] });
  }

  /** Ends the worker and gives its memory back. A run in progress is cancelled; a later `analyse` starts anew. */
  release(): void {
    const ending = this.#connection;
    this.#connection = null;
    ending?.then(
      (connection) => connection.end(new OverreadError('run.cancelled')),
      () => undefined,
    );
  }

  /** Runs work when what came before is done. */
  #queued<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  #inTurn<T>(work: () => Promise<T>, options: RunOptions): Promise<T> {
    return this.#queued(() => this.#cancellable(work, options));
  }

  async #cancellable<T>(work: () => Promise<T>, { signal }: RunOptions): Promise<T> {
    const { promise: aborted, reject } = rejectable();
    const cancel = () => {
      this.release();
      reject(new OverreadError('run.cancelled'));
    };
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await Promise.race([aborted, work()]);
    } catch (error) {
      // WebAssembly memory never shrinks: only a fresh worker gives it back.
      if (isOverreadError(error) && error.code === 'runtime.out-of-memory') this.release();
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** A worker that holds the model, and the volumes ready to be moved there. */
  async #handOver(job: WorkerJob, options: RunOptions) {
    options.signal.throwIfAborted();
    const places = this.#learned.get(job.modelUrl) ?? this.#places;
    const { connection, place } = await this.#prepare(job.modelUrl, places, options);
    const volume = movable(await job.volume);
    const others = allMovable((await job.others) ?? {});
    options.signal.throwIfAborted();
    return { connection, place, volume, others };
  }

  /**
   * Has a worker compute on the series of a job, in fresh ones at the next places where the first asks for that.
   * @param ask the request, from its id and the series
   */
  async #compute(
    job: WorkerJob,
    options: RunOptions,
    ask: (id: string, series: HandedOver) => WorkerRequest,
  ): Promise<FinalReply> {
    const { signal, onProgress } = options;
    signal.throwIfAborted();
    let places = this.#learned.get(job.modelUrl) ?? this.#places;
    // One after the other: a volume that fails is noticed when the worker is free for the next request.
    let { connection } = await this.#prepare(job.modelUrl, places, options);
    let handedOver: HandedOver = { volume: movable(await job.volume), others: allMovable((await job.others) ?? {}) };
    for (;;) {
      signal.throwIfAborted();
      const series = handedOver;
      const buffers = [series.volume, ...Object.values(series.others)].flatMap(buffersOf);
      const reply = await connection.request((id) => ask(id, series), buffers, onProgress);
      if (reply.kind !== 'restart') return reply;
      // Each restart rules out a place or a size of windows, so there is an end to them.
      if (reply.handedOver === null) throw unexpected(reply.kind);
      ({ places, handedOver } = { places: reply.places, handedOver: reply.handedOver });
      this.#learned.set(job.modelUrl, places);
      this.release();
      ({ connection } = await this.#prepare(job.modelUrl, places, options));
    }
  }

  /** A worker that holds the model and a place for it; a fresh one where the first asks for that. */
  async #prepare(
    modelUrl: string,
    places: PlaceOptions,
    { onProgress, signal }: RunOptions,
    restarts = 0,
  ): Promise<{ readonly connection: Connection; readonly place: ComputePlace }> {
    const connection = await this.#connect();
    signal.throwIfAborted();
    const runtimeUrl = new URL('.', this.#options.workerUrl).href;
    const reply = await connection.request(
      (id) => ({ kind: 'prepare', id, modelUrl, runtimeUrl, places }),
      [],
      onProgress,
    );
    if (reply.kind === 'prepared') return { connection, place: reply.place };
    // Once to get rid of another model's memory, once for one thread.
    if (reply.kind !== 'restart' || restarts === 2) throw unexpected(reply.kind);
    this.release();
    return this.#prepare(modelUrl, reply.places, { onProgress, signal }, restarts + 1);
  }

  async #connect(): Promise<Connection> {
    const connection = await this.#connection?.catch(() => null);
    if (connection?.alive === true) return connection;
    this.#connection = Connection.open(this.#options.workerUrl);
    return this.#connection;
  }
}

function unexpected(kind: string): OverreadError {
  return new OverreadError('protocol.malformed', { why: `the worker answered '${kind}' out of turn` });
}

/** A promise that only ever rejects. */
function rejectable(): { promise: Promise<never>; reject: (error: OverreadError) => void } {
  let reject: (error: OverreadError) => void = () => undefined;
  const promise = new Promise<never>((_, settle) => (reject = settle));
  return { promise, reject };
}
