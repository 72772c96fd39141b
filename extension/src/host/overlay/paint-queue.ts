import { nextTask } from '../../breathe.ts';

/** Our share of one task of the page, ms: what is not painted then goes on in a task of its own. */
const share = 12;

/** A drawing that can be interrupted. */
export interface PaintJob {
  /** Goes on until done, or until `performance.now()` has reached `until`. @returns whether it is done. */
  proceed(until: number): boolean;
  /** It will not be done in this task: what it has drawn before must not be seen in the meantime. */
  postpone(): void;
}

export interface PaintQueue {
  /** Begins at once where this task has time left, so that a picture that is quickly painted is never late. */
  add(job: PaintJob): void;
  drop(job: PaintJob): void;
  /** Resolves when nothing is left to paint. */
  idle(): Promise<void>;
}

/** Paints in the order of asking, and never longer in one task than our share. */
export function createPaintQueue(): PaintQueue {
  const jobs = new Set<PaintJob>();
  let waiting: (() => void)[] = [];
  /** When our share of this task ends; null before anything was painted in it. */
  let until: number | null = null;

  const work = () => {
    until ??= performance.now() + share;
    for (const job of jobs) {
      if (performance.now() >= until || !job.proceed(until)) break;
      jobs.delete(job);
    }
    for (const job of jobs) job.postpone();
    tellIfIdle();
  };

  const tellIfIdle = () => {
    if (jobs.size > 0) return;
    for (const tell of waiting) tell();
    waiting = [];
  };

  /** The next task has a share of its own. */
  const renew = () => {
    if (until !== null) return;
    void nextTask().then(() => {
      until = null;
      if (jobs.size === 0) return;
      renew();
      work();
    });
  };

  return {
    add(job) {
      jobs.delete(job);
      jobs.add(job);
      renew();
      work();
    },
    drop(job) {
      if (jobs.delete(job)) tellIfIdle();
    },
    idle: () => (jobs.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
