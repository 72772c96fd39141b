import { errorTable, type ErrorCode } from './table.ts';

/** Facts about the case: numbers, field names, UIDs. Never patient data. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;

export interface ErrorOptions {
  /** What it happened to and why, as one sentence without a full stop. Never patient data. */
  readonly why?: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** The one error type that crosses a room's door. Its text is fit for a person; its code is fit for a program. */
export class OverreadError extends Error {
  readonly code: ErrorCode;
  readonly why: string | null;
  readonly remedy: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    const entry = errorTable[code];
    super(options.why === undefined ? `${entry.what}.` : `${entry.what}: ${options.why}.`, { cause: options.cause });
    this.name = 'OverreadError';
    this.code = code;
    this.why = options.why ?? null;
    this.remedy = entry.remedy;
    this.details = options.details ?? {};
  }
}

export function isOverreadError(error: unknown): error is OverreadError {
  return error instanceof OverreadError;
}

/** Any thrown value as an OverreadError; one that already is stays itself. */
export function asOverreadError(error: unknown, code: ErrorCode = 'internal.unexpected'): OverreadError {
  if (isOverreadError(error)) return error;
  return new OverreadError(code, { why: reasonOf(error), cause: error });
}

const longestReason = 500;

/**
 * What was thrown, as a clause fit for `why`: the reason of an error of ours, else the message, on one line and without
 * its full stop.
 */
export function reasonOf(thrown: unknown): string {
  if (isOverreadError(thrown) && thrown.why !== null) return thrown.why;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, longestReason);
}
