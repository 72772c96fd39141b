import type { Manifest } from '../../model/index.ts';
import { badOutput, floatRows } from '../rows.ts';
import type { Window } from '../windows/window.ts';
import type { Collector, GraphAnswer } from './collector.ts';

export type RegressionOutput = Extract<Manifest['outputs'][number], { kind: 'regression' }>;

/** Numbers that a graph gives, from all windows. */
export class RegressionCollector implements Collector {
  readonly #output: RegressionOutput;
  readonly #rank: 2 | 3;
  readonly #sums: Float64Array;
  #count = 0;

  /** @param rank spatial axes of the graph's input: with 2, a row is a slice */
  constructor(output: RegressionOutput, rank: 2 | 3) {
    this.#output = output;
    this.#rank = rank;
    this.#sums = new Float64Array(output.values.length);
  }

  add(outputs: GraphAnswer, { input, core }: Window): void {
    const { name, values } = this.#output;
    const { data, dims } = floatRows(outputs, name);
    const rows = this.#rank === 2 ? input.max[2] - input.min[2] + 1 : 1;
    if (data.length !== rows * values.length) {
      throw badOutput(name, `its shape is [${dims.join(', ')}] where [${rows}, ${values.length}] was expected`);
    }
    if (!data.every(Number.isFinite)) throw badOutput(name, 'it holds numbers without bounds');
    for (let row = 0; row < rows; row++) {
      const slice = input.min[2] + row;
      if (this.#rank === 2 && (slice < core.min[2] || slice > core.max[2])) continue;
      for (let n = 0; n < values.length; n++) this.#sums[n]! += data[row * values.length + n]!;
      this.#count++;
    }
  }

  /** The values in their units, in the manifest's order: the mean of all windows or slices. Null where none was run. */
  result(): readonly number[] | null {
    if (this.#count === 0) return null;
    return this.#output.values.map(({ scale, offset }, n) => (this.#sums[n]! / this.#count) * scale + offset);
  }
}
