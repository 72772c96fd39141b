import { describe, expect, test } from 'vitest';
import { readPart10, writePart10, type Dataset } from '@overread/core/dicom';
import { currentRecord, type ReadingRoom } from '../../../../extension/src/analysis/index.ts';
import { analysisOf, boxLabelMap, noduleFinding } from '../../../support/analyses.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { damages, oddities } from '../../../support/damaged-files.ts';
import { MemoryHost } from '../../../support/memory-host.ts';
import { otherMask } from '../../../support/other-software.ts';
import { openRoom, until } from '../../../support/reading-room.ts';

const series = ctSeries();
const { geometry, datasets } = series;
const labelMap = boxLabelMap(geometry);
const analysis = analysisOf(geometry, { labelMaps: [labelMap], findings: [noduleFinding(labelMap)] });
const most = 60_000;

async function looked(host: MemoryHost): Promise<ReadingRoom> {
  host.openStudy(geometry.studyInstanceUID);
  const { room } = openRoom(host);
  await until(() => ['ready', 'failed'].includes(currentRecord(room.store.getState()).archive.kind), 'the look ends');
  return room;
}

/** A study with a mask of other software, which comes as `change` makes it, switched on. */
async function otherMaskAs(change: (file: Uint8Array) => Uint8Array) {
  const host = new MemoryHost([series]);
  host.receive(otherMask(series, analysis));
  host.tamper = change;
  const room = await looked(host);
  const mask = () => currentRecord(room.store.getState()).others.masks[0];
  room.actions.showOther(mask()?.listed.sopInstanceUID ?? '', true);
  await until(() => ['ready', 'failed'].includes(mask()?.state.kind ?? ''), 'the mask is read');
  return { host, state: mask()?.state };
}

const changed = (how: (dataset: Dataset) => Dataset) => (file: Uint8Array) =>
  writePart10(how(readPart10(file).dataset));

/** Every image that the mask names is one that nobody has. */
const aboutOtherImages = changed((dataset) => {
  const text = JSON.stringify(dataset, (_, value: unknown) => (value instanceof Uint8Array ? undefined : value));
  const uids = [geometry.seriesInstanceUID, ...geometry.slices.map(({ sopInstanceUID }) => sopInstanceUID)];
  const renamed = uids.reduce((all, uid) => all.replaceAll(`"${uid}"`, `"${uid}.999"`), text);
  return { ...(JSON.parse(renamed) as Dataset), PixelData: dataset.PixelData ?? null };
});

describe('a mask of other software is not drawn, and why is said', () => {
  test.each(Object.entries(damages))('%s', { timeout: most }, async (_, damage) => {
    const { host, state } = await otherMaskAs(damage);
    expect(state).toMatchObject({ kind: 'failed', why: expect.stringMatching(/\w/) as string });
    expect(host.drawn.size).toBe(0);
  });

  // Masks about other series of the study are nothing to complain about: the panel says that it holds none for this one.
  test('about images of another series', async () => {
    const { host, state } = await otherMaskAs(aboutOtherImages);
    expect(state).toEqual({ kind: 'failed', why: null });
    expect(host.drawn.size).toBe(0);
  });

  test.each([
    ['in another frame of reference', changed((dataset) => ({ ...dataset, FrameOfReferenceUID: '2.25.404' }))],
    ['with rows and columns of another number', changed((dataset) => ({ ...dataset, Rows: 8 }))],
    ['without places of its frames', changed((dataset) => ({ ...dataset, PerFrameFunctionalGroupsSequence: [] }))],
  ])('%s', async (_, change) => {
    const { host, state } = await otherMaskAs(change);
    expect(state).toMatchObject({ kind: 'failed', why: expect.stringContaining('is not drawn') as string });
    expect(host.drawn.size).toBe(0);
  });
});

describe('a mask of other software is drawn as it is', () => {
  test.each(Object.entries(oddities))('%s', async (_, change) => {
    const { host, state } = await otherMaskAs(change);
    expect(state?.kind).toBe('ready');
    const [drawn] = [...host.drawn.values()].map(({ overlay }) => overlay);
    expect(drawn !== undefined && 'labels' in drawn && drawn.labels).toEqual(labelMap.labels);
  });
});

describe('a stored result of ours keeps its report where its mask comes', () => {
  const stored = encodeAnalysis(analysis, { source: datasets[0] ?? {}, segmentation: true, predecessors: [] });
  const mask = stored.find(({ kind }) => kind === 'SEG');

  test.each([...Object.entries(damages), ['about images of another series', aboutOtherImages] as const])(
    '%s',
    { timeout: most },
    async (_, damage) => {
      const host = new MemoryHost([series]);
      for (const { bytes } of stored) host.receive(bytes);
      host.tamper = (bytes) =>
        Buffer.from(bytes).includes(mask?.sopInstanceUID ?? '') && Buffer.from(bytes).includes('BINARY')
          ? damage(bytes)
          : bytes;
      const room = await looked(host);
      const record = currentRecord(room.store.getState());
      expect(record.archive).toMatchObject({ kind: 'ready' });
      expect(record.archive.kind === 'ready' && record.archive.problems.length).toBeGreaterThan(0);
      const result = record.results[analysis.uid];
      expect(result?.analysis.findings.map(({ label }) => label)).toEqual(['Nodule']);
      expect(result?.analysis.labelMaps).toEqual([]);
    },
  );
});
