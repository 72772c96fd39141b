import { OverreadError } from '../errors/index.ts';
import type { StageTiming } from '../analysis/index.ts';
import { Pace } from './pace.ts';
import type { ProgressListener, Stage } from './progress.ts';

/**
 * The course of one run: tells progress, measures the stages, lets other messages in between steps and ends the run
 * when the signal says so.
 */
export class Steps {
  readonly timings: StageTiming[] = [];
  private readonly onProgress: ProgressListener | undefined;
  private readonly signal: AbortSignal | undefined;
  private readonly now: () => number;
  private stageStart = 0;
  private stage: Stage = 'prepare';
  private pace: Pace;
  private after = 0;

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    onProgress: ProgressListener | undefined,
    signal: AbortSignal | undefined,
    now: () => number = () => performance.now(),
  ) {
    this.onProgress = onProgress;
    this.signal = signal;
    this.now = now;
    this.pace = new Pace(now());
  }

  /** Starts a stage; what came before it ends here. */
  begin(stage: Stage): void {
    this.stage = stage;
    this.stageStart = this.now();
    this.pace = new Pace(this.stageStart);
  }

  /** Notes how long a part took. */
  record(stage: string, milliseconds: number): void {
    this.timings.push({ stage, milliseconds });
  }

  /** Milliseconds since the stage began. */
  elapsed(): number {
    return this.now() - this.stageStart;
  }

  /** So long assembling will take, ms, as far as it is known: for the estimates of the stage before, and of that stage itself. */
  expectAssembly(milliseconds: number): void {
    this.after = milliseconds;
  }

  /**
   * Tells that `done` of `total` parts of the stage are done. The estimate goes by the parts of this stage so far;
   * preparing says nothing of the time the graph will take, so it has none.
   */
  async tell(done: number, total: number): Promise<void> {
    this.pace.mark(done, this.now());
    const remaining = this.remaining(total - done);
    const remainingMilliseconds = remaining === null ? null : Math.round(remaining);
    const unit = this.stage === 'tile' ? 'tiles' : 'steps';
    this.onProgress?.({ stage: this.stage, done, total, unit, remainingMilliseconds });
    await this.pause();
  }

  /** Lets waiting messages (a cancel among them) be handled. @throws OverreadError `run.cancelled` */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    if (this.signal?.aborted === true) throw new OverreadError('run.cancelled');
  }

  private remaining(parts: number): number | null {
    // Its parts are no two of a kind: what was expected of all of it says more than what the first ones took.
    if (this.stage === 'assemble' && this.after > 0) return parts === 0 ? 0 : Math.max(0, this.after - this.elapsed());
    const { perPart } = this.pace;
    if (perPart === null || this.stage === 'prepare') return null;
    return perPart * parts + (this.stage === 'tile' ? this.after : 0);
  }
}
