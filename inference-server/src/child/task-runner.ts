import type { Analysis } from '@overread/core/analysis';
import {
  analyse,
  MaskKeeper,
  PreparedKeeper,
  ruledOutBy,
  SessionKeeper,
  type ProgressListener,
} from '@overread/core/pipeline';
import { ModelLoader } from '../catalogue/model-loader.ts';
import { Archive } from '../dicomweb/archive.ts';
import { loadRequested } from '../dicomweb/load-series.ts';
import { choosePlace } from '../inference/choose-place.ts';
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
  readonly #keepers = { maskKeeper: new MaskKeeper(), preparedKeeper: new PreparedKeeper() };

  constructor(events: TaskEvents) {
    this.#events = events;
  }

  /** @throws OverreadError what loading, reading or computing throws; where a place gives up, the next one is tried before */
  async run(task: ChildTask): Promise<Analysis> {
    const { onProgress } = this.#events;
    const model = await this.#models.load(task.modelFolder);
    const search = { ...task, model, sessions: this.#sessions, events: this.#events };
    let chosen = await choosePlace(search);
    const asked = { request: task.request, input: model.manifest.input };
    const series = await loadRequested(new Archive(task.archive), asked, (done, total) =>
      onProgress({ stage: 'images', done, total, unit: 'images', remainingMilliseconds: null }),
    );
    for (let { ruledOut } = task; ; chosen = await choosePlace({ ...search, ruledOut })) {
      const { runtime, place, warnings } = chosen;
      try {
        const options = { onProgress, ...this.#keepers };
        const analysis = await analyse({ ...series, model: chosen.model, place }, runtime, options);
        return { ...analysis, warnings: [...analysis.warnings, ...warnings] };
      } catch (error) {
        const run = { model, used: chosen.model, runtime: runtime.kind, elsewhere: runtime.kind === 'node-gpu' };
        const next = ruledOutBy(error, run, ruledOut);
        if (next === null) throw error;
        ruledOut = next;
      }
    }
  }
}
