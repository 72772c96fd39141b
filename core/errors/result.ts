import type { OverreadError } from './overread-error.ts';

/** A value, or why there is none. For answers where *no* is ordinary (a series that is no volume); faults are thrown. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  /** `reason` is the error's text, fit for a person. */
  | { readonly ok: false; readonly reason: string; readonly error: OverreadError };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refusal(error: OverreadError): Result<never> {
  return { ok: false, reason: error.message, error };
}
