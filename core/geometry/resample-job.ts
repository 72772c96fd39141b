import type { Grid, GridSamples } from './types.ts';

/** What both ways of resampling are given: slices kStart up to before kEnd of `to`, written to `output`. */
export interface ResampleJob {
  readonly samples: GridSamples;
  readonly from: Grid;
  readonly to: Grid;
  readonly outside: number;
  readonly output: GridSamples;
  readonly kStart: number;
  readonly kEnd: number;
}
