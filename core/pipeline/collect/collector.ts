import type { Tensor } from '../runtime.ts';
import type { Window } from '../windows/window.ts';

/** The outputs of one call of the graph, by name. */
export type GraphAnswer = Readonly<Record<string, Tensor>>;

/**
 * Takes what the graph says, window by window, and keeps only what the result needs. Each kind of output has a collector of its own with a
 * `result()` of its own.
 */
export interface Collector {
  /**
   * What one call of the graph said about a window of the prepared grid. Windows come in the order of `windowsOf`; those that are not run
   * do not come. The tensors are the collector's to read during the call, not to keep: their memory is used again.
   * @throws OverreadError `pipeline.bad-output` naming the output
   */
  add(outputs: GraphAnswer, window: Window): void;
}
