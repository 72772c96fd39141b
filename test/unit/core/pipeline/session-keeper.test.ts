import { describe, expect, it } from 'vitest';
import { SessionKeeper, type InferenceRuntime, type InferenceSession } from '@overread/core/pipeline';

interface Made {
  released: boolean;
}

/** A runtime that only counts its sessions: how a graph runs is no matter here. */
function countingRuntime({ bytes = 0, fails = false } = {}) {
  const made: Made[] = [];
  const runtime: InferenceRuntime = {
    kind: 'wasm',
    threads: 1,
    device: null,
    createSession: () => {
      const state: Made = { released: false };
      made.push(state);
      const session: InferenceSession = {
        inputNames: ['x'],
        outputNames: ['y'],
        run: () => (fails ? Promise.reject(new Error('out of memory')) : Promise.resolve({})),
        release: () => {
          state.released = true;
          return Promise.resolve();
        },
        bytes: () => bytes,
      };
      return Promise.resolve(session);
    },
  };
  return { runtime, made };
}

const [graph, other] = [Uint8Array.of(1), Uint8Array.of(1)];

describe('kept sessions', () => {
  it('serve the next run of the same graph with the same shapes', async () => {
    const { runtime, made } = countingRuntime();
    const keeping = new SessionKeeper().keeping(runtime);
    for (let run = 0; run < 3; run++) await (await keeping.createSession(graph, { x: [1, 1, 4] })).release();
    expect(made).toEqual([{ released: false }]);
  });

  it.each([
    ['another graph', other, { x: [1, 1, 4] }],
    ['other shapes', graph, { x: [1, 1, 5] }],
  ])('make way for %s before its session is made', async (_name, next, shapes) => {
    const { runtime, made } = countingRuntime();
    const keeping = new SessionKeeper().keeping(runtime);
    await (await keeping.createSession(graph, { x: [1, 1, 4] })).release();
    const session = await keeping.createSession(next, shapes);
    expect(made).toEqual([{ released: true }, { released: false }]);
    await session.release();
  });

  it('are not given out twice at the same time', async () => {
    const { runtime, made } = countingRuntime();
    const keeping = new SessionKeeper().keeping(runtime);
    const [first, second] = [await keeping.createSession(graph), await keeping.createSession(graph)];
    expect(made).toHaveLength(2);
    await first.release();
    await second.release();
    expect(made.filter(({ released }) => !released)).toHaveLength(1);
  });

  it('are let go where a run failed on them, and where they hold too much', async () => {
    const failing = countingRuntime({ fails: true });
    const session = await new SessionKeeper().keeping(failing.runtime).createSession(graph);
    await expect(session.run({})).rejects.toThrow('out of memory');
    await session.release();
    expect(failing.made).toEqual([{ released: true }]);

    const large = countingRuntime({ bytes: 11 });
    await (await new SessionKeeper(10).keeping(large.runtime).createSession(graph)).release();
    expect(large.made).toEqual([{ released: true }]);
  });

  it('are let go on request', async () => {
    const { runtime, made } = countingRuntime();
    const keeper = new SessionKeeper();
    await (await keeper.keeping(runtime).createSession(graph)).release();
    await keeper.release();
    expect(made).toEqual([{ released: true }]);
  });
});
