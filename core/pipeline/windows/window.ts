import type { IndexBox } from '../../geometry/index.ts';

/**
 * One call of the graph, in voxels of the prepared grid [i, j, k]. For 2-D layouts a window is a run of slices along k: row n of a tensor
 * [N, …] is slice `input.min[2] + n`.
 */
export interface Window {
  /** What the graph is given. May reach beyond the grid: there it reads padding, and its answers say nothing. */
  readonly input: IndexBox;
  /** The part of the grid that this window answers for, inside `input`. Cores of cropped windows cover the grid exactly once; blended ones overlap. */
  readonly core: IndexBox;
}
