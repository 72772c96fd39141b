import type { ComputePlace, RuntimeKind } from '../analysis/index.ts';
import { isOverreadError, reasonOf } from '../errors/index.ts';
import type { LoadedModel } from '../model/index.ts';
import { hasSmallerWindows, windowOf, type TooLarge } from './window-choice.ts';

/** What not to try (again), and why. */
export interface RuledOut {
  readonly skipped: ComputePlace['skipped'];
  readonly tooLarge: readonly TooLarge[];
}

/** A run that failed: the model as its package has it, and how it was run. */
export interface FailedRun {
  readonly model: LoadedModel;
  /** With the windows that it was run with. */
  readonly used: LoadedModel;
  readonly runtime: RuntimeKind;
  /** There is another place after this one. */
  readonly elsewhere: boolean;
}

/**
 * What a failed run rules out besides what was ruled out before: windows of its size where memory was short, else the place
 * where there is another. Null where nothing is left to try, or trying again is no help.
 */
export function ruledOutBy(error: unknown, run: FailedRun, before: RuledOut): RuledOut | null {
  if (!isOverreadError(error) || !(error.code.startsWith('runtime.') || error.code === 'worker.crashed')) return null;
  const reason = reasonOf(error);
  const { runtime } = run;
  const window = windowOf(run.used);
  if (error.code === 'runtime.out-of-memory' && window !== null && hasSmallerWindows(run.model, window)) {
    return { ...before, tooLarge: [...before.tooLarge, { runtime, window, reason }] };
  }
  return run.elsewhere ? { ...before, skipped: [...before.skipped, { runtime, reason }] } : null;
}
