/** What a run is doing; `download` and `load` come before the pipeline, the others from it. */
export type Stage = 'download' | 'load' | 'self-test' | 'prepare' | 'tile' | 'assemble';

export interface Progress {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  readonly unit: 'bytes' | 'tiles' | 'steps';
  /** Estimate for the whole rest of the run; null while there is nothing to base one on. */
  readonly remainingMilliseconds: number | null;
}

export type ProgressListener = (progress: Progress) => void;
