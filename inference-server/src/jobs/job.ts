import type { JobEvent, JobStatus, PackedAnalysis } from '@overread/core/protocol';

/** The last event of a job says what state it is in. */
export interface Job {
  readonly id: string;
  readonly request: JobStatus['request'];
  readonly createdAt: string;
  readonly last: JobEvent | null;
  /** Null unless done. */
  readonly result: PackedAnalysis | null;
}

export type Listener = (event: JobEvent) => void;

/** A job as `GET /analyses/:id` tells it. */
export function statusOf({ id, request, createdAt, last }: Job): JobStatus {
  const facts = { id, request, createdAt };
  switch (last?.kind) {
    case undefined:
      return { ...facts, state: 'running', progress: null };
    case 'queued':
      return { ...facts, state: 'queued', ahead: last.ahead };
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
export function isFinal(event: JobEvent | null): boolean {
  return event !== null && (event.kind === 'done' || event.kind === 'failed' || event.kind === 'cancelled');
}
