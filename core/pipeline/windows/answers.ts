import type { GraphAnswer } from '../collect/collector.ts';
import type { FloatTensor } from './feed.ts';
import type { Window } from './window.ts';

export interface Answers {
  readonly windows: readonly Window[];
  /** The tensor of a window; one that was cut before the last one may be used again for it. */
  readonly cut: (window: Window) => FloatTensor;
  readonly ask: (tensor: FloatTensor, window: Window) => Promise<GraphAnswer>;
  /** Whether the graph runs while other work is done here. */
  readonly ahead: boolean;
}

export interface AnsweredWindow {
  readonly window: Window;
  /** The graph's answer; already there where windows are not run ahead. */
  readonly answer: GraphAnswer;
}

/**
 * What the graph says of each window, in order. Where it runs elsewhere, the next window is cut while one is run, and run while the caller
 * takes what was said of the one before: at most two windows and two answers are in memory.
 *
 * A caller that stops early waits for the run that was begun: a session must not be released under it.
 */
export async function* answersTo({ windows, cut, ask, ahead }: Answers): AsyncGenerator<AnsweredWindow, void> {
  if (!ahead) {
    for (const window of windows) yield { window, answer: await ask(cut(window), window) };
    return;
  }
  let running: { readonly window: Window; readonly answer: Promise<GraphAnswer> } | null = null;
  try {
    for (const window of windows) {
      const tensor = cut(window);
      const before: AnsweredWindow | null = running && { window: running.window, answer: await running.answer };
      running = { window, answer: ask(tensor, window) };
      // Who waits for it comes later; until then its failure is not one that nobody looks at.
      running.answer.catch(() => undefined);
      if (before !== null) yield before;
    }
    if (running !== null) yield { window: running.window, answer: await running.answer };
  } finally {
    await running?.answer.catch(() => undefined);
  }
}
