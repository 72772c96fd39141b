import { OverreadError, type ErrorCode, type ErrorDetails } from '../errors/index.ts';

/** One reason why a series is no volume. */
export interface Problem {
  readonly code: ErrorCode;
  /** With the numbers, as a sentence without a full stop. */
  readonly why: string;
  readonly details: ErrorDetails;
}

/** All reasons as one error: the first names the code, the others follow it. */
export function problemError(problems: readonly [Problem, ...Problem[]]): OverreadError {
  return new OverreadError(problems[0].code, {
    why: problems.map((problem) => problem.why).join('; '),
    details: Object.assign({}, ...problems.map((problem) => problem.details).toReversed()) as ErrorDetails,
  });
}

/** Millimetres as messages write them. */
export const mm = (value: number): string => `${value.toFixed(2)} mm`;

/** At most `limit` of the values, for a message. */
export function someOf(values: readonly string[], limit = 6): string {
  const shown = values.slice(0, limit).join(', ');
  return values.length > limit ? `${shown} and ${values.length - limit} more` : shown;
}
