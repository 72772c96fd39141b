import { gridBox, type IndexBox } from '../../geometry/index.ts';
import type { PreparedInput } from '../prepared.ts';
import type { Steps } from '../steps.ts';
import type { Window } from './window.ts';

/**
 * The windows that hold a prepared value above `atMost` (padding round the grid aside). The grid is read once, slice by slice, and a
 * window is looked at no further once it is known to hold something.
 * @param neighbours slices before and behind a window that the graph is given with it
 */
export async function occupiedWindows(
  windows: readonly Window[],
  prepared: PreparedInput,
  atMost: number,
  steps: Pick<Steps, 'pause'>,
  neighbours = 0,
): Promise<Window[]> {
  const { grid, channels } = prepared;
  const [ni, nj, nk] = grid.dims;
  const slice = new Float32Array(channels * ni * nj);
  const occupied = new Set<Window>();
  const everything = gridBox(grid);
  for (let k = 0; k < nk; k++) {
    const open = windows.filter(
      (window) =>
        !occupied.has(window) && window.input.min[2] - neighbours <= k && k <= window.input.max[2] + neighbours,
    );
    if (open.length === 0) continue;
    prepared.read({ min: [0, 0, k], max: [everything.max[0], everything.max[1], k] }, slice);
    for (const window of open) if (exceeds(slice, [ni, nj], window.input, atMost)) occupied.add(window);
    await steps.pause();
  }
  return windows.filter((window) => occupied.has(window));
}

/** Whether a slice [channels, nj, ni] holds a value above `atMost` in the columns and rows of a box. */
function exceeds(slice: Float32Array, [ni, nj]: readonly [number, number], box: IndexBox, atMost: number): boolean {
  const [left, right] = [Math.max(0, box.min[0]), Math.min(ni - 1, box.max[0])];
  const [top, bottom] = [Math.max(0, box.min[1]), Math.min(nj - 1, box.max[1])];
  for (let channel = 0; channel < slice.length; channel += ni * nj) {
    for (let j = top; j <= bottom; j++) {
      const end = channel + j * ni + right;
      for (let at = channel + j * ni + left; at <= end; at++) if (slice[at]! > atMost) return true;
    }
  }
  return false;
}
