import { isOverreadError, type ErrorCode, type OverreadError } from '@overread/core/errors';

/** The worker is gone, or no longer what was asked, or not to be asked again after what happened in it. */
const ends: readonly ErrorCode[] = [
  'worker.crashed',
  'run.cancelled',
  'protocol.malformed',
  'prompt.closed',
  'runtime.failed',
  'runtime.out-of-memory',
];

/** Whether a model that failed so goes on with the next question; otherwise it has to be opened again. */
export function isRefusal(error: unknown): error is OverreadError {
  return isOverreadError(error) && !ends.includes(error.code);
}
