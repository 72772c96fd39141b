import { describe, expect, test } from 'vitest';
import { answersTo } from '../../../../../core/pipeline/windows/answers.ts';
import type { FloatTensor } from '../../../../../core/pipeline/windows/feed.ts';
import type { Window } from '../../../../../core/pipeline/windows/window.ts';

const box = (at: number) => ({ min: [at, 0, 0], max: [at, 0, 0] }) as const;
const windows: readonly Window[] = [0, 1, 2].map((at) => ({ input: box(at), core: box(at) }));
const of = (values: readonly number[]): FloatTensor => ({
  type: 'float32',
  dims: [values.length],
  data: Float32Array.from(values),
});

/** A course of windows whose every step is noted; a run ends some turns of the event loop after it began. */
function course(ahead: boolean, failing = -1) {
  const log: string[] = [];
  const answers = answersTo({
    windows,
    ahead,
    cut: ({ input }) => {
      log.push(`cut ${input.min[0]}`);
      return of([input.min[0]]);
    },
    ask: async (tensor) => {
      const [at] = tensor.data;
      log.push(`begin ${at}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push(`end ${at}`);
      if (at === failing) throw new Error(`window ${at} failed`);
      return { output: tensor };
    },
  });
  const take = async (stopAfter = Infinity) => {
    for await (const { window, answer } of answers) {
      expect(answer['output']!.data[0]).toBe(window.input.min[0]);
      log.push(`take ${window.input.min[0]}`);
      if (window.input.min[0] >= stopAfter) throw new Error('stopped');
    }
  };
  return { log, take };
}

describe('answers to windows', () => {
  test('come one after another where the graph runs in this thread', async () => {
    const { log, take } = course(false);
    await take();
    expect(log).toEqual([0, 1, 2].flatMap((n) => [`cut ${n}`, `begin ${n}`, `end ${n}`, `take ${n}`]));
  });

  test('are taken while the next window runs where it runs elsewhere', async () => {
    const { log, take } = course(true);
    await take();
    expect(log).toEqual([
      ...['cut 0', 'begin 0', 'cut 1', 'end 0', 'begin 1', 'take 0', 'cut 2', 'end 1', 'begin 2', 'take 1'],
      ...['end 2', 'take 2'],
    ]);
  });

  test.each([true, false])('end with the failure of a run, what came before taken (ahead: %s)', async (ahead) => {
    const { log, take } = course(ahead, 1);
    await expect(take()).rejects.toThrow('window 1 failed');
    expect(log).toContain('take 0');
    expect(log).not.toContain('begin 2');
  });

  test('leave no run going on behind a caller that stops', async () => {
    const { log, take } = course(true);
    await expect(take(0)).rejects.toThrow('stopped');
    expect(log.slice(-2)).toEqual(['take 0', 'end 1']);
  });
});
