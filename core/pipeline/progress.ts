/**
 * What a run is doing. `images` (fetching the series), `download` (the model's files) and `load` come before the pipeline,
 * the others from it.
 */
export type Stage = 'images' | 'download' | 'load' | 'self-test' | 'prepare' | 'tile' | 'assemble';

export interface Progress {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  readonly unit: 'images' | 'bytes' | 'tiles' | 'steps';
  /**
   * Estimate for the whole rest of the run; null while there is nothing to base one on: before the first window of a model that has not been run here
   * before, and while images, files and sessions come, which say nothing of the time that the graph will take.
   */
  readonly remainingMilliseconds: number | null;
}

export type ProgressListener = (progress: Progress) => void;
