import { OverreadError, type ErrorCode } from '@overread/core/errors';
import type { Vec3 } from '@overread/core/geometry';
import { describe, expect, test } from 'vitest';
import {
  beside,
  isOff,
  marked,
  markingModel,
  openTool,
  resultsOfFirst as results,
  type OpenTool,
} from '../../../../support/marking-tool.ts';
import { until } from '../../../../support/reading-room.ts';

// What becomes of marks when the worker that answers them ends, and when their series is left meanwhile.

const besideUID = beside.geometry.seriesInstanceUID;

const crash = (code: ErrorCode = 'worker.crashed') => new OverreadError(code, { why: 'it ended without a word' });
const refused = () => {
  const refusal: Promise<void> = Promise.reject(new OverreadError('worker.load-failed'));
  // Waited for later, if at all.
  refusal.catch(() => undefined);
  return refusal;
};
/** Something to wait for, and what lets it go on. */
function gate() {
  let open: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (open = resolve));
  return { closed, open };
}

const stateOf = ({ room }: OpenTool) => room.store.getState().marking?.state;
const point = ({ host }: OpenTool, at: Vec3) => host.gesture!({ kind: 'point', at, modified: false });
const isReady = (parts: OpenTool) => {
  const state = stateOf(parts);
  return state?.kind === 'open' && state.phase === 'ready';
};
/** The worker is gone, another one is there, and has answered. */
const reopened = (parts: OpenTool, times = 1) =>
  until(() => parts.prompts.released === times && isReady(parts), 'the model is open again and has answered');

