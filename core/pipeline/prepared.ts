import type { Grid, IndexBox } from '../geometry/index.ts';

/** What the graph is given, as one volume of channels from which windows are read. */
export interface PreparedInput {
  /** The prepared grid; its (i, j, k) are the tensor's spatial axes [D, H, W] reversed. */
  readonly grid: Grid;
  /** Channels: one per series, three per series of colour samples. */
  readonly channels: number;
  /**
   * Writes the values of a box as [channels, nk, nj, ni], i fastest.
   * @param box inside the grid
   * @param into channels x voxels of the box
   */
  read(box: IndexBox, into: Float32Array): void;
  /** Bytes held beside the source volumes; 0 where windows are sampled as they are read. */
  readonly bytes: number;
}
