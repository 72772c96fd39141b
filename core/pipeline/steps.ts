import { OverreadError } from '../errors/index.ts';
import type { StageTiming } from '../analysis/index.ts';
import type { ProgressListener, Stage } from './progress.ts';

/** Share of the whole time that assembling takes, until it is known better. Used for the estimate only. */
const ASSEMBLE_SHARE = 0.15;

/**
 * The course of one run: tells progress, measures the stages, lets other messages in between steps and ends the run
 * when the signal says so.
 */
export class Steps {
  readonly timings: StageTiming[] = [];
  private readonly onProgress: ProgressListener | undefined;
  private readonly signal: AbortSignal | undefined;
  private stageStart = 0;
  private stage: Stage = 'prepare';

  constructor(onProgress: ProgressListener | undefined, signal: AbortSignal | undefined) {
    this.onProgress = onProgress;
    this.signal = signal;
  }

  /** Starts a stage; what came before it ends here. */
  begin(stage: Stage): void {
    this.stage = stage;
    this.stageStart = performance.now();
  }

  /** Notes how long a part took. */
  record(stage: string, milliseconds: number): void {
    this.timings.push({ stage, milliseconds });
  }

  /** Milliseconds since the stage began. */
  elapsed(): number {
    return performance.now() - this.stageStart;
  }

  /**
   * Tells that `done` of `total` parts of the stage are done. The estimate goes by the parts of this stage so far;
   * preparing says nothing of the time the graph will take, so it has none.
   */
  async tell(done: number, total: number): Promise<void> {
    const left = done > 0 ? (this.elapsed() / done) * (total - done) : null;
    const after = this.stage === 'tile' && done > 0 ? (this.elapsed() / done) * total * ASSEMBLE_SHARE : 0;
    const known = this.stage === 'prepare' ? null : left;
    const remainingMilliseconds = known === null ? null : Math.round(known + after);
    const unit = this.stage === 'tile' ? 'tiles' : 'steps';
    this.onProgress?.({ stage: this.stage, done, total, unit, remainingMilliseconds });
    await this.pause();
  }

  /** Lets waiting messages (a cancel among them) be handled. @throws OverreadError `run.cancelled` */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    if (this.signal?.aborted === true) throw new OverreadError('run.cancelled');
  }
}
