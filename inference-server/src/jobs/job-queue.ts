import { randomUUID } from 'node:crypto';
import { asOverreadError, OverreadError } from '@overread/core/errors';
import { errorToWire, type JobEvent } from '@overread/core/protocol';
import { isFinal, type Computation, type Job, type Listener, type Packed, type Task } from './job.ts';

export interface QueueOptions {
  /** Starts the work of a job, one at a time. */
  readonly start: (task: Task, onEvent: Listener) => Computation;
  /** Jobs that may wait. */
  readonly maxWaiting: number;
  /** Finished jobs that are kept, the oldest let go first. */
  readonly maxKept: number;
  /** How long a finished job is kept, milliseconds. */
  readonly keepFor: number;
}

interface Entry {
  job: Job;
  computation: Computation | null;
  finishedAt: number | null;
  readonly listeners: Set<Listener>;
}

/** Runs jobs one after another in the order they came, and keeps what came of them for a while. All in memory. */
export class JobQueue {
  readonly #options: QueueOptions;
  /** In order of arrival. */
  readonly #entries = new Map<string, Entry>();
  #closed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** @throws OverreadError `server.busy` */
  add(task: Task): Job {
    this.#forgetOld();
    const waiting = this.#waiting();
    if (waiting.length >= this.#options.maxWaiting) {
      throw new OverreadError('server.busy', {
        why: `${waiting.length} are waiting`,
        details: { waiting: waiting.length },
      });
    }
    const id = randomUUID();
    const last = { kind: 'queued', ahead: waiting.length + (this.running > 0 ? 1 : 0) } as const;
    const job = { id, task, createdAt: new Date().toISOString(), started: false, last, result: null };
    const entry: Entry = { job, computation: null, finishedAt: null, listeners: new Set() };
    this.#entries.set(id, entry);
    this.#startNext();
    return entry.job;
  }

  /** @throws OverreadError `server.not-found` */
  get(id: string): Job {
    return this.#entry(id).job;
  }

  /** Calls the listener with the last event, then with each as it comes. @returns stops it */
  listen(id: string, listener: Listener): () => void {
    const { job, listeners } = this.#entry(id);
    listener(job.last);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Cancels a job that waits or runs; forgets one that is finished. */
  remove(id: string): void {
    const entry = this.#entry(id);
    if (isFinal(entry.job.last)) {
      this.#entries.delete(id);
      return;
    }
    entry.computation?.cancel();
    if (entry.computation === null) this.#finish(entry, { kind: 'cancelled' }, null);
  }

  get waiting(): number {
    return this.#waiting().length;
  }

  get running(): number {
    return [...this.#entries.values()].filter((entry) => entry.computation !== null && entry.finishedAt === null)
      .length;
  }

  /** Ends everything; no job is started any more. */
  close(): void {
    this.#closed = true;
    for (const entry of this.#entries.values()) entry.computation?.cancel();
    this.#entries.clear();
  }

  #startNext(): void {
    const [next] = this.#waiting();
    if (next === undefined || this.running > 0 || this.#closed) return;
    const computation = this.#options.start(next.job.task, (event) => this.#tell(next, event));
    next.computation = computation;
    next.job = { ...next.job, started: true };
    computation.result
      .then(
        (result) => this.#finish(next, { kind: 'done' }, result),
        (error: unknown) => this.#finish(next, outcomeOf(error), null),
      )
      .finally(() => this.#startNext());
    this.#waiting().forEach((entry, at) => this.#tell(entry, { kind: 'queued', ahead: at + 1 }));
  }

  #finish(entry: Entry, event: JobEvent, result: Packed | null): void {
    entry.finishedAt = Date.now();
    entry.job = { ...entry.job, result };
    this.#tell(entry, event);
    entry.listeners.clear();
    this.#forgetOld();
  }

  #tell(entry: Entry, event: JobEvent): void {
    if (isFinal(entry.job.last)) return;
    entry.job = { ...entry.job, last: event };
    for (const listener of entry.listeners) listener(event);
  }

  #waiting(): Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.computation === null && entry.finishedAt === null);
  }

  #forgetOld(): void {
    const finished = [...this.#entries.values()].filter((entry) => entry.finishedAt !== null);
    const tooOld = Date.now() - this.#options.keepFor;
    finished.forEach((entry, at) => {
      const spare = finished.length - at > this.#options.maxKept;
      if (spare || (entry.finishedAt ?? Infinity) < tooOld) this.#entries.delete(entry.job.id);
    });
  }

  #entry(id: string): Entry {
    this.#forgetOld();
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new OverreadError('server.not-found', { why: 'no job of this id' });
    return entry;
  }
}

function outcomeOf(error: unknown): JobEvent {
  const known = asOverreadError(error);
  return known.code === 'run.cancelled' ? { kind: 'cancelled' } : { kind: 'failed', error: errorToWire(known) };
}
