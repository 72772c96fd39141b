import { OverreadError } from '@overread/core/errors';
import { describe, expect, test } from 'vitest';
import { openResult } from '../../../../../extension/src/analysis/index.ts';
import {
  beside,
  elsewhere,
  enter,
  first,
  isOff,
  marked,
  markingModel as model,
  openTool as open,
  resultsOfFirst,
  type OpenTool,
} from '../../../../support/marking-tool.ts';
import { MemoryHost } from '../../../../support/memory-host.ts';
import { openRoom, until } from '../../../../support/reading-room.ts';

const { studyInstanceUID, seriesInstanceUID } = first.geometry;
const results = resultsOfFirst;

describe('marks', () => {
  test('are taken on the series on screen once the model is ready', async () => {
    const parts = enter();
    let letGo: () => void = () => undefined;
    parts.prompts.opening = new Promise((resolve) => (letGo = resolve));
    parts.room.actions.mark(model);
    expect(parts.room.store.getState().marking?.state).toMatchObject({ kind: 'opening', progress: null, kept: [] });
    expect(parts.host.gesture).toBeNull();
    letGo();
    await until(() => parts.host.gesture !== null, 'marks are taken');
    expect(parts.host.markedSeries).toBe(seriesInstanceUID);
  });

  test('inside add to the thing, outside take from it, and a key or the choice tells which', async () => {
    const parts = await open();
    await parts.click([12, 9, 3]);
    const one = marked(parts);
    expect(one).toBeGreaterThan(20);
    await parts.click([16, 9, 3], true);
    const less = marked(parts);
    expect(less).toBeLessThan(one);
    parts.act.setOutside(true);
    await parts.click([12, 5, 3]);
    expect(parts.now().thing.marks.map(({ place }) => place.kind === 'point' && place.inside)).toEqual([
      true,
      false,
      false,
    ]);
    await parts.click([18, 13, 3], true);
    expect(parts.now().thing.marks.at(-1)?.place).toMatchObject({ inside: true });
  });

  test('that are taken back bring back what was there before', async () => {
    const parts = await open();
    await parts.click([12, 9, 3]);
    const before = parts.now().thing.masks[0]?.mask;
    await parts.click([18, 12, 3]);
    expect(marked(parts)).toBeGreaterThan(before!.bits.filter((bit) => bit === 1).length);
    parts.host.gesture!({ kind: 'undo' });
    await parts.settled();
    expect(parts.now().thing.masks[0]?.mask).toEqual(before);
    parts.act.undo();
    await parts.settled();
    expect(parts.now().thing).toMatchObject({ marks: [], masks: [] });
  });

  test('as a box mark what is bright in it; of two on a slice the last one counts', async () => {
    const parts = await open();
    await parts.drag([7.5, 3.5, 3], [13.5, 9.5, 3]);
    expect(parts.now().thing.masks[0]?.mask.box).toEqual({ min: [8, 4, 3], max: [13, 9, 3] });
    await parts.drag([13.5, 9.5, 3], [21.5, 15.5, 3]);
    expect(parts.now().thing.masks[0]?.mask.box).toEqual({ min: [14, 10, 3], max: [21, 15, 3] });
    parts.act.undo();
    await parts.settled();
    expect(parts.now().thing.masks[0]?.mask.box.min).toEqual([8, 4, 3]);
  });

  test('as a box that was drawn beyond the images end at their edge', async () => {
    const parts = await open();
    await parts.drag([-40, -3, 3], [60, 90, 3]);
    expect(parts.now().problem).toBeNull();
    expect(marked(parts)).toBe(14 * 12);
  });

  test('across slices are refused with the reason, and the rest stands', async () => {
    const parts = await open();
    await parts.click([12, 9, 3]);
    const before = parts.now().thing;
    await parts.drag([8, 9, 2], [20, 9, 4]);
    expect(parts.now().problem).toMatchObject({ code: 'prompt.unusable' });
    expect(parts.now().problem?.message).toContain('several slices');
    expect(parts.now().thing).toEqual(before);
    await parts.click([14, 9, 3]);
    expect(parts.now().problem).toBeNull();
  });

  test('outside of the images are refused', async () => {
    const parts = await open();
    await parts.click([60, 9, 3]);
    expect(parts.now()).toMatchObject({ problem: { code: 'prompt.unusable' }, thing: { marks: [], masks: [] } });
  });

  test('where nothing is say so', async () => {
    const parts = await open();
    await parts.click([2, 2, 0]);
    expect(parts.now()).toMatchObject({ isEmpty: true, thing: { masks: [] } });
    await parts.click([12, 9, 3]);
    expect(parts.now().isEmpty).toBe(false);
  });

  test('on a slice that is being looked at for the first time are told; taken back meanwhile they leave nothing', async () => {
    const parts = await open();
    let letGo: () => void = () => undefined;
    parts.prompts.encoding = new Promise((resolve) => (letGo = resolve));
    parts.host.gesture!({ kind: 'point', at: [12, 9, 3], modified: false });
    const waited = () => parts.now().phase === 'encoding';
    while (!waited()) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(parts.now().thing.marks).toHaveLength(1);
    parts.act.undo();
    letGo();
    await parts.settled();
    expect(parts.now().thing).toMatchObject({ marks: [], masks: [] });
  });

  test('are drawn with what they mark, and so is a rectangle while it is drawn', async () => {
    const parts = await open();
    const { host } = parts;
    await parts.click([12, 9, 3]);
    const layer = (name: string) => host.drawn.get(`overread:marking:${name}`)?.overlay;
    expect(layer('points')).toMatchObject({ points: [{ at: [12, 9, 3], inside: true }] });
    expect(layer('mask')).toMatchObject({ seriesInstanceUID });
    expect(layer('boxes')).toMatchObject({ boxes: [] });
    host.gesture!({ kind: 'dragging', from: [8, 4, 3], to: [20, 12, 3] });
    expect(layer('boxes')).toMatchObject({ boxes: [{ key: 'marking-0' }] });
    host.gesture!({ kind: 'dropped' });
    expect(layer('boxes')).toMatchObject({ boxes: [] });
    parts.act.clear();
    expect(layer('points')).toMatchObject({ points: [] });
    expect(layer('mask')).toBeUndefined();
  });
});

