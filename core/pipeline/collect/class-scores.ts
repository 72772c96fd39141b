import type { Manifest } from '../../model/index.ts';
import { activate } from '../activation.ts';
import { badOutput, floatRows } from '../rows.ts';
import type { Window } from '../windows/window.ts';
import type { Collector, GraphAnswer } from './collector.ts';

export type ClassScoresOutput = Extract<Manifest['outputs'][number], { kind: 'classScores' }>;

/** Scores of the manifest's classes, in its order, background left out. */
export interface ClassScores {
  /** Of the series; null where no window was run. */
  readonly series: Float64Array | null;
  /** Of each slice k of the prepared grid that was run, by k; empty where the graph speaks of windows only. */
  readonly slices: ReadonlyMap<number, Float64Array>;
}

/** Scores of a classifier, from all windows. */
export class ClassScoresCollector implements Collector {
  readonly #output: ClassScoresOutput;
  readonly #bySlice: boolean;
  /** Sums of the scores, by slice or by number of the window: slices of overlapping windows come more than once. */
  readonly #parts = new Map<number, { readonly sum: Float64Array; count: number }>();
  #windows = 0;

  /** @param rank spatial axes of the graph's input: with 2, a row is a slice in any case */
  constructor(output: ClassScoresOutput, rank: 2 | 3) {
    this.#output = output;
    this.#bySlice = rank === 2 || output.per === 'slice';
  }

  add(outputs: GraphAnswer, { input, core }: Window): void {
    const { name, classes, background, activation } = this.#output;
    const skipped = background ? 1 : 0;
    const columns = classes.length + skipped;
    const { data, dims } = floatRows(outputs, name);
    const rows = this.#bySlice ? input.max[2] - input.min[2] + 1 : 1;
    if (data.length !== rows * columns || dims.at(-1) !== columns) {
      throw badOutput(name, `its shape is [${dims.join(', ')}] where [${rows}, ${columns}] was expected`);
    }
    const window = this.#windows++;
    for (let row = 0; row < rows; row++) {
      const slice = input.min[2] + row;
      if (this.#bySlice && (slice < core.min[2] || slice > core.max[2])) continue;
      const scores = Float64Array.from(data.subarray(row * columns, (row + 1) * columns));
      activate(scores, activation);
      if (!scores.every(Number.isFinite)) throw badOutput(name, 'it holds scores without bounds');
      this.#put(this.#bySlice ? slice : window, scores.subarray(skipped));
    }
  }

  result(): ClassScores {
    const means = new Map([...this.#parts].map(([part, { sum, count }]) => [part, sum.map((value) => value / count)]));
    return { series: combined([...means.values()], this.#output.combine), slices: this.#bySlice ? means : new Map() };
  }

  #put(part: number, scores: Float64Array): void {
    const known = this.#parts.get(part);
    if (known === undefined) {
      this.#parts.set(part, { sum: scores.slice(), count: 1 });
      return;
    }
    for (const [n, score] of scores.entries()) known.sum[n]! += score;
    known.count++;
  }
}

/** Class by class, the largest or the mean of all; null of none. */
function combined(all: readonly Float64Array[], how: ClassScoresOutput['combine']): Float64Array | null {
  const [first] = all;
  if (first === undefined) return null;
  return first.map((_, n) => {
    const scores = all.map((one) => one[n]!);
    return how === 'max' ? Math.max(...scores) : scores.reduce((sum, score) => sum + score, 0) / scores.length;
  });
}
