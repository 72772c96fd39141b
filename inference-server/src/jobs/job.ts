import type {
  AnalysisRequest,
  ExplanationRequest,
  JobEvent,
  JobStatus,
  PackedAnalysis,
  PackedHeatMap,
} from '@overread/core/protocol';

/** What is asked for. */
export type Task =
  | { readonly kind: 'analysis'; readonly request: AnalysisRequest }
  | { readonly kind: 'explanation'; readonly request: ExplanationRequest };

/** What a task comes to; taken apart for the wire. */
export type Packed = PackedAnalysis | PackedHeatMap;

export interface Job {
  readonly id: string;
  readonly task: Task;
  readonly createdAt: string;
  /** Its work has begun. */
  readonly started: boolean;
  /** What was told last. */
  readonly last: JobEvent;
  /** Null unless done. */
  readonly result: Packed | null;
}

export type Listener = (event: JobEvent) => void;

/** The work of a job. */
export interface Computation {
  /** Rejects with an OverreadError; `run.cancelled` after `cancel`. */
  readonly result: Promise<Packed>;
  /** Ends it at once. */
  cancel(): void;
}

/** A job as `GET /analyses/:id` tells it. */
export function statusOf({ id, task, createdAt, started, last }: Job): JobStatus {
  const facts = { id, request: task.request, createdAt };
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
