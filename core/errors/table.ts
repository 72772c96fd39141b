/**
 * Every error of the project: what happened, and what the person can do about it.
 * `status` is the HTTP status when the error leaves the companion server.
 * What exactly was wrong (which file, which slice, which number) travels in `OverreadError.details`.
 */
export interface ErrorEntry {
  readonly what: string;
  readonly remedy: string;
  readonly status: number;
}

export const errorTable = {
  'internal.unexpected': {
    what: 'Something went wrong that Overread did not foresee',
    remedy: 'Try again; if it happens twice, report it with the technical detail.',
    status: 500,
  },
  'run.cancelled': {
    what: 'The run was cancelled',
    remedy: 'Start it again when you want the result.',
    status: 499,
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;
