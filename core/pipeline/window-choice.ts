import type { RuntimeKind } from '../analysis/index.ts';
import { isOverreadError, OverreadError, reasonOf, type Notice } from '../errors/index.ts';
import type { LoadedModel } from '../model/index.ts';

/** Windows that were too much for a place, and how that showed. */
export interface TooLarge {
  readonly runtime: RuntimeKind;
  /** Their size, as `windowOf` says it. */
  readonly window: string;
  readonly reason: string;
}

/** A model with the windows it is to be run with. */
export interface FittingModel {
  readonly model: LoadedModel;
  /** For the result: that the windows are smaller than the manifest's first choice. */
  readonly warnings: readonly Notice[];
}

/**
 * Tries a model with the largest windows that its manifest offers, and smaller ones where memory is short.
 * @param tooLarge what was found out before
 * @param attempt gets the model ready at the place; called once or more, and not again once it succeeded
 * @throws OverreadError what the last `attempt` throws, or at once what is no want of memory
 */
export async function withLargestWindows(
  { model, runtime, tooLarge }: { model: LoadedModel; runtime: RuntimeKind; tooLarge: readonly TooLarge[] },
  attempt: (model: LoadedModel) => Promise<void>,
): Promise<FittingModel> {
  let short: { readonly reason: string; readonly error: unknown } | null = null;
  for (const choice of choicesOf(model)) {
    const window = windowOf(choice);
    const before = tooLarge.find((entry) => entry.runtime === runtime && entry.window === window);
    if (before !== undefined) {
      short = { reason: before.reason, error: new OverreadError('runtime.out-of-memory', { why: before.reason }) };
      continue;
    }
    try {
      await attempt(choice);
      return { model: choice, warnings: short === null || window === null ? [] : [notice(window, short.reason)] };
    } catch (error) {
      if (!isOverreadError(error) || error.code !== 'runtime.out-of-memory') throw error;
      short = { reason: reasonOf(error), error };
    }
  }
  throw short?.error;
}

/** Size of a model's windows [D, H, W] in words; null where the whole volume or single slices are run. */
export function windowOf({ manifest }: LoadedModel): string | null {
  const { patch } = manifest.input;
  return patch.mode === 'slidingWindow' ? patch.size.join(' × ') : null;
}

/** Whether a model may be run with smaller windows than these. */
export function hasSmallerWindows(model: LoadedModel, than: string | null): boolean {
  return choicesOf(model).findIndex((choice) => windowOf(choice) === than) < choicesOf(model).length - 1;
}

function choicesOf(model: LoadedModel): readonly LoadedModel[] {
  const { manifest } = model;
  const { input } = manifest;
  const { patch } = input;
  if (patch.mode !== 'slidingWindow') return [model];
  const withSize = (size: (typeof patch)['size']): LoadedModel => ({
    ...model,
    manifest: { ...manifest, input: { ...input, patch: { ...patch, size } } },
  });
  return [model, ...patch.smaller.map(withSize)];
}

function notice(used: string, because: string): Notice {
  return {
    code: 'pipeline.smaller-windows',
    message: `Memory was short, so windows of ${used} voxels were used instead of larger ones; the result may differ a little, most of all near their seams. (${because})`,
  };
}
