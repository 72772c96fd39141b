import { rejectionReasons } from '@overread/core/dicom';
import { describe, expect, test } from 'vitest';
import { currentRecord, openResult, type ReadingRoom } from '../../../../extension/src/analysis/index.ts';
import { analysisOf, boxLabelMap, noduleFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { awkwardMap } from '../../../support/heat-maps.ts';
import { MemoryHost } from '../../../support/memory-host.ts';
import { otherMask, otherReport } from '../../../support/other-software.ts';
import { otherStudy } from '../../../support/other-study.ts';
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
  const analysis = analysisOf(series.geometry, { labelMaps: [labelMap], findings: [finding] });
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
    expect(result?.analysis.labelMaps[0]?.labels).toEqual(labelMap.labels);
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
    expect(record.results[uid]?.analysis.labelMaps).toEqual([]);
    expect(record.archive.kind === 'ready' && record.archive.problems).toHaveLength(1);
  });
});

describe('a stored heat map', () => {
  test('comes back with its result', async () => {
    const host = new MemoryHost([series]);
    host.openStudy(study);
    const { room, browser } = openRoom(host);
    const heatMap = awkwardMap(series.geometry.grid);
    const analysis = analysisOf(series.geometry, { labelMaps: [labelMap], heatMaps: [heatMap], findings: [finding] });
    room.actions.run({ manifest: tinyManifest(new Uint8Array(4)), url: 'https://viewer.example/model.json' });
    browser.calls[0]?.finish(analysis);
    await until(() => openResult(room.store.getState()) !== null, 'the result is open');
    await room.actions.save();
    room.leave();

    const again = openRoom(host);
    const record = await looked(again.room);
    expect(record.archive).toEqual({ kind: 'ready', problems: [] });
    expect(record.results[analysis.uid]?.analysis.heatMaps[0]?.values).toEqual(heatMap.values);
    expect(record.results[analysis.uid]?.stored?.parametricMaps).toHaveLength(1);
    await until(() => host.drawn.size === 3, 'mask, heat map and box are drawn');
  });

  test('that the archive gives only later is taken, whatever was decided meanwhile', async () => {
    const host = new MemoryHost([series]);
    host.openStudy(study);
    const { room, browser } = openRoom(host);
    const heatMap = awkwardMap(series.geometry.grid);
    const analysis = analysisOf(series.geometry, { labelMaps: [labelMap], heatMaps: [heatMap], findings: [finding] });
    room.actions.run({ manifest: tinyManifest(new Uint8Array(4)), url: 'https://viewer.example/model.json' });
    browser.calls[0]?.finish(analysis);
    await until(() => openResult(room.store.getState()) !== null, 'the result is open');
    await room.actions.save();
    room.leave();
    const [uid, file] = [...host.stored].find(([, { modality }]) => modality === 'OT')!;
    host.stored.delete(uid);

    const again = openRoom(host);
    await looked(again.room);
    const result = () => currentRecord(again.room.store.getState()).results[analysis.uid]!;
    expect(result().analysis.heatMaps).toEqual([]);
    again.room.actions.open(analysis.uid);
    again.room.actions.decide(finding.trackingUID, { state: 'accepted', reason: null });
    host.stored.set(uid, file);
    again.room.actions.lookInArchive();
    await until(() => result().analysis.heatMaps.length === 1, 'the map is read');
    expect(result().analysis.findings[0]?.review.state).toBe('accepted');
    expect(result().stored?.parametricMaps).toMatchObject([{ sopInstanceUID: uid }]);
  });

  test('that the archive lost is written again with the next decision, and the other is not', async () => {
    const host = new MemoryHost([series]);
    host.openStudy(study);
    const { room, browser } = openRoom(host);
    const heatMaps = ['First', 'Second'].map((label) => ({ ...awkwardMap(series.geometry.grid), label }));
    const analysis = analysisOf(series.geometry, { labelMaps: [labelMap], heatMaps, findings: [finding] });
    room.actions.run({ manifest: tinyManifest(new Uint8Array(4)), url: 'https://viewer.example/model.json' });
    browser.calls[0]?.finish(analysis);
    await until(() => openResult(room.store.getState()) !== null, 'the result is open');
    await room.actions.save();
    const result = () => currentRecord(room.store.getState()).results[analysis.uid]!;
    const [first, second] = result().stored!.parametricMaps.map((map) => map!.sopInstanceUID);
    host.stored.delete(first!);
    room.actions.lookInArchive();
    await until(() => result().stored?.parametricMaps[0] === null, 'the archive was looked at again');
    expect(result().analysis.heatMaps.map(({ label }) => label)).toEqual(['First', 'Second']);
    expect(result().stored?.parametricMaps).toMatchObject([null, { sopInstanceUID: second }]);
    room.actions.decide(finding.trackingUID, { state: 'accepted', reason: null });
    await room.actions.save();
    room.leave();

    const again = openRoom(host);
    const record = await looked(again.room);
    expect(record.archive).toEqual({ kind: 'ready', problems: [] });
    expect(record.results[analysis.uid]?.analysis.heatMaps.map(({ label }) => label)).toEqual(['First', 'Second']);
  });
});

