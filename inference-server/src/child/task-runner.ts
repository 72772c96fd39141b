import {
  analyse,
  explain,
  MaskKeeper,
  PreparedKeeper,
  SessionKeeper,
  TimeKeeper,
  type ProgressListener,
} from '@overread/core/pipeline';
import { packAnalysis, packHeatMap } from '@overread/core/protocol';
import { ModelLoader } from '../catalogue/model-loader.ts';
import { Archive } from '../dicomweb/archive.ts';
import { loadRequested, type RequestedSeries } from '../dicomweb/load-series.ts';
import type { ChosenPlace } from '../inference/choose-place.ts';
import { computeWherePossible } from '../inference/where-possible.ts';
import type { Packed, Task } from '../jobs/job.ts';
import type { Attempt, ChildTask } from './messages.ts';

export interface TaskEvents {
  readonly onProgress: ProgressListener;
  readonly onSelfTestPassed: (test: string) => void;
  readonly onAttempt: (attempt: Attempt) => void;
}

/** Whole runs (model, self-test, series, pipeline) one after another, and what is kept between them. */
export class TaskRunner {
  readonly #events: TaskEvents;
  readonly #models = new ModelLoader();
  readonly #sessions = new SessionKeeper();
  readonly #keepers = {
    maskKeeper: new MaskKeeper(),
    preparedKeeper: new PreparedKeeper(),
    timeKeeper: new TimeKeeper(),
  };

  constructor(events: TaskEvents) {
    this.#events = events;
  }

  /** @throws OverreadError what loading, reading or computing throws; where a place gives up, the next one is tried before */
  async run(task: ChildTask): Promise<Packed> {
    const { onProgress } = this.#events;
    const model = await this.#models.load(task.modelFolder);
    const search = { ...task, model, sessions: this.#sessions, events: this.#events };
    const asked = { request: task.job.request, input: model.manifest.input };
    let loading: Promise<RequestedSeries> | null = null;
    return computeWherePossible(search, async (chosen) => {
      loading ??= loadRequested(new Archive(task.archive), asked, (done, total) =>
        onProgress({ stage: 'images', done, total, unit: 'images', remainingMilliseconds: null }),
      );
      return this.#compute(task.job, await loading, chosen);
    });
  }

  async #compute(
    job: Task,
    series: RequestedSeries,
    { model, runtime, place, warnings }: ChosenPlace,
  ): Promise<Packed> {
    const options = { onProgress: this.#events.onProgress, ...this.#keepers };
    switch (job.kind) {
      case 'analysis': {
        const analysis = await analyse({ ...series, model, place }, runtime, options);
        return packAnalysis({ ...analysis, warnings: [...analysis.warnings, ...warnings] });
      }
      case 'explanation': {
        const { volume, others } = series;
        return packHeatMap(await explain({ volume, others, model, of: job.request.of }, runtime, options));
      }
    }
  }
}
