import type { Analysis } from '@overread/core/analysis';
import { readPart10, sopClasses, textOf } from '@overread/core/dicom';
import { OverreadError } from '@overread/core/errors';
import { describe, expect, test } from 'vitest';
import { openResult, unsavedDecisions, type Result } from '../../../../extension/src/analysis/index.ts';
import { analysisOf, boxLabelMap, noduleFinding, tissueFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { awkwardMap } from '../../../support/heat-maps.ts';
import { MemoryHost } from '../../../support/memory-host.ts';
import { openRoom, until } from '../../../support/reading-room.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const series = ctSeries();
const study = series.geometry.studyInstanceUID;
const labelMap = boxLabelMap(series.geometry);
const finding = noduleFinding(labelMap);

const heatMap = awkwardMap(series.geometry.grid);

/** A room with one finished result of a mask and a nodule, open. */
async function withResult(settings: unknown = {}, content: Partial<Analysis> = {}, images = series) {
  const host = new MemoryHost([images]);
  host.openStudy(study);
  const parts = openRoom(host, { settings });
  const { room, browser } = parts;
  room.actions.run({ manifest: tinyManifest(new Uint8Array(4)), url: 'https://viewer.example/model.json' });
  browser.calls[0]?.finish(analysisOf(series.geometry, { labelMaps: [labelMap], findings: [finding], ...content }));
  await until(() => openResult(room.store.getState()) !== null, 'the result is open');
  const result = (): Result => {
    const open = openResult(room.store.getState());
    if (open === null) throw new Error('no result is open');
    return open;
  };
  const modalities = () => [...host.stored.values()].map(({ modality }) => modality);
  /** Objects in the archive, by what they are. */
  const kinds = () => [...host.stored.values()].map(({ sopClassUID }) => kindNames[sopClassUID]);
  return { ...parts, host, result, modalities, kinds, actions: room.actions };
}

const kindNames: Readonly<Record<string, string>> = {
  [sopClasses.segmentation]: 'SEG',
  [sopClasses.labelMapSegmentation]: 'label map SEG',
  [sopClasses.parametricMap]: 'PM',
  [sopClasses.comprehensive3DSr]: 'SR',
  [sopClasses.grayscalePresentationState]: 'PR',
  [sopClasses.secondaryCapture]: 'SC',
  [sopClasses.keyObjectSelection]: 'KO',
};
const everything = {
  store: { segmentation: 'labelmap', presentationState: true, secondaryCapture: true, keyObjects: true },
};

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

  test('of findings of several kinds replaces all their documents together, in this sitting and the next', async () => {
    const { actions, host, result, modalities } = await withResult(
      {},
      { findings: [finding, tissueFinding(labelMap)] },
    );
    await actions.save();
    expect(modalities()).toEqual(['SEG', 'SR', 'SR']);
    const uids = () => [result().stored?.document, ...(result().stored?.parts ?? [])].map((one) => one?.sopInstanceUID);
    const before = uids();
    expect(before).toHaveLength(2);
    actions.decide(finding.trackingUID, accepted);
    await actions.save();
    const newest = host.stored.get(result().stored?.document.sopInstanceUID ?? '');
    const text = JSON.stringify(readPart10(newest?.bytes ?? new Uint8Array()).dataset['PredecessorDocumentsSequence']);
    for (const uid of before) expect(text).toContain(uid);
    const { room } = openRoom(host, {});
    host.openStudy(study);
    await until(() => openResult(room.store.getState()) !== null, 'the result was read');
    const read = openResult(room.store.getState())?.stored;
    expect([read?.document, ...(read?.parts ?? [])].map((one) => one?.sopInstanceUID)).toEqual(uids());
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
    await actions.save({ leaveOut: 'SEG' });
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

describe('what a site has stored', () => {
  test('is mask, heat map and report unless it says otherwise', async () => {
    const { actions, kinds, result } = await withResult({}, { heatMaps: [heatMap] });
    await actions.save();
    expect(kinds()).toEqual(['SEG', 'PM', 'SR']);
    expect(result().stored?.parametricMaps[0]?.sopClassUID).toBe(sopClasses.parametricMap);
  });

  test('may be everything there is, what repeats the report after it', async () => {
    const { actions, kinds, result } = await withResult(everything, { heatMaps: [heatMap] });
    await actions.save();
    expect(result().saving).toEqual({ kind: 'idle' });
    expect(kinds()).toEqual(['label map SEG', 'PM', 'SR', 'PR', 'SC', 'KO']);
    expect(result().stored?.notes).toEqual([]);
  });

  test('a heat map is written once, and a newer report refers to it again', async () => {
    const { actions, host, kinds, result } = await withResult({}, { heatMaps: [heatMap] });
    await actions.save();
    const map = result().stored?.parametricMaps[0]?.sopInstanceUID ?? 'none';
    actions.decide(finding.trackingUID, accepted);
    await actions.save();
    expect(kinds()).toEqual(['SEG', 'PM', 'SR', 'SR']);
    const newest = host.stored.get(result().stored?.document.sopInstanceUID ?? '');
    const { dataset } = readPart10(newest?.bytes ?? new Uint8Array());
    expect(JSON.stringify(dataset['CurrentRequestedProcedureEvidenceSequence'])).toContain(map);
  });

  test('where its images allow no presentation state: the rest is stored, and why is said', async () => {
    const tables = ctSeries({ patient: { VOILUTSequence: [{ LUTDescriptor: [2, 0, 16] }] } });
    const { actions, kinds, result } = await withResult(everything, {}, tables);
    await actions.save();
    expect(kinds()).toEqual(['label map SEG', 'SR', 'SC', 'KO']);
    expect(result().stored?.notes).toEqual([expect.stringMatching(/without a presentation state.*not at hand/)]);
  });

  test('where the images for captures cannot be had: the rest is stored, and why is said', async () => {
    const { actions, host, kinds, result } = await withResult(everything);
    host.readVolume = () => Promise.reject(new OverreadError('image.not-loaded', { why: 'image 3' }));
    await actions.save();
    expect(kinds()).toEqual(['label map SEG', 'SR', 'PR', 'KO']);
    expect(result().stored?.notes).toEqual([expect.stringMatching(/without captured pictures.*image 3/)]);
  });

  test('a failed run is stored without pictures that would look like a negative result', async () => {
    const { actions, kinds } = await withResult(everything, { outcome: 'failed', findings: [], labelMaps: [] });
    await actions.save();
    expect(kinds()).toEqual(['SR']);
  });

  test('a heat map that the archive refuses can be left out; the mask is not sent again', async () => {
    const { actions, host, kinds, result } = await withResult({}, { heatMaps: [heatMap] });
    host.refuse = 'OT';
    await actions.save();
    expect(result().saving).toMatchObject({ kind: 'failed', problem: { code: 'save.refused' } });
    await actions.save({ leaveOut: 'PM' });
    expect(kinds()).toEqual(['SEG', 'SR']);
    expect(result().stored).toMatchObject({
      parametricMaps: [null],
      segmentation: { sopClassUID: sopClasses.segmentation },
    });
  });

  test('of two heat maps the one that was stored stays the report’s where the other is left out', async () => {
    const second = { ...heatMap, label: 'Second' };
    const { actions, host, kinds, result } = await withResult({}, { heatMaps: [heatMap, second] });
    host.refuse = 'OT';
    host.takesBefore = 1;
    await actions.save();
    expect(result().saving).toMatchObject({ kind: 'failed', problem: { code: 'save.refused' } });
    await actions.save({ leaveOut: 'PM' });
    expect(kinds()).toEqual(['SEG', 'PM', 'SR']);
    const map = [...host.stored.values()].find(({ modality }) => modality === 'OT')!.sopInstanceUID;
    const named = () => {
      const newest = host.stored.get(result().stored?.document.sopInstanceUID ?? '');
      return JSON.stringify(readPart10(newest?.bytes ?? new Uint8Array()).dataset['CurrentRequestedProcedureEvidenceSequence']); // prettier-ignore
    };
    expect(named()).toContain(map);
    expect(result().stored?.parametricMaps).toMatchObject([{ sopInstanceUID: map }, null]);
    // Once it is taken, only the one that is not stored is written.
    host.refuse = null;
    actions.decide(finding.trackingUID, accepted);
    await actions.save();
    expect(kinds()).toEqual(['SEG', 'PM', 'SR', 'PM', 'SR']);
    expect(named()).toContain(map);
    expect(result().stored?.parametricMaps).toMatchObject([{ sopInstanceUID: map }, {}]);
  });

  test('what comes after the report can be left out without writing the report again', async () => {
    const { actions, host, kinds, result } = await withResult(everything);
    host.refuse = 'PR';
    await actions.save();
    expect(kinds()).toEqual(['label map SEG', 'SR']);
    await actions.save({ leaveOut: 'PR' });
    expect(kinds()).toEqual(['label map SEG', 'SR', 'SC', 'KO']);
    expect(result().saving).toEqual({ kind: 'idle' });
  });
});

describe('verifying', () => {
  const flagOf = (host: MemoryHost, result: Result) => {
    const { dataset } = readPart10(
      host.stored.get(result.stored?.document.sopInstanceUID ?? '')?.bytes ?? new Uint8Array(),
    );
    return textOf(dataset, 'VerificationFlag');
  };

  test('stores the report as verified in the reader’s name and says so', async () => {
    const { actions, host, result, kinds } = await withResult({ organization: 'Phantom Hospital' });
    actions.nameReader('Reader, Phantom');
    actions.decide(finding.trackingUID, accepted);
    await actions.verify();
    expect(kinds()).toEqual(['SEG', 'SR']);
    expect(flagOf(host, result())).toBe('VERIFIED');
    expect(result().stored?.verification).toMatchObject({
      observer: 'Reader^Phantom',
      organization: 'Phantom Hospital',
    });
  });

  test('of a report that is saved already makes a new version of it', async () => {
    const { actions, host, result, kinds } = await withResult();
    actions.nameReader('Reader');
    actions.decide(finding.trackingUID, accepted);
    await actions.save();
    expect(flagOf(host, result())).toBe('UNVERIFIED');
    await actions.verify();
    expect(kinds()).toEqual(['SEG', 'SR', 'SR']);
    expect(flagOf(host, result())).toBe('VERIFIED');
  });

  test('ends with the next decision: what is saved then is not verified', async () => {
    const { actions, host, result } = await withResult();
    actions.nameReader('Reader');
    actions.decide(finding.trackingUID, accepted);
    await actions.verify();
    actions.decide(finding.trackingUID, { state: 'rejected', reason: null });
    await actions.save();
    expect(flagOf(host, result())).toBe('UNVERIFIED');
    expect(result().stored?.verification).toBeNull();
  });

  test.each([
    ['a finding is undecided', { name: 'Reader', decided: false, outcome: 'completed' }],
    ['the reader has no name', { name: '', decided: true, outcome: 'completed' }],
    ['the model failed', { name: 'Reader', decided: true, outcome: 'failed' }],
  ] as const)('does nothing while %s', async (_, { name, decided, outcome }) => {
    const { actions, host, result } = await withResult({}, { outcome });
    actions.nameReader(name);
    if (decided) actions.decide(finding.trackingUID, accepted);
    await actions.verify();
    expect(host.stores).toBe(0);
    expect(result().saving).toEqual({ kind: 'idle' });
  });

  test('that was interrupted goes on as verified', async () => {
    const { actions, host, result } = await withResult();
    actions.nameReader('Reader');
    actions.decide(finding.trackingUID, accepted);
    host.refuse = 'SR';
    await actions.verify();
    host.refuse = null;
    await actions.save();
    expect(flagOf(host, result())).toBe('VERIFIED');
  });

  test('that was interrupted does not stand for what was decided since', async () => {
    const { actions, host, result, kinds } = await withResult();
    actions.nameReader('Reader');
    actions.decide(finding.trackingUID, accepted);
    host.refuse = 'SR';
    await actions.verify();
    actions.decide(finding.trackingUID, { state: 'rejected', reason: null });
    host.refuse = null;
    await actions.save();
    expect(kinds()).toEqual(['SEG', 'SR']);
    expect(flagOf(host, result())).toBe('UNVERIFIED');
    expect(unsavedDecisions(result())).toBe(0);
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
    browser.calls[0]?.finish(analysisOf(series.geometry, { labelMaps: [labelMap], findings: [finding] }));
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
