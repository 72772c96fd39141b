import { asOverreadError, OverreadError } from '@overread/core/errors';
import type { ProgressListener } from '@overread/core/pipeline';
import {
  errorFromWire,
  parseMessage,
  workerReplySchema,
  type WorkerReply,
  type WorkerRequest,
} from '@overread/core/protocol';
import { watchLife } from '../life.ts';
import { startWorker } from '../start-worker.ts';

export type FinalReply = Exclude<WorkerReply, { kind: 'ready' | 'progress' | 'failed' }>;

interface Pending {
  readonly resolve: (reply: FinalReply) => void;
  readonly reject: (error: OverreadError) => void;
  readonly onProgress: ProgressListener;
}

/** One worker and the requests that wait for it. Once ended, for whatever reason, it stays ended. */
export class Connection {
  readonly #worker: Worker;
  readonly #pending = new Map<string, Pending>();
  readonly #ended = new AbortController();
  #ready = false;
  /** Any message on it ends a run in the middle of the graph, where ending the worker may take seconds; null without shared memory. */
  #stopLine: MessagePort | null = null;
  #settleReady: { resolve(): void; reject(error: OverreadError): void } | null = null;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** @throws OverreadError `worker.load-failed` where its script cannot be had or does not run */
  static async open(url: string): Promise<Connection> {
    const name = `overread-${randomId()}`;
    let worker: Worker;
    try {
      worker = startWorker(url, name);
    } catch (cause) {
      throw asOverreadError(cause, 'worker.load-failed');
    }
    const connection = new Connection(worker);
    await connection.#waitUntilReady(url);
    watchLife(name, () => connection.#crashed('it ended without a word'), connection.#ended.signal);
    return connection;
  }

  get alive(): boolean {
    return !this.#ended.signal.aborted;
  }

  /** Sends a request (`build` gets its id) and waits for its final answer. */
  request(
    build: (id: string) => WorkerRequest,
    transfer: Transferable[],
    onProgress: ProgressListener,
  ): Promise<FinalReply> {
    const message = build(randomId());
    return new Promise((resolve, reject) => {
      if (!this.alive) {
        reject(asOverreadError(this.#ended.signal.reason, 'worker.crashed'));
        return;
      }
      this.#pending.set(message.id, { resolve, reject, onProgress });
      this.#worker.postMessage(message, transfer);
    });
  }

  /** Ends the worker at once, even in the middle of a run; what waits is rejected with `error`. */
  end(error: OverreadError): void {
    if (!this.alive) return;
    this.#ended.abort(error);
    this.#stopLine?.postMessage(null);
    this.#worker.terminate();
    this.#settleReady?.reject(error);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #waitUntilReady(url: string): Promise<void> {
    const { signal } = this.#ended;
    this.#worker.addEventListener('message', (event: MessageEvent<unknown>) => this.#receive(event), { signal });
    this.#worker.addEventListener('messageerror', () => this.#crashed('its answer could not be read'), { signal });
    this.#worker.addEventListener(
      'error',
      (event) => {
        event.preventDefault();
        const why = event.message ? `${url}: ${event.message}` : `${url} could not be loaded`;
        if (this.#ready) this.#crashed(event.message);
        else this.end(new OverreadError('worker.load-failed', { why }));
      },
      { signal },
    );
    return new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
  }

  #receive({ data, ports }: MessageEvent<unknown>): void {
    try {
      this.#handle(parseMessage(workerReplySchema, data, 'answer of the worker'), ports);
    } catch (error) {
      this.end(asOverreadError(error));
    }
  }

  #handle(reply: WorkerReply, ports: readonly MessagePort[]): void {
    if (reply.kind === 'ready') {
      this.#ready = true;
      this.#stopLine = ports[0] ?? null;
      this.#settleReady?.resolve();
      return;
    }
    const pending = this.#pending.get(reply.id);
    if (reply.kind === 'progress') {
      pending?.onProgress(reply.progress);
      return;
    }
    this.#pending.delete(reply.id);
    if (reply.kind === 'failed') pending?.reject(errorFromWire(reply.error));
    else pending?.resolve(reply);
  }

  #crashed(why: string): void {
    this.end(new OverreadError('worker.crashed', { why: why.replace(/\.$/, '') || 'it gave no reason' }));
  }
}

/** `crypto.randomUUID` is absent on plain HTTP; `getRandomValues` is not. */
function randomId(): string {
  return [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join('');
}
