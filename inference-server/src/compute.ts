import { asOverreadError, OverreadError } from '@overread/core/errors';
import type { RuledOut } from '@overread/core/pipeline';
import { listModels } from './catalogue/model-folder.ts';
import type { ComputeConfig } from './config.ts';
import type { ComputeProcess } from './jobs/compute-process.ts';
import type { Computation, Listener, Packed, Task } from './jobs/job.ts';
import { WarmProcess, type WarmOptions } from './jobs/warm-process.ts';

interface Running {
  process: ComputeProcess | null;
  readonly isCancelled: () => boolean;
}

const nothing: RuledOut = { skipped: [], tooLarge: [] };

/**
 * How a job is computed: its model is looked up, then a process does the rest. A model whose self-test passed on this
 * machine since the server started is not tested again, and a GPU that a process ended over is not used again.
 */
export class Compute {
  readonly #config: ComputeConfig;
  readonly #warm: WarmProcess;
  readonly #passedSelfTests = new Set<string>();
  /** By model: what a process ended over. */
  readonly #ruledOut = new Map<string, RuledOut>();

  constructor(config: ComputeConfig, warm: WarmOptions) {
    this.#config = config;
    this.#warm = new WarmProcess(warm);
  }

  start(job: Task, onEvent: Listener): Computation {
    let cancelled = false;
    const running: Running = { process: null, isCancelled: () => cancelled };
    return {
      result: this.#run(job, onEvent, running),
      cancel() {
        cancelled = true;
        void running.process?.end();
      },
    };
  }

  /** Ends the process that is kept for the next run. */
  close(): void {
    this.#warm.release();
  }

  async #run(job: Task, onEvent: Listener, running: Running): Promise<Packed> {
    const { archive, threads, gpu, models } = this.#config;
    const wanted = job.request.model;
    const model = (await listModels(models)).find(({ id }) => id === wanted);
    if (model === undefined) throw new OverreadError('model.not-found');
    for (;;) {
      if (running.isCancelled()) throw new OverreadError('run.cancelled');
      const ruledOut = this.#ruledOut.get(wanted) ?? nothing;
      const passedSelfTests = [...this.#passedSelfTests];
      const { child, kept } = this.#warm.take();
      running.process = child;
      try {
        const task = { job, modelFolder: model.folder, archive, threads, gpu, passedSelfTests, ruledOut };
        const { packed, heldBytes } = await child.run(task, {
          onProgress: (progress) => onEvent({ kind: 'progress', progress }),
          onSelfTestPassed: (test) => this.#passedSelfTests.add(test),
        });
        this.#warm.giveBack(child, heldBytes);
        return packed;
      } catch (error) {
        const ended = !child.alive;
        // Memory that a failed run took may not come back.
        void child.end();
        if (running.isCancelled()) throw error;
        // It was gone already, or went before it had begun.
        if (ended && kept && child.attempt === null) continue;
        const next = ended ? ruledOutByEnd(child, error, ruledOut) : null;
        if (next === null) throw error;
        this.#ruledOut.set(wanted, next);
      }
    }
  }
}

/** What to do without after a process ended over a run; null where nothing is left to try. */
function ruledOutByEnd({ attempt }: ComputeProcess, thrown: unknown, before: RuledOut): RuledOut | null {
  const error = asOverreadError(thrown);
  if (attempt === null || error.code === 'run.cancelled') return null;
  const { runtime, window, smaller } = attempt;
  const reason = error.why ?? error.message;
  if (error.code === 'runtime.out-of-memory' && smaller && window !== null) {
    return { ...before, tooLarge: [...before.tooLarge, { runtime, window, reason }] };
  }
  return runtime === 'node-gpu' ? { ...before, skipped: [...before.skipped, { runtime, reason }] } : null;
}