describe('a model that ends', () => {
  test.each(['worker.crashed', 'runtime.failed', 'runtime.out-of-memory', 'prompt.closed'] as const)(
    'with %s is opened again, and answers the mark that it ended over',
    async (code) => {
      const parts = await openTool();
      await parts.click([12, 9, 2]);
      parts.act.keep();
      await parts.click([12, 9, 3]);
      const before = parts.now();
      const alone = marked(parts);
      const opening = gate();
      Object.assign(parts.prompts, { fails: [crash(code)], opening: opening.closed });
      point(parts, [18, 12, 3]);
      await until(() => stateOf(parts)?.kind === 'opening', 'it is opened again');
      expect(parts.host.gesture).toBeNull();
      expect(stateOf(parts)).toMatchObject({
        kept: before.kept,
        thing: { marks: [{}, {}], masks: before.thing.masks },
      });
      expect(parts.host.drawn.has('overread:marking:mask')).toBe(true);
      opening.open();
      await reopened(parts);
      expect(parts.now()).toMatchObject({ kept: before.kept, problem: { code }, reopened: 'marks' });
      expect(marked(parts)).toBeGreaterThan(alone);
      await parts.click([10, 12, 3]);
      expect(parts.now()).toMatchObject({ problem: null, reopened: null });
      parts.act.done();
      await until(() => results(parts).length === 1, 'the result');
      expect(results(parts)[0]?.analysis.findings).toHaveLength(2);
    },
  );

  test('over the first mark of all answers it too', async () => {
    const parts = await openTool();
    parts.prompts.crash();
    point(parts, [12, 9, 3]);
    await reopened(parts);
    expect(marked(parts)).toBeGreaterThan(20);
  });

  test('over three marks answers all three, and a click means what it meant', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 2]);
    parts.act.setOutside(true);
    const encoding = gate();
    parts.prompts.encoding = encoding.closed;
    for (const at of [[18, 12, 2], [12, 9, 3], [12, 9, 4]] as const) point(parts, at); // prettier-ignore
    parts.prompts.crash();
    encoding.open();
    await reopened(parts);
    const { thing, outside } = parts.now();
    expect(outside).toBe(true);
    expect(thing.marks.map(({ slice }) => slice)).toEqual([2, 2, 3, 4]);
    // What is outside marks nothing by itself, and takes from what is there.
    expect(thing.masks.map(({ slice }) => slice)).toEqual([2]);
    parts.act.setOutside(false);
    await parts.click([12, 9, 3]);
    expect(parts.prompts.released).toBe(1);
  });

  test('over a mark that is taken back leaves the mask of those that are left', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    const before = parts.now().thing;
    await parts.click([18, 12, 3]);
    parts.prompts.crash();
    parts.act.undo();
    await reopened(parts);
    expect(parts.now()).toMatchObject({ reopened: 'marks', thing: before });
    expect(marked(parts)).toBe(before.masks[0]!.mask.bits.reduce((sum, bit) => sum + bit, 0));
  });

  test('over the result has made none, and makes it when told once more', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    parts.prompts.crash();
    parts.act.done();
    await reopened(parts);
    expect(parts.now()).toMatchObject({
      reopened: 'result',
      problem: { code: 'worker.crashed' },
      thing: { masks: [{}] },
    });
    expect(results(parts)).toEqual([]);
    parts.act.done();
    await until(() => results(parts).length === 1, 'the result');
  });

  test('twice over one mark goes on without it', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 2]);
    await parts.click([12, 9, 3]);
    const before = parts.now().thing;
    // Over the mark; then, opened again, not over the slice beside, but over the mark again.
    parts.prompts.fails = [crash('runtime.out-of-memory'), null, crash('runtime.out-of-memory')];
    point(parts, [18, 12, 3]);
    await reopened(parts, 2);
    expect(parts.now()).toMatchObject({
      ...{ reopened: 'without-mark', problem: { code: 'runtime.out-of-memory' } },
      thing: { marks: before.marks, masks: before.masks },
    });
  });

  test('twice over the only mark takes the tool off and says so', async () => {
    const parts = await openTool();
    parts.prompts.fails = [crash(), crash()];
    point(parts, [12, 9, 3]);
    await until(() => stateOf(parts)?.kind === 'failed', 'the failure is told');
    expect(stateOf(parts)).toMatchObject({ problem: { code: 'worker.crashed' } });
    expect(parts.host.gesture).toBeNull();
    expect(parts.host.drawn.size).toBe(0);
    parts.room.actions.mark(markingModel);
    await until(() => isReady(parts), 'the tool is on again');
  });

  test('and cannot be opened again keeps what was marked until it can, or until told to let it go', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    const { prompts, host, act, room } = parts;
    const fail = async () => {
      Object.assign(prompts, { fails: [crash()], opening: refused() });
      point(parts, [18, 12, 3]);
      await until(() => stateOf(parts)?.kind === 'failed', 'it cannot be opened');
    };
    await fail();
    act.cancel();
    room.actions.mark(markingModel);
    expect(stateOf(parts)).toMatchObject({ problem: { code: 'worker.load-failed' }, thing: { masks: [{}] } });
    prompts.opening = Promise.resolve();
    act.reopen();
    await until(() => isReady(parts) && host.gesture !== null, 'marks are taken again');
    expect(parts.now()).toMatchObject({ thing: { marks: [{}, {}], masks: [{}] }, problem: null });
    await fail();
    act.discard();
    expect(isOff(parts)).toBe(true);
    expect(results(parts)).toEqual([]);
  });

  test('no mask stays that other marks were answered with', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    await parts.click([18, 12, 3]);
    parts.prompts.fails = [new OverreadError('pipeline.bad-output', { why: 'values are no numbers' })];
    parts.act.undo();
    await parts.settled();
    expect(parts.now()).toMatchObject({ problem: { code: 'pipeline.bad-output' }, thing: { marks: [{}], masks: [] } });
  });
});

