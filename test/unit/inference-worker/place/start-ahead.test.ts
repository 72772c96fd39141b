import { describe, expect, it } from 'vitest';
import type { InferenceRuntime, InferenceSession } from '@overread/core/pipeline';
import { startAhead } from '../../../../inference-worker/src/place/start-ahead.ts';
import { builtModel } from '../../../support/built-model.ts';

/** A runtime that only counts its sessions: how a graph runs is no matter here. */
function countingRuntime() {
  const made: { released: boolean }[] = [];
  const runtime: InferenceRuntime = {
    kind: 'wasm',
    threads: 1,
    device: null,
    createSession: () => {
      const state = { released: false };
      made.push(state);
      const session: InferenceSession = {
        inputNames: [],
        outputNames: [],
        run: () => Promise.resolve({}),
        release: () => {
          state.released = true;
          return Promise.resolve();
        },
      };
      return Promise.resolve(session);
    },
  };
  return { runtime, made };
}

describe('a session made ahead', () => {
  it('is what the first run gets; a second run gets one of its own', async () => {
    const model = await builtModel('ct-tissue');
    const { runtime, made } = countingRuntime();
    const ready = await startAhead(runtime, model);
    expect(made).toHaveLength(1);
    const first = await ready.createSession(model.graph);
    expect(made).toHaveLength(1);
    await ready.createSession(model.graph);
    expect(made).toHaveLength(2);
    await first.release();
    expect(made.map(({ released }) => released)).toEqual([true, false]);
  });

  it('is released when nobody asked for it, and left alone when somebody did', async () => {
    const model = await builtModel('ct-tissue');
    const unused = countingRuntime();
    await (await startAhead(unused.runtime, model)).discard();
    expect(unused.made).toEqual([{ released: true }]);

    const used = countingRuntime();
    const ready = await startAhead(used.runtime, model);
    await ready.createSession(model.graph);
    await ready.discard();
    expect(used.made).toEqual([{ released: false }]);
  });

  it('names the place of the runtime it stands for', async () => {
    const { kind, threads, device } = await startAhead(countingRuntime().runtime, await builtModel('ct-tissue'));
    expect({ kind, threads, device }).toEqual({ kind: 'wasm', threads: 1, device: null });
  });
});