describe('the tool', () => {
  test('leaves clicks to the viewer while the panel is not on screen, and keeps what is marked', async () => {
    const parts = await open();
    await parts.click([12, 9, 3]);
    parts.act.pause(true);
    expect(parts.host.gesture).toBeNull();
    expect(parts.now().thing.masks).toHaveLength(1);
    parts.act.pause(false);
    await parts.click([18, 12, 3]);
    expect(parts.now().thing.marks).toHaveLength(2);
    parts.act.cancel();
    parts.act.cancel();
    parts.act.pause(false);
    expect(parts.host.gesture).toBeNull();
  });

  test('is not on before the panel is back where the model got ready without it', async () => {
    const parts = enter();
    let letGo: () => void = () => undefined;
    parts.prompts.opening = new Promise((resolve) => (letGo = resolve));
    parts.room.actions.mark(model);
    parts.act.pause(true);
    letGo();
    await until(() => parts.room.store.getState().marking?.state.kind === 'open', 'the model is open');
    expect(parts.host.gesture).toBeNull();
    parts.act.pause(false);
    expect(parts.host.gesture).not.toBeNull();
  });
});

describe('things that are kept', () => {
  test('become one result, open to be reviewed, with a finding and a segment for each, on all their slices', async () => {
    const parts = await open();
    for (const k of [2, 3, 4]) await parts.click([12, 9, k]);
    parts.act.keep();
    expect(parts.now()).toMatchObject({ thing: { marks: [], masks: [] }, kept: [{}] });
    await parts.drag([15.5, 3.5, 3], [21.5, 15.5, 3]);
    parts.act.done();
    await until(() => isOffButDrawn(parts), 'the tool is off');
    const result = openResult(parts.room.store.getState())!;
    expect(result.stored).toBeNull();
    expect(result.analysis.source).toMatchObject({ seriesInstanceUID, seriesNumber: 3 });
    expect(result.analysis.findings.map(({ trackingIdentifier }) => trackingIdentifier)).toEqual([
      'Marked 1',
      'Marked 2',
    ]);
    expect(result.analysis.findings[0]?.region?.box).toMatchObject({ min: [expect.anything(), expect.anything(), 2] });
    expect(result.analysis.labelMaps.flatMap(({ segments }) => segments.map((one) => one.algorithmType))).toEqual(
      Array(2).fill('SEMIAUTOMATIC'),
    );
    expect(parts.prompts.released).toBe(1);
  });

  test('stand when the same model is marked with again', async () => {
    const parts = await open();
    await parts.click([12, 9, 3]);
    parts.act.done();
    await until(() => results(parts).length === 1 && parts.host.gesture === null, 'the first result');
    parts.room.actions.mark(model);
    await until(() => parts.host.gesture !== null, 'the tool is on again');
    await parts.click([18, 12, 3]);
    parts.act.done();
    await until(() => results(parts).length === 2, 'the second result, and the first one still');
  });

  test('come back under the hand where the next thing has no marks yet', async () => {
    const parts = await open();
    await parts.click([12, 9, 3]);
    const { thing } = parts.now();
    parts.act.keep();
    parts.act.undo();
    expect(parts.now()).toMatchObject({ thing, kept: [] });
  });

  test('are none where nothing has a mask', async () => {
    const parts = await open();
    await parts.click([2, 2, 0]);
    parts.act.keep();
    parts.act.done();
    expect(parts.now()).toMatchObject({ kept: [], phase: 'ready' });
  });
});

