import { describe, expect, it } from 'vitest';
import type { Progress } from '@overread/core/pipeline';
import { Steps } from '../../../../core/pipeline/steps.ts';

/** Steps on a clock that only moves when the test says so. */
function timed() {
  const told: Progress[] = [];
  let clock = 1000;
  const steps = new Steps(
    (progress) => told.push(progress),
    undefined,
    () => clock,
  );
  return {
    steps,
    after: (milliseconds: number) => (clock += milliseconds),
    left: () => told.at(-1)!.remainingMilliseconds,
  };
}

describe('the estimate of the time left', () => {
  it('is none while nothing is known', async () => {
    const { steps, left } = timed();
    steps.begin('tile');
    await steps.tell(0, 10);
    expect(left()).toBeNull();
  });

  it('is none while the input is prepared: that says nothing of the graph', async () => {
    const { steps, after, left } = timed();
    steps.begin('prepare');
    after(50);
    await steps.tell(1, 2);
    expect(left()).toBeNull();
  });

  it('goes by the windows after the first, which warms up', async () => {
    const { steps, after, left } = timed();
    steps.begin('tile');
    await steps.tell(0, 10);
    after(900);
    await steps.tell(1, 10);
    expect(left()).toBe(9 * 900);
    after(100);
    await steps.tell(2, 10);
    expect(left()).toBe(8 * 100);
    after(200);
    await steps.tell(3, 10);
    expect(left()).toBe(7 * 150);
  });

  it('leaves out what came before the first window', async () => {
    const { steps, after, left } = timed();
    steps.begin('tile');
    after(5000);
    await steps.tell(0, 4);
    after(100);
    await steps.tell(1, 4);
    expect(left()).toBe(300);
  });

  it('counts what is expected of assembling, and goes by that in the end', async () => {
    const { steps, after, left } = timed();
    steps.begin('tile');
    await steps.tell(0, 3);
    after(100);
    steps.expectAssembly(700);
    await steps.tell(1, 3);
    expect(left()).toBe(200 + 700);
    steps.begin('assemble');
    after(300);
    await steps.tell(1, 5);
    expect(left()).toBe(400);
    after(900);
    await steps.tell(4, 5);
    expect(left()).toBe(0);
  });

  it('goes by an earlier run until this one shows its own pace', async () => {
    const { steps, after, left } = timed();
    steps.expect(
      new Map([
        ['prepare', 500],
        ['load', 50],
        ['tile', 8000],
        ['assemble', 200],
      ]),
    );
    steps.begin('prepare');
    after(300);
    await steps.tell(1, 2);
    expect(left()).toBe(200 + 50 + 8000 + 200);
    after(900);
    await steps.tell(2, 2);
    expect(left()).toBe(50 + 8000 + 200);
    steps.begin('tile');
    await steps.tell(0, 2);
    expect(left()).toBe(8000 + 200);
    after(1000);
    await steps.tell(1, 2);
    expect(left()).toBe(1000 + 200);
  });

  it('stands beside what the stages took in the end', () => {
    const { steps, after } = timed();
    steps.begin('prepare');
    after(30);
    steps.begin('tile');
    after(400);
    steps.begin('assemble');
    after(7);
    expect(Object.fromEntries(steps.end())).toEqual({ prepare: 30, tile: 400, assemble: 7 });
  });
});
