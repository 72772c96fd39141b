import { readPart10 } from '@overread/core/dicom';
import { describe, expect, test } from 'vitest';
import { openResult, unsavedDecisions, type Result } from '../../../../extension/src/analysis/index.ts';
import { analysisOf, boxLabelMap, noduleFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { MemoryHost } from '../../../support/memory-host.ts';
import { openRoom, until } from '../../../support/reading-room.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const series = ctSeries();
const study = series.geometry.studyInstanceUID;
const labelMap = boxLabelMap(series.geometry);
const finding = noduleFinding(labelMap);

/** A room with one finished result of a mask and a nodule, open. */
async function withResult(settings: unknown = {}) {
  const host = new MemoryHost([series]);
  host.openStudy(study);
  const parts = openRoom(host, { settings });
  const { room, browser } = parts;
  room.actions.run({ manifest: tinyManifest(new Uint8Array(4)), url: 'https://viewer.example/model.json' });
  browser.calls[0]?.finish(analysisOf(series.geometry, { labelMap, findings: [finding] }));
  await until(() => openResult(room.store.getState()) !== null, 'the result is open');
  const result = (): Result => {
    const open = openResult(room.store.getState());
    if (open === null) throw new Error('no result is open');
    return open;
  };
  const modalities = () => [...host.stored.values()].map(({ modality }) => modality);
  return { ...parts, host, result, modalities, actions: room.actions };
}

const accepted = { state: 'accepted', reason: null } as const;

describe('saving', () => {
  test('stores the SEG, then the SR, reads both back and says when it was saved', async () => {
    const { actions, result, modalities } = await withResult();
    actions.decide(finding.trackingUID, accepted);
    expect(unsavedDecisions(result())).toBe(1);
    await actions.save();
    expect(modalities()).toEqual(['SEG', 'SR']);
    expect(result().saving).toEqual({ kind: 'idle' });
    expect(Date.parse(result().stored?.savedAt ?? '')).toBe(Date.parse('2026-03-01T09:30:00Z'));
    expect(unsavedDecisions(result())).toBe(0);
  });

  test('a second time writes a new SR that names its predecessor and refers to the same SEG', async () => {
    const { actions, host, result, modalities } = await withResult();
    await actions.save();
    const before = result().stored?.document.sopInstanceUID;
    actions.decide(finding.trackingUID, accepted);
    await actions.save();
    expect(modalities()).toEqual(['SEG', 'SR', 'SR']);
    const newest = host.stored.get(result().stored?.document.sopInstanceUID ?? '');
    expect(newest).toBeDefined();
    const text = JSON.stringify(readPart10(newest?.bytes ?? new Uint8Array()).dataset['PredecessorDocumentsSequence']);
    expect(text).toContain(before);
  });

  test('without SEG where the site has switched it off', async () => {
    const { actions, modalities } = await withResult({ segmentation: false });
    await actions.save();
    expect(modalities()).toEqual(['SR']);
  });

  test('carries the name of the person logged in', async () => {
    const { actions, host, result } = await withResult();
    host.login = 'PHANTOM^READER';
    host.openStudy(study);
    actions.decide(finding.trackingUID, accepted);
    expect(result().analysis.findings[0]?.review.reviewer).toBe('PHANTOM^READER');
  });
});

describe('when the archive misbehaves', () => {
  test('a refused SR is named and kept; trying again sends only what is left', async () => {
    const { actions, host, result, modalities } = await withResult();
    host.refuse = 'SR';
    await actions.save();
    const { saving, stored } = result();
    expect(stored).toBeNull();
    expect(saving).toMatchObject({ kind: 'failed', problem: { code: 'save.refused' } });
    expect(saving.kind === 'failed' && saving.problem.message).toContain('the report (DICOM SR)');
    expect(modalities()).toEqual(['SEG']);

    host.refuse = null;
    await actions.save();
    expect(modalities()).toEqual(['SEG', 'SR']);
    expect(host.stores).toBe(2);
    expect(result().stored).not.toBeNull();
  });

  test('a refused SEG can be left out', async () => {
    const { actions, host, result, modalities } = await withResult();
    host.refuse = 'SEG';
    await actions.save();
    expect(modalities()).toEqual([]);
    await actions.save({ withoutSegmentation: true });
    expect(modalities()).toEqual(['SR']);
    expect(result().stored?.segmentation).toBeNull();
  });

  test('one that is down loses nothing: decisions stay and Save works when it is back', async () => {
    const { actions, host, result } = await withResult();
    actions.decide(finding.trackingUID, accepted);
    host.down = true;
    await actions.save();
    expect(result().saving).toMatchObject({ kind: 'failed', problem: { code: 'pacs.unreachable' } });
    expect(unsavedDecisions(result())).toBe(1);
    host.down = false;
    await actions.save();
    expect(unsavedDecisions(result())).toBe(0);
  });

  test('an object whose answer was lost is found there and not stored twice', async () => {
    const { actions, host, modalities } = await withResult();
    host.losesAnswer = true;
    await actions.save();
    await actions.save();
    expect(modalities()).toEqual(['SEG', 'SR']);
    expect(host.stores).toBe(2);
  });

  test('one that gives back other bytes is not believed', async () => {
    const { actions, host, result } = await withResult();
    host.tamper = (bytes) => bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);
    await actions.save();
    expect(result().stored).toBeNull();
    expect(result().saving).toMatchObject({ kind: 'failed', problem: { code: 'save.not-kept' } });
  });

  test('what was decided between failure and retry is saved too, as a newer SR', async () => {
    const { actions, host, result, modalities } = await withResult();
    host.refuse = 'SR';
    await actions.save();
    actions.decide(finding.trackingUID, accepted);
    host.refuse = null;
    await actions.save();
    expect(modalities()).toEqual(['SEG', 'SR', 'SR']);
    expect(unsavedDecisions(result())).toBe(0);
  });

  test('a read-only source is said before anything is written', async () => {
    const { actions, host, result } = await withResult();
    host.readOnly = true;
    await actions.save();
    expect(result().saving).toMatchObject({ kind: 'failed', problem: { code: 'save.no-store' } });
    expect(host.stores).toBe(0);
  });
});

describe('leaving with unsaved decisions', () => {
  test('makes the page ask before it closes, and only then', async () => {
    const host = new MemoryHost([series]);
    host.openStudy(study);
    const page = new EventTarget();
    const { room, browser } = openRoom(host, { page });
    const asks = () => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    room.actions.run({ manifest: tinyManifest(new Uint8Array(4)), url: 'https://viewer.example/model.json' });
    browser.calls[0]?.finish(analysisOf(series.geometry, { labelMap, findings: [finding] }));
    await until(() => openResult(room.store.getState()) !== null, 'the result is open');
    expect(asks()).toBe(false);
    room.actions.decide(finding.trackingUID, accepted);
    expect(asks()).toBe(true);

    room.leave();
    expect(host.notes.map(({ type }) => type)).toEqual(['warning']);
    expect(asks()).toBe(true);

    room.enter();
    host.openStudy(study);
    await room.actions.save();
    expect(asks()).toBe(false);
  });
});
