import type { Grid } from '../../geometry/index.ts';
import type { PixelRun } from './frames.ts';
import type { PlacedFrame } from './read.ts';

/**
 * The pixels of a frame as runs of voxels: one where the frame is a whole slice, else one per row. What of a tile lies
 * beyond the grid is padding.
 * @param first Number of the frame's first pixel in what is read from.
 */
export function* rowRuns(
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { dims: [ni, nj] }: Grid,
  { i, j, k }: PlacedFrame,
  first: number,
): Generator<PixelRun> {
  if (i === 0 && j === 0 && columns === ni && rows === nj) {
    yield { first, start: k * ni * nj, length: ni * nj };
    return;
  }
  const left = Math.max(0, -i);
  const length = Math.min(columns, ni - i) - left;
  if (length <= 0) return;
  for (let row = Math.max(0, -j); row < Math.min(rows, nj - j); row++) {
    yield { first: first + row * columns + left, start: i + left + ni * (j + row + nj * k), length };
  }
}
