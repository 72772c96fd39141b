import { OverreadError } from '@overread/core/errors';
import { describe, expect, test } from 'vitest';
import { currentRecord, openResult, runKey } from '../../../../extension/src/analysis/index.ts';
import type { CatalogueModel } from '../../../../extension/src/analysis/index.ts';
import { analysisOf, boxLabelMap, noduleFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { MemoryHost } from '../../../support/memory-host.ts';
import { otherStudy } from '../../../support/other-study.ts';
import { openRoom, until, type RoomUnderTest } from '../../../support/reading-room.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const first = ctSeries();
const second = otherStudy(first, '2.25.777');
const { studyInstanceUID: studyA, seriesInstanceUID: seriesA } = first.geometry;
const studyB = second.geometry.studyInstanceUID;

const model = (id: string): CatalogueModel => ({
  manifest: tinyManifest(new Uint8Array(4), { id, title: `Model ${id}` }),
  url: `https://viewer.example/overread/models/${id}/model.json`,
});

function open(): RoomUnderTest & {
  host: MemoryHost;
  readonly kindOf: (study: string, series: string, id: string) => string;
} {
  const host = new MemoryHost([first, second]);
  host.openStudy(studyA);
  const parts = openRoom(host);
  const kindOf = (study: string, series: string, id: string) =>
    parts.room.store.getState().studies[study]?.runs[runKey(series, id)]?.state.kind ?? 'none';
  return { ...parts, host, kindOf };
}

describe('a run', () => {
  test('shows its progress, then opens its result', async () => {
    const { room, browser, kindOf } = open();
    room.actions.run(model('model-a'));
    expect(kindOf(studyA, seriesA, 'model-a')).toBe('running');
    const progress = { stage: 'tile', done: 2, total: 8, unit: 'tiles', remainingMilliseconds: 3000 } as const;
    browser.calls[0]?.progress(progress);
    expect(currentRecord(room.store.getState()).runs[runKey(seriesA, 'model-a')]?.state).toEqual({
      kind: 'running',
      progress,
    });

    const analysis = analysisOf(first.geometry);
    browser.calls[0]?.finish(analysis);
    await until(() => kindOf(studyA, seriesA, 'model-a') === 'done', 'the run is done');
    expect(openResult(room.store.getState())?.analysis).toBe(analysis);
  });

  test('waits for the run before it at the same place, not for one at the other place', async () => {
    const { room, browser, server, kindOf } = open();
    room.actions.run(model('model-a'));
    room.actions.run(model('model-b'));
    room.actions.choosePlace('server');
    room.actions.run(model('model-c'));
    expect([kindOf(studyA, seriesA, 'model-b'), kindOf(studyA, seriesA, 'model-c')]).toEqual(['queued', 'running']);
    expect([browser.calls.length, server.calls.length]).toEqual([1, 1]);

    browser.calls[0]?.fail(new OverreadError('runtime.out-of-memory'));
    await until(() => browser.calls.length === 2, 'the next run starts after one that failed');
    expect(kindOf(studyA, seriesA, 'model-a')).toBe('failed');
  });

  test('is not started twice while it is on its way', () => {
    const { room, browser } = open();
    room.actions.run(model('model-a'));
    room.actions.run(model('model-a'));
    expect(browser.calls).toHaveLength(1);
  });

  test('is cancelled at once, and can be started again before its place has let go', async () => {
    const { room, browser, kindOf } = open();
    room.actions.run(model('model-a'));
    const run = currentRecord(room.store.getState()).runs[runKey(seriesA, 'model-a')];
    if (run === undefined) throw new Error('no run');
    room.actions.cancel(run);
    expect(kindOf(studyA, seriesA, 'model-a')).toBe('cancelled');
    room.actions.run(model('model-a'));
    await until(() => browser.calls.length === 2, 'the second attempt starts');
    expect(kindOf(studyA, seriesA, 'model-a')).toBe('running');
    browser.calls[1]?.finish(analysisOf(first.geometry));
    await until(() => kindOf(studyA, seriesA, 'model-a') === 'done', 'the second attempt ends');
  });

  test('that waits is cancelled without disturbing the one that computes', async () => {
    const { room, browser, kindOf } = open();
    room.actions.run(model('model-a'));
    room.actions.run(model('model-b'));
    const waiting = currentRecord(room.store.getState()).runs[runKey(seriesA, 'model-b')];
    if (waiting === undefined) throw new Error('no run');
    room.actions.cancel(waiting);
    browser.calls[0]?.finish(analysisOf(first.geometry));
    await until(() => kindOf(studyA, seriesA, 'model-a') === 'done', 'the first run ends');
    expect(browser.calls).toHaveLength(1);
    expect(kindOf(studyA, seriesA, 'model-b')).toBe('cancelled');
  });

  test('that fails says what happened, why, and what would help', async () => {
    const { room, browser, kindOf } = open();
    room.actions.run(model('model-a'));
    browser.calls[0]?.fail(new OverreadError('worker.crashed', { why: 'it ended', details: { threads: 3 } }));
    await until(() => kindOf(studyA, seriesA, 'model-a') === 'failed', 'the run fails');
    const state = currentRecord(room.store.getState()).runs[runKey(seriesA, 'model-a')]?.state;
    expect(state).toMatchObject({ kind: 'failed', problem: { code: 'worker.crashed', details: ['threads: 3'] } });
    expect(state?.kind === 'failed' && state.problem.remedy).toMatch(/Start the run again/);
  });

  test('whose answer is about another series is a failure, not a drawing', async () => {
    const { room, host, browser, kindOf } = open();
    room.actions.run(model('model-a'));
    browser.calls[0]?.finish(analysisOf(second.geometry));
    await until(() => kindOf(studyA, seriesA, 'model-a') === 'failed', 'the run fails');
    expect(host.drawn.size).toBe(0);
  });
});

describe('a run that ends after another study was opened', () => {
  test('belongs to its own study, is not drawn on the other, and is there on coming back', async () => {
    const { room, host, browser, kindOf } = open();
    room.actions.run(model('model-a'));
    room.leave();
    host.openStudy(studyB);
    room.enter();
    const labelMap = boxLabelMap(first.geometry);
    const analysis = analysisOf(first.geometry, { labelMaps: [labelMap], findings: [noduleFinding(labelMap)] });
    browser.calls[0]?.finish(analysis);
    await until(() => kindOf(studyA, seriesA, 'model-a') === 'done', 'the run ends');

    expect(host.drawn.size).toBe(0);
    expect(openResult(room.store.getState())).toBeNull();
    expect(Object.keys(room.store.getState().studies[studyB]?.results ?? {})).toEqual([]);
    expect(host.notes.map(({ title }) => title)).toEqual(['Result of another study']);

    host.openStudy(studyA);
    room.actions.open(analysis.uid);
    await until(() => host.drawn.size === 2, 'mask and boxes are drawn');
    expect([...host.drawn.values()].every(({ overlay }) => overlay.seriesInstanceUID === seriesA)).toBe(true);
  });

  test('is drawn on its own images where its study is hung beside the other', async () => {
    const { room, host, browser } = open();
    room.actions.run(model('model-a'));
    host.openStudy(studyB);
    const labelMap = boxLabelMap(first.geometry);
    const analysis = analysisOf(first.geometry, { labelMaps: [labelMap], findings: [noduleFinding(labelMap)] });
    browser.calls[0]?.finish(analysis);
    await until(() => host.drawn.size === 2, 'mask and boxes are drawn');
    expect([...host.drawn.values()].every(({ overlay }) => overlay.seriesInstanceUID === seriesA)).toBe(true);
    expect(openResult(room.store.getState())).toBeNull();
    expect(host.notes.map(({ message }) => message)).toEqual([
      'Model model-a has finished on the study beside this one.',
    ]);
    host.openStudy(studyA);
    expect(openResult(room.store.getState())?.analysis.uid).toBe(analysis.uid);
  });

  test('goes on while the mode is left, and its place is given back when it has ended', async () => {
    const { room, browser, kindOf } = open();
    room.actions.run(model('model-a'));
    room.leave();
    expect(browser.released).toBe(0);
    browser.calls[0]?.finish(analysisOf(first.geometry));
    await until(() => browser.released === 1, 'the idle place is released');
    expect(kindOf(studyA, seriesA, 'model-a')).toBe('done');
  });
});

test('a new result takes the place of an untouched one of the same model, not of a reviewed one', async () => {
  const { room, browser, kindOf } = open();
  const runOnce = async (uid: string) => {
    room.actions.run(model('model-a'));
    browser.calls.at(-1)?.finish(analysisOf(first.geometry, { uid, findings: [noduleFinding(null)] }));
    await until(() => kindOf(studyA, seriesA, 'model-a') === 'done', 'the run ends');
    await until(() => currentRecord(room.store.getState()).open === uid, 'its result is open');
  };
  await runOnce('2.25.1');
  await runOnce('2.25.2');
  expect(Object.keys(currentRecord(room.store.getState()).results)).toEqual(['2.25.2']);
  const finding = openResult(room.store.getState())?.analysis.findings[0];
  room.actions.decide(finding?.trackingUID ?? '', { state: 'accepted', reason: null });
  await runOnce('2.25.3');
  expect(Object.keys(currentRecord(room.store.getState()).results)).toEqual(['2.25.2', '2.25.3']);
});