test('a report that was verified is known as such', async () => {
  const { host, uid } = await savedBefore();
  const { room } = openRoom(host);
  await looked(room);
  room.actions.nameReader('Reader, Phantom');
  room.actions.open(uid);
  await room.actions.verify();
  room.leave();
  const again = openRoom(host);
  expect((await looked(again.room)).results[uid]?.stored?.verification).toMatchObject({ observer: 'Reader^Phantom' });
});

test('series that the archive cannot list are named, and the others shown', async () => {
  const { host, uid } = await savedBefore();
  host.unlisted = ['SR series 51 (AI report): The image archive did not answer.'];
  const { room } = openRoom(host);
  const record = await looked(room);
  expect(record.archive).toEqual({ kind: 'ready', problems: host.unlisted });
  expect(Object.keys(record.results)).toEqual([uid]);
});

describe('results by other software', () => {
  const withOthers = async (...objects: readonly Uint8Array[]) => {
    const host = new MemoryHost([series]);
    for (const object of objects) host.receive(object);
    host.openStudy(study);
    const { room } = openRoom(host);
    const others = () => currentRecord(room.store.getState()).others;
    await looked(room);
    return { host, room, others };
  };
  const analysis = analysisOf(series.geometry, { labelMaps: [labelMap] });

  test('are listed with what of them was not understood, and are no results of ours', async () => {
    const { room, others } = await withOthers(otherReport(series), otherMask(series, analysis));
    const record = currentRecord(room.store.getState());
    expect(record.archive).toEqual({ kind: 'ready', problems: [] });
    expect(record.results).toEqual({});
    expect(others().reports).toMatchObject([
      { maker: 'Phantom Reports Ltd', description: 'Second reading', report: { observers: ['PHANTOM^OBSERVER'] } },
    ]);
    expect(others().reports[0]?.report.findings.map(({ label }) => label)).toEqual(['Lesion in the right lung']);
    expect(others().problems).toEqual([expect.stringContaining('WAVEFORM')]);
    expect(others().masks).toMatchObject([
      {
        listed: { maker: 'Phantom Masks Ltd Organ Painter', segments: ['Lung', 'Nodule'] },
        state: { kind: 'listed' },
      },
    ]);
  });

  test('a mask is fetched when it is asked for, drawn, and taken away again', async () => {
    const { host, room, others } = await withOthers(otherMask(series, analysis));
    const uid = others().masks[0]?.listed.sopInstanceUID ?? '';
    expect(host.retrieved).toEqual([]);
    room.actions.showOther(uid, true);
    await until(() => others().masks[0]?.state.kind === 'ready', 'the mask is there');
    expect(host.retrieved).toEqual([uid]);
    const [drawn] = [...host.drawn.values()].map(({ overlay }) => overlay);
    expect(drawn !== undefined && 'labels' in drawn && drawn.labels).toEqual(labelMap.labels);
    room.actions.showOther(uid, false);
    expect(host.drawn.size).toBe(0);
    room.actions.showOther(uid, true);
    expect(host.drawn.size).toBe(1);
    expect(host.retrieved).toHaveLength(1);
    room.leave();
    expect(host.drawn.size).toBe(0);
  });

  test('a mask that does not fit is not drawn, and why is said', async () => {
    const larger = ctSeries({ dims: [13, 7, 6] });
    const other = analysisOf(larger.geometry, { labelMaps: [boxLabelMap(larger.geometry)] });
    const { host, room, others } = await withOthers(otherMask(larger, other, { Rows: 8 }));
    room.actions.showOther(others().masks[0]?.listed.sopInstanceUID ?? '', true);
    await until(() => others().masks[0]?.state.kind === 'failed', 'it is refused');
    expect(others().masks[0]?.state).toMatchObject({ why: expect.stringContaining('is not drawn') as string });
    expect(host.drawn.size).toBe(0);
  });

  test('the boxes of a report are drawn where they are asked for, and a finding is jumped to', async () => {
    const { host, room, others } = await withOthers(otherReport(series));
    const entry = others().reports[0];
    room.actions.showOther(entry?.report.document.sopInstanceUID ?? '', true);
    const [drawn] = [...host.drawn.values()].map(({ overlay }) => overlay);
    expect(drawn !== undefined && 'boxes' in drawn && drawn.boxes.map(({ text }) => text)).toEqual([
      'Lesion in the right lung',
    ]);
    room.actions.goTo(series.geometry.seriesInstanceUID, entry?.report.findings[0]?.region?.centre ?? [0, 0, 0]);
    expect(host.jumps[0]?.slice).toEqual(series.geometry.slices[1]);
  });
});

test('going back and forth between two studies asks the archive once for each', async () => {
  const beside = otherStudy(series, '2.25.77');
  const host = new MemoryHost([series, beside]);
  host.openStudy(study);
  const { room } = openRoom(host);
  for (const one of ['2.25.77', study, '2.25.77']) {
    await looked(room);
    host.openStudy(one);
  }
  await looked(room);
  expect(host.listings).toEqual([study, '2.25.77']);
});
