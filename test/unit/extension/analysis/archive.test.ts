import { rejectionReasons } from '@overread/core/dicom';
import { describe, expect, test } from 'vitest';
import { currentRecord, openResult, type ReadingRoom } from '../../../../extension/src/analysis/index.ts';
import { analysisOf, boxLabelMap, noduleFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { MemoryHost } from '../../../support/memory-host.ts';
import { openRoom, until } from '../../../support/reading-room.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const series = ctSeries();
const study = series.geometry.studyInstanceUID;
const labelMap = boxLabelMap(series.geometry);
const finding = noduleFinding(labelMap);
const vessel = rejectionReasons[1] ?? null;

/** What an earlier sitting left in the archive: a mask and a nodule, rejected as a vessel. */
async function savedBefore(): Promise<{ host: MemoryHost; uid: string }> {
  const host = new MemoryHost([series]);
  host.openStudy(study);
  const { room, browser } = openRoom(host);
  const analysis = analysisOf(series.geometry, { labelMap, findings: [finding] });
  room.actions.run({ manifest: tinyManifest(new Uint8Array(4)), url: 'https://viewer.example/model.json' });
  browser.calls[0]?.finish(analysis);
  await until(() => openResult(room.store.getState()) !== null, 'the result is open');
  room.actions.decide(finding.trackingUID, { state: 'rejected', reason: vessel });
  await room.actions.save();
  room.leave();
  return { host, uid: analysis.uid };
}

const looked = async (room: ReadingRoom) => {
  await until(() => ['ready', 'failed'].includes(currentRecord(room.store.getState()).archive.kind), 'the look ends');
  return currentRecord(room.store.getState());
};

describe('opening a study that has stored results', () => {
  test('shows them again with mask, model and review, as stored', async () => {
    const { host, uid } = await savedBefore();
    const { room } = openRoom(host);
    const record = await looked(room);
    expect(record.archive).toEqual({ kind: 'ready', problems: [] });
    const result = record.results[uid];
    expect(result?.analysis.model).toMatchObject({ id: 'ct-nodule', version: '1.2.0' });
    expect(result?.analysis.labelMap?.labels).toEqual(labelMap.labels);
    expect(result?.analysis.findings[0]?.review).toMatchObject({ state: 'rejected', reason: vessel });
    expect(result?.stored?.document.studyInstanceUID).toBe(study);
    expect(record.open).toBe(uid);
    await until(() => host.drawn.size === 2, 'mask and box are drawn');
  });

  test('a decision on one is saved as its next version', async () => {
    const { host, uid } = await savedBefore();
    const { room } = openRoom(host);
    await looked(room);
    room.actions.open(uid);
    room.actions.decide(finding.trackingUID, { state: 'accepted', reason: null });
    await room.actions.save();
    expect([...host.stored.values()].map(({ modality }) => modality)).toEqual(['SEG', 'SR', 'SR']);

    const again = openRoom(host);
    const record = await looked(again.room);
    expect(Object.keys(record.results)).toEqual([uid]);
    expect(record.results[uid]?.analysis.findings[0]?.review.state).toBe('accepted');
  });

  test('looking again keeps a decision that is not saved', async () => {
    const { host, uid } = await savedBefore();
    const { room } = openRoom(host);
    await looked(room);
    room.actions.open(uid);
    room.actions.decide(finding.trackingUID, { state: 'accepted', reason: null });
    room.actions.lookInArchive();
    expect(currentRecord(room.store.getState()).archive.kind).toBe('looking');
    await looked(room);
    expect(openResult(room.store.getState())?.analysis.findings[0]?.review.state).toBe('accepted');
  });

  test('says so when the archive is down, and finds them on the next look', async () => {
    const { host, uid } = await savedBefore();
    host.down = true;
    const { room } = openRoom(host);
    expect((await looked(room)).archive).toMatchObject({ kind: 'failed', problem: { code: 'pacs.unreachable' } });
    host.down = false;
    room.actions.lookInArchive();
    await until(() => currentRecord(room.store.getState()).results[uid] !== undefined, 'the result is found');
  });

  test('shows them also where the viewer learns of the series only afterwards', async () => {
    const { host, uid } = await savedBefore();
    host.seriesUnknown = true;
    const { room } = openRoom(host);
    expect((await looked(room)).results).toEqual({});
    host.learnSeries();
    await until(() => currentRecord(room.store.getState()).open === uid, 'the result is read and open');
  });

  test('names a mask that is missing and still shows the report', async () => {
    const { host, uid } = await savedBefore();
    for (const [key, file] of host.stored) if (file.modality === 'SEG') host.stored.delete(key);
    const { room } = openRoom(host);
    const record = await looked(room);
    expect(record.results[uid]?.analysis.labelMap).toBeNull();
    expect(record.archive.kind === 'ready' && record.archive.problems).toHaveLength(1);
  });
});
