import type { Analysis, HeatMap } from '@overread/core/analysis';
import type { ExplainedClass } from '@overread/core/model';
import type { Progress } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import type { CatalogueModel } from './catalogue.ts';

export type Location = 'browser' | 'server';

export type Availability = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** One model and the series it is run on. */
export interface Job {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** Series of the model's other channels, by the channel's name. */
  readonly otherSeries: Readonly<Record<string, string>>;
  readonly model: CatalogueModel;
  /** A series as the viewer holds it; asked for only where the browser computes. */
  readonly readVolume: (
    seriesInstanceUID: string,
    options: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
  ) => Promise<Volume>;
}

/** One score of a model on a series. */
export interface ExplainJob extends Job {
  readonly of: ExplainedClass;
}

export interface WorkOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** A place that computes. Both places run the same pipeline and answer with the same type. */
export interface InferenceBackend {
  readonly location: Location;
  /** Whether it can be chosen now, and if not, why. */
  availability(signal: AbortSignal): Promise<Availability>;
  /**
   * Runs to the end; rejects with an OverreadError, `run.cancelled` when the signal aborted it.
   * After an abort nothing of the run is computed any more.
   */
  analyse(job: Job, options: WorkOptions): Promise<Analysis>;
  /** What a score rests on; ends and rejects likewise. */
  explain(job: ExplainJob, options: WorkOptions): Promise<HeatMap>;
  /** Gives workers and memory back; a later `analyse` starts anew. */
  release(): void;
}
