import { describe, expect, test } from 'vitest';
import { personName } from '../../../../extension/src/analysis/reader.ts';
import { openResult } from '../../../../extension/src/analysis/index.ts';
import { analysisOf, noduleFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { MemoryHost } from '../../../support/memory-host.ts';
import { memoryStorage, openRoom, until } from '../../../support/reading-room.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

test.each([
  ['Ada Phantom', 'Phantom^Ada'],
  ['Phantom, Ada', 'Phantom^Ada'],
  ['Phantom^Ada^B', 'Phantom^Ada^B'],
  ['  Phantom ', 'Phantom'],
  ['Ada\\Phantom=X', 'X^Ada Phantom'],
  ['   ', null],
])('%j typed is the person name %j', (typed, expected) => {
  expect(personName(typed)).toBe(expected);
});

test('a long name is cut to the 64 characters that DICOM allows', () => {
  expect(personName('x'.repeat(100))).toHaveLength(64);
});

describe('the reader', () => {
  const series = ctSeries();
  const finding = noduleFinding(null);

  const open = async (storage: Storage | null) => {
    const host = new MemoryHost([series]);
    host.openStudy(series.geometry.studyInstanceUID);
    const { room, browser } = openRoom(host, { storage });
    room.actions.run({ manifest: tinyManifest(new Uint8Array(4)), url: 'https://viewer.example/model.json' });
    browser.calls[0]?.finish(analysisOf(series.geometry, { findings: [finding] }));
    await until(() => openResult(room.store.getState()) !== null, 'the result is open');
    return room;
  };

  test('is asked once and remembered on this machine', async () => {
    const storage = memoryStorage();
    const first = await open(storage);
    expect(first.store.getState().reader).toEqual({ name: null, source: 'none', asked: false });
    first.actions.nameReader('Ada Phantom');
    const second = await open(storage);
    expect(second.store.getState().reader).toEqual({ name: 'Phantom^Ada', source: 'typed', asked: true });
  });

  test('who gives no name is not asked again in this sitting', async () => {
    const room = await open(null);
    room.actions.nameReader('');
    expect(room.store.getState().reader).toEqual({ name: null, source: 'none', asked: true });
  });

  test('who gives the name after deciding signs the unsaved decisions with it', async () => {
    const room = await open(null);
    room.actions.decide(finding.trackingUID, { state: 'accepted', reason: null });
    room.actions.nameReader('Ada Phantom');
    expect(openResult(room.store.getState())?.analysis.findings[0]?.review.reviewer).toBe('Phantom^Ada');
  });

  test('can undo each decision, back to how it was found', async () => {
    const room = await open(null);
    const state = () => openResult(room.store.getState())?.analysis.findings[0]?.review.state;
    room.actions.decide(finding.trackingUID, { state: 'accepted', reason: null });
    room.actions.decide(finding.trackingUID, { state: 'rejected', reason: null });
    room.actions.undo();
    expect(state()).toBe('accepted');
    room.actions.undo();
    expect(openResult(room.store.getState())?.analysis.findings[0]).toEqual(finding);
    room.actions.undo();
    expect(state()).toBe('unreviewed');
  });
});
