import { asOverreadError, type ErrorCode } from '@overread/core/errors';

/** A failure as the panel shows it: what happened, why, and what the person can do about it. Never patient data. */
export interface Problem {
  readonly code: string;
  /** What happened and why, one sentence. */
  readonly message: string;
  readonly remedy: string;
  /** Numbers and names for whoever looks into it, e.g. `expected: 143`. */
  readonly details: readonly string[];
}

/** Any thrown value as a statement for the panel. */
export function problemOf(error: unknown, code?: ErrorCode): Problem {
  const known = asOverreadError(error, code);
  return {
    code: known.code,
    message: known.message,
    remedy: known.remedy,
    details: Object.entries(known.details).map(([name, value]) => `${name}: ${String(value)}`),
  };
}
