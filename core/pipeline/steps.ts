import { OverreadError } from '../errors/index.ts';
import type { StageTiming } from '../analysis/index.ts';
import { Pace } from './pace.ts';
import type { ProgressListener, Stage } from './progress.ts';
import type { StageTimes } from './time-keeper.ts';

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
  private expected: StageTimes = new Map();
  private readonly spent = new Map<Stage, number>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    onProgress: ProgressListener | undefined,
    signal: AbortSignal | undefined,
    now: () => number = () => performance.now(),
  ) {
    this.onProgress = onProgress;
    this.signal = signal;
    this.now = now;
    this.stageStart = now();
    this.pace = new Pace(this.stageStart);
  }

  /** Starts a stage; what came before it ends here. */
  begin(stage: Stage): void {
    this.end();
    this.stage = stage;
    this.stageStart = this.now();
    this.pace = new Pace(this.stageStart);
  }

  /** Ends the stage that goes on. @returns what all stages took so far, ms */
  end(): StageTimes {
    this.spent.set(this.stage, (this.spent.get(this.stage) ?? 0) + this.elapsed());
    this.stageStart = this.now();
    return this.spent;
  }

  /** So long the stages will take, ms, by an earlier run: the estimates go by that until this run shows its own pace. */
  expect(times: StageTimes): void {
    this.expected = times;
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
    this.expected = new Map([...this.expected, ['assemble', milliseconds]]);
  }

  /**
   * Tells that `done` of `total` parts of the stage are done. The estimate goes by the parts of this stage so far, before the first by an earlier
   * run; preparing says nothing of the time the graph will take, so without an earlier run it has none.
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
    const { perPart } = this.pace;
    const here = this.expected.get(this.stage);
    const left = here === undefined ? null : Math.max(0, here - this.elapsed());
    if (this.stage === 'prepare') return left === null ? null : left + this.later('load', 'tile', 'assemble');
    // Its parts are no two of a kind: what was expected of all of it says more than what the first ones took.
    if (this.stage === 'assemble' && left !== null) return parts === 0 ? 0 : left;
    const own = perPart === null ? left : perPart * parts;
    return own === null ? null : own + (this.stage === 'tile' ? this.later('assemble') : 0);
  }

  private later(...stages: readonly Stage[]): number {
    return stages.reduce((sum, stage) => sum + (this.expected.get(stage) ?? 0), 0);
  }
}
