import type { JobEvent, JobStatus, PackedAnalysis } from '@overread/core/protocol';

export interface Job {
  readonly id: string;
  readonly request: JobStatus['request'];
  readonly createdAt: string;
  /** Its work has begun. */
  readonly started: boolean;
  /** What was told last. */
  readonly last: JobEvent;
  /** Null unless done. */
  readonly result: PackedAnalysis | null;
}

export type Listener = (event: JobEvent) => void;

/** The work of a job. */
export interface Computation {
  /** Rejects with an OverreadError; `run.cancelled` after `cancel`. */
  readonly result: Promise<PackedAnalysis>;
  /** Ends it at once. */
  cancel(): void;
}

/** A job as `GET /analyses/:id` tells it. */
export function statusOf({ id, request, createdAt, started, last }: Job): JobStatus {
  const facts = { id, request, createdAt };
  switch (last.kind) {
    case 'queued':
      return started
        ? { ...facts, state: 'running', progress: null }
        : { ...facts, state: 'queued', ahead: last.ahead };
    case 'progress':
      return { ...facts, state: 'running', progress: last.progress };
    case 'done':
      return { ...facts, state: 'done' };
    case 'failed':
      return { ...facts, state: 'failed', error: last.error };
    case 'cancelled':
      return { ...facts, state: 'cancelled' };
  }
}

/** True for the event after which nothing more comes. */
export function isFinal({ kind }: JobEvent): boolean {
  return kind === 'done' || kind === 'failed' || kind === 'cancelled';
}