describe('a series that is left', () => {
  const leave = ({ host }: OpenTool) => host.activate(besideUID);
  /** Marks the series beside it, and makes a result of it. */
  const markBeside = async (parts: OpenTool) => {
    parts.room.actions.mark(markingModel);
    await until(() => isReady(parts) && parts.host.gesture !== null, 'the tool is on beside');
    await parts.click([18, 12, 4]);
    expect(marked(parts)).toBeGreaterThan(20);
  };
  const sources = (parts: OpenTool) =>
    results(parts)
      .map(({ analysis }) => analysis.source.seriesInstanceUID)
      .sort();

  test('while the model is opened again keeps its marks as its own, whatever is marked beside meanwhile', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    const own = parts.room.store.getState().marking!.seriesInstanceUID;
    const opening = gate();
    Object.assign(parts.prompts, { fails: [crash()], opening: opening.closed });
    point(parts, [18, 12, 3]);
    await until(() => stateOf(parts)?.kind === 'opening', 'it is opened again');
    leave(parts);
    parts.room.actions.mark(markingModel);
    opening.open();
    await markBeside(parts);
    await until(() => results(parts).length === 1, 'the result of the series that was left');
    expect(sources(parts)).toEqual([own]);
    await parts.click([12, 9, 3]);
    parts.act.done();
    await until(() => results(parts).length === 2, 'the result beside');
    expect(sources(parts)).toEqual([own, besideUID].sort());
  });

  test('whose model cannot be opened at first does not disturb what is marked beside', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    const own = parts.room.store.getState().marking!.seriesInstanceUID;
    const opening = gate();
    Object.assign(parts.prompts, { fails: [crash()], opening: opening.closed.then(refused) });
    point(parts, [18, 12, 3]);
    await until(() => stateOf(parts)?.kind === 'opening', 'it is opened again');
    leave(parts);
    parts.prompts.opening = Promise.resolve();
    await markBeside(parts);
    opening.open();
    await until(() => results(parts).length === 1, 'the result of the series that was left');
    await parts.click([12, 9, 3]);
    parts.act.done();
    await until(() => results(parts).length === 2, 'the result beside');
    expect(sources(parts)).toEqual([own, besideUID].sort());
    expect(parts.host.notes.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test.each([
    ['goes well', 0],
    ['ends the worker', 1],
  ])('while its result is made, which %s, has one result, and the tool is free', async (_, ends) => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    const keeping = gate();
    parts.prompts.keeping = keeping.closed;
    parts.act.done();
    leave(parts);
    parts.prompts.keepingFails = Array.from({ length: ends }, () => crash());
    parts.room.actions.mark(markingModel);
    expect(parts.room.store.getState().marking).toMatchObject({ seriesInstanceUID: besideUID });
    keeping.open();
    await until(() => parts.room.store.getState().marksInMaking === 0, 'it is over');
    expect(results(parts)).toHaveLength(1);
    await until(() => isReady(parts), 'the tool is on beside');
  });

  test('after its worker ended unseen is opened once more for what was marked', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    parts.prompts.crash();
    leave(parts);
    await until(() => results(parts).length === 1, 'the result is there');
    expect(parts.prompts.released).toBe(2);
    expect(parts.prompts.bytes).toBe(0);
  });

  test('after the model could not be opened again is tried once more', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    Object.assign(parts.prompts, { fails: [crash()], opening: refused() });
    point(parts, [18, 12, 3]);
    await until(() => stateOf(parts)?.kind === 'failed', 'it has failed');
    parts.prompts.opening = Promise.resolve();
    leave(parts);
    await until(() => results(parts).length === 1, 'the result is there');
  });

  test('while a mark is taken back has it no more in its result', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    const alone = marked(parts);
    await parts.click([18, 12, 3]);
    parts.act.undo();
    leave(parts);
    await until(() => results(parts).length === 1, 'the result is there');
    const { labels } = results(parts)[0]!.analysis.labelMaps[0]!;
    expect(labels.reduce((sum, label) => sum + Math.min(1, label), 0)).toBe(alone);
  });

  test('while its only mark is taken back has no result', async () => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    parts.act.undo();
    leave(parts);
    await until(() => parts.room.store.getState().marksInMaking === 0, 'it is over');
    expect(isOff(parts)).toBe(true);
    expect(results(parts)).toEqual([]);
    expect(parts.host.notes).toEqual([]);
  });

  test.each([
    ['ends twice', [crash(), crash()]],
    ['refuses', [new OverreadError('pipeline.bad-output')]],
  ])('whose model %s over the result says that it is lost', async (_, fails) => {
    const parts = await openTool();
    await parts.click([12, 9, 3]);
    parts.prompts.keepingFails = fails;
    leave(parts);
    await until(() => parts.room.store.getState().marksInMaking === 0, 'it is over');
    expect(results(parts)).toEqual([]);
    expect(parts.host.notes).toMatchObject([{ type: 'error', title: 'Marks could not be kept' }]);
    expect(isOff(parts)).toBe(true);
  });

  test('warns before the page is closed while its result is made', async () => {
    const page = new EventTarget();
    const asks = () => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    const parts = await openTool(page);
    await parts.click([12, 9, 3]);
    const keeping = gate();
    parts.prompts.keeping = keeping.closed;
    leave(parts);
    expect(parts.room.store.getState().marking).toBeNull();
    expect(asks()).toBe(true);
    keeping.open();
    await until(() => results(parts).length === 1, 'the result');
    expect(asks()).toBe(true);
  });
});
