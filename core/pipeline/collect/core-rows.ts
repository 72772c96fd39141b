import type { Vec3 } from '../../geometry/index.ts';
import type { Window } from '../windows/window.ts';
import type { OutputView } from './output-view.ts';

/** Rows of a window's core along i: first index in the output's channel 0, first index in the grid's memory, length. */
export function forCoreRows(
  { slice, row }: Pick<OutputView<unknown>, 'slice' | 'row'>,
  { input, core }: Window,
  dims: Vec3,
  visit: (from: number, to: number, length: number) => void,
): void {
  const length = core.max[0] - core.min[0] + 1;
  const skipped = core.min[0] - input.min[0];
  for (let k = core.min[2]; k <= core.max[2]; k++) {
    for (let j = core.min[1]; j <= core.max[1]; j++) {
      const from = (k - input.min[2]) * slice + (j - input.min[1]) * row + skipped;
      visit(from, (k * dims[1] + j) * dims[0] + core.min[0], length);
    }
  }
}