describe('cancelling', () => {
  test('with nothing marked leaves nothing behind', async () => {
    const parts = await open();
    parts.host.gesture!({ kind: 'escape' });
    expect(isOff(parts)).toBe(true);
    expect(parts.prompts.released).toBe(1);
    expect(results(parts)).toEqual([]);
  });

  test('asks before what was marked goes', async () => {
    const parts = await open();
    await parts.click([12, 9, 3]);
    parts.act.cancel();
    expect(parts.now().asksToDiscard).toBe(true);
    parts.act.goOn();
    expect(parts.now()).toMatchObject({ asksToDiscard: false, thing: { masks: [{}] } });
    parts.act.cancel();
    parts.act.cancel();
    expect(isOff(parts)).toBe(true);
    expect(results(parts)).toEqual([]);
  });

  test('while the model gets ready closes it', async () => {
    const parts = enter();
    parts.prompts.opening = new Promise(() => undefined);
    parts.room.actions.mark(model);
    parts.act.cancel();
    expect(parts.room.store.getState().marking).toBeNull();
    expect(parts.prompts.released).toBe(1);
    parts.prompts.opening = Promise.resolve();
    parts.room.actions.mark(model);
    await until(() => parts.host.gesture !== null, 'the tool is on');
  });
});

describe('leaving', () => {
  const ways: readonly (readonly [string, (parts: OpenTool) => void])[] = [
    ['for another series', ({ host }) => host.activate(beside.geometry.seriesInstanceUID)],
    ['for another study', ({ host }) => host.openStudy(elsewhere.geometry.studyInstanceUID)],
    ['the mode', ({ room }) => room.leave()],
  ];

  test.each(ways)('%s closes the tool and its memory', async (_, leave) => {
    const parts = await open();
    await parts.click([2, 2, 0]);
    leave(parts);
    expect(isOff(parts)).toBe(true);
    expect(results(parts)).toEqual([]);
  });

  test.each(ways)('%s keeps what was marked as a result of its own series', async (_, leave) => {
    const parts = await open();
    await parts.click([12, 9, 3]);
    parts.act.keep();
    await parts.click([18, 12, 3]);
    leave(parts);
    expect(parts.room.store.getState().marking).toBeNull();
    expect(parts.host.gesture).toBeNull();
    await until(() => results(parts).length === 1, 'the result is there');
    expect(results(parts)[0]?.analysis.findings).toHaveLength(2);
    await until(() => parts.prompts.released === 1, 'the model is given back');
    expect(parts.host.notes.filter(({ type }) => type === 'info')).toHaveLength(1);
  });

  test('is no viewport that becomes active with the same series', async () => {
    const parts = await open();
    await parts.click([12, 9, 3]);
    parts.host.activate(seriesInstanceUID);
    expect(parts.now().thing.masks).toHaveLength(1);
  });

  test('the page is warned of while marks are in no archive', async () => {
    const page = new EventTarget();
    const asks = () => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    const parts = await open(page);
    expect(asks()).toBe(false);
    await parts.click([12, 9, 3]);
    expect(asks()).toBe(true);
    parts.act.done();
    await until(() => results(parts).length === 1, 'the result');
    expect(asks()).toBe(true);
    await parts.room.actions.save();
    expect(asks()).toBe(false);
  });
});

describe('a model', () => {
  test('that cannot be opened says why, and may be tried again', async () => {
    const host = new MemoryHost([first]);
    host.openStudy(studyInstanceUID);
    const { room } = openRoom(host);
    room.actions.mark(model);
    const state = () => room.store.getState().marking?.state;
    await until(() => state()?.kind === 'failed', 'the failure is told');
    expect(state()).toMatchObject({ problem: { code: 'model.not-found' } });
    room.actions.mark(model);
    expect(state()?.kind).toBe('opening');
    await until(() => state()?.kind === 'failed', 'the failure is told again');
    room.actions.marking.cancel();
    expect(room.store.getState().marking).toBeNull();
  });

  test('that answers one mark badly goes on with the next', async () => {
    const parts = await open();
    parts.prompts.fails = [new OverreadError('pipeline.bad-output', { why: 'values are no numbers' })];
    await parts.click([12, 9, 3]);
    expect(parts.now()).toMatchObject({ problem: { code: 'pipeline.bad-output' }, thing: { marks: [], masks: [] } });
    await parts.click([12, 9, 3]);
    expect(parts.now()).toMatchObject({ problem: null, thing: { masks: [{}] } });
  });

  test('is the only one that marks are set with', async () => {
    const parts = await open();
    parts.room.actions.mark({ ...model, url: 'https://viewer.example/overread/models/other/model.json' });
    expect(parts.room.store.getState().marking?.model).toBe(model);
  });
});

/** The result is drawn in place of the marks. */
function isOffButDrawn({ room, host }: OpenTool): boolean {
  return (
    room.store.getState().marking === null &&
    host.gesture === null &&
    ![...host.drawn.keys()].some((id) => id.startsWith('overread:marking'))
  );
}
