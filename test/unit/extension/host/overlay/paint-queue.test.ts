import { describe, expect, test } from 'vitest';
import { createPaintQueue, type PaintJob } from '../../../../../extension/src/host/overlay/paint-queue.ts';

/** A job that needs so many calls, and uses up the whole share with each where it is slow. */
function jobOf(name: string, calls: number, log: string[], isSlow = false): PaintJob {
  let left = calls;
  return {
    proceed(until) {
      log.push(name);
      while (isSlow && performance.now() < until);
      return --left === 0;
    },
    postpone: () => void log.push(`${name} late`),
  };
}

describe('painting', () => {
  test('is done at once where it is quick', () => {
    const log: string[] = [];
    const queue = createPaintQueue();
    queue.add(jobOf('a', 1, log));
    queue.add(jobOf('b', 1, log));
    expect(log).toEqual(['a', 'b']);
  });

  test('that takes longer goes on in later tasks, and what waits behind it is out of sight until then', async () => {
    const log: string[] = [];
    const queue = createPaintQueue();
    queue.add(jobOf('a', 3, log, true));
    queue.add(jobOf('b', 1, log));
    expect(log).toEqual(['a', 'a late', 'a late', 'b late']);
    await queue.idle();
    expect(log.slice(4)).toEqual(['a', 'a late', 'b late', 'a', 'b late', 'b']);
  });

  test('gives the page its turn between the parts', async () => {
    const log: string[] = [];
    const queue = createPaintQueue();
    queue.add(jobOf('a', 4, log, true));
    setTimeout(() => log.push('page'), 0);
    await queue.idle();
    expect(log.indexOf('page')).toBeLessThan(log.lastIndexOf('a'));
  });

  test('of what is dropped ends, and nobody waits for it', async () => {
    const log: string[] = [];
    const queue = createPaintQueue();
    const job = jobOf('a', 100, log, true);
    queue.add(job);
    const idle = queue.idle();
    queue.drop(job);
    await idle;
    await queue.idle();
    expect(log).toEqual(['a', 'a late']);
  });
});
