import { OverreadError } from '../../errors/index.ts';
import { voxelCount, type Grid } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { TensorData } from '../runtime.ts';
import type { Collector } from './collector.ts';
import { forCoreRows } from './core-rows.ts';
import type { LabelsResult } from './labels.ts';
import { notFiniteIn, tensorNamed, viewOf } from './output-view.ts';

/** What the labels of an output are called; any output that has them. */
type Labelled = Pick<Extract<Manifest['outputs'][number], { kind: 'labelMap' }>, 'name' | 'labels'>;

/**
 * Labels that the graph itself chose, as whole numbers of any type: n is the n-th label of the table.
 * @param notFinite the value that stands for *the logits were no numbers*, where the graph says so
 * `add` throws OverreadError `pipeline.bad-output` naming a value that the table has not
 */
export function labelMap(output: Labelled, grid: Grid, layered: boolean, notFinite?: number): Collector & LabelsResult {
  const labels = new Uint8Array(voxelCount(grid));
  const expected = { name: output.name, channels: 1, layered };
  const table = Uint8Array.of(0, ...output.labels.map(({ value }) => value));
  return {
    add(answer, window) {
      const tensor = tensorNamed(answer, output.name);
      const view = viewOf(tensor, expected, window);
      forCoreRows(view, window, grid.dims, (from, to, length) => {
        const odd = lookUp(tensor.data, from, table, labels, to, length);
        if (odd < 0) return;
        throw tensor.data[odd] === notFinite
          ? notFiniteIn(output.name, window.input)
          : notInTable(output, tensor.data[odd]);
      });
    },
    result: () => [labels],
  };
}

/** Writes the labels of a row. Answers the index of a value that the table has not, or -1. */
function lookUp(
  data: TensorData,
  from: number,
  table: Uint8Array,
  labels: Uint8Array,
  to: number,
  length: number,
): number {
  for (let n = 0; n < length; n++) {
    const label = table[Number(data[from + n])];
    if (label === undefined) return from + n;
    labels[to + n] = label;
  }
  return -1;
}

function notInTable({ name, labels }: Labelled, value: number | bigint | undefined): OverreadError {
  return new OverreadError('pipeline.bad-output', {
    why: `output '${name}' holds the label ${value}, and its table ends at ${labels.length}`,
    details: { name, value: String(value) },
  });
}
