import type { Analysis } from '@overread/core/analysis';
import { privateScheme } from '@overread/core/dicom';
import type { ObjectReference, StoredAnalysis } from '@overread/core/results';
import type { Host } from '../host/types.ts';
import type { ResultsCodec } from '../results/client.ts';
import { problemOf } from './problem.ts';
import { undecidedInArchive } from './review.ts';
import { withSeriesNumber } from './runner.ts';
import { currentSeries, resultsOfSeries } from './select.ts';
import { newResult, type Result, type StudyRecord } from './state.ts';
import { changeStudy, type RoomStore } from './store.ts';

export interface ArchiveReader {
  /** Finds the results of a study in the archive and puts them into its record. A look that is under way is given up. */
  look(studyUID: string): void;
  /** The viewer knows more series than before: results about them are read now. */
  seriesChanged(): void;
  /** Gives up what is under way and lets go of what was fetched. */
  stop(): void;
}

interface Listed extends ObjectReference {
  readonly modality: string;
}

/** One look into the archive for one study. */
interface Look {
  readonly studyUID: string;
  readonly signal: AbortSignal;
  readonly problems: Set<string>;
  /** Series that the objects were read for already. */
  readonly read: Set<string>;
  /** Our objects, once they are here. */
  objects: readonly Uint8Array[];
}

export function createArchiveReader(store: RoomStore, archive: Host['archive'], codec: ResultsCodec): ArchiveReader {
  let controller = new AbortController();
  let current: Look | null = null;
  let reading = Promise.resolve();

  const change = (studyUID: string, how: (record: StudyRecord) => StudyRecord) => changeStudy(store, studyUID, how);
  const fail = ({ studyUID, signal }: Look, error: unknown) => {
    if (!signal.aborted)
      change(studyUID, (record) => ({ ...record, archive: { kind: 'failed', problem: problemOf(error) } }));
  };

  const fetchAll = async (look: Look) => {
    const { studyUID, signal, problems } = look;
    change(studyUID, (record) => ({ ...record, archive: { kind: 'looking' } }));
    const fetched = await fetchOurs(studyUID, archive, signal);
    for (const problem of fetched.problems) problems.add(problem);
    look.objects = fetched.bytes;
    await readFor(look);
  };

  /** Reads the objects for every series they are about that is known by now and was not read yet. */
  const readFor = async ({ studyUID, signal, problems, read, objects }: Look) => {
    for (const { seriesInstanceUID, seriesNumber, geometry } of store.getState().series) {
      if (!geometry.ok || read.has(seriesInstanceUID)) continue;
      if (!objects.some((object) => contains(object, seriesInstanceUID))) continue;
      read.add(seriesInstanceUID);
      const decoded = await codec.decode(objects, geometry.value);
      signal.throwIfAborted();
      for (const problem of decoded.problems) problems.add(problem.message);
      const found = decoded.analyses.map((one) => ({ ...one, analysis: withSeriesNumber(one.analysis, seriesNumber) }));
      change(studyUID, (record) => {
        const next = found.reduce(withStored, record);
        return { ...next, open: next.open ?? newestResult(store, next) };
      });
    }
    signal.throwIfAborted();
    change(studyUID, (record) => ({ ...record, archive: { kind: 'ready', problems: [...problems] } }));
  };

  return {
    look(studyUID) {
      controller.abort();
      controller = new AbortController();
      const look: Look = { studyUID, signal: controller.signal, problems: new Set(), read: new Set(), objects: [] };
      current = look;
      reading = fetchAll(look).catch((error: unknown) => fail(look, error));
    },
    seriesChanged() {
      const look = current;
      if (look === null) return;
      const hasFetched = () =>
        !look.signal.aborted && store.getState().studies[look.studyUID]?.archive.kind === 'ready';
      // After what is under way: series that came meanwhile are read then.
      reading = reading
        .then(() => (hasFetched() ? readFor(look) : undefined))
        .catch((error: unknown) => fail(look, error));
    },
    stop() {
      controller.abort();
      current = null;
    },
  };
}

/**
 * The reports that we wrote and the segmentations they refer to. Other results of the study (a reader's own
 * measurements, other vendors') are told by their missing coding scheme and are not fetched beyond their report.
 */
async function fetchOurs(studyInstanceUID: string, archive: Host['archive'], signal: AbortSignal) {
  const listed: readonly Listed[] = (await archive.listResults(studyInstanceUID)).map((entry) => ({
    ...entry,
    studyInstanceUID,
  }));
  const bytes: Uint8Array[] = [];
  const problems: string[] = [];
  const fetchOne = async (reference: Listed, isOurs: (bytes: Uint8Array) => boolean) => {
    signal.throwIfAborted();
    try {
      const object = await archive.retrieve(reference);
      if (isOurs(object)) bytes.push(object);
    } catch (error) {
      problems.push(`${reference.modality} ${reference.sopInstanceUID}: ${problemOf(error).message}`);
    }
  };
  for (const report of listed.filter(({ modality }) => modality === 'SR')) {
    await fetchOne(report, (object) => contains(object, privateScheme.uid));
  }
  const reports = [...bytes];
  for (const mask of listed.filter(({ modality }) => modality === 'SEG')) {
    if (reports.some((report) => contains(report, mask.sopInstanceUID))) await fetchOne(mask, () => true);
  }
  return { bytes, problems };
}

/** What a reader who opens the study wants to see first: the newest result of the series on screen. */
function newestResult(store: RoomStore, record: StudyRecord): string | null {
  const series = currentSeries(store.getState());
  return series === null ? null : (resultsOfSeries(record, series.seriesInstanceUID)[0]?.analysis.uid ?? null);
}

/** Whether the ASCII text stands anywhere in the bytes. */
function contains(bytes: Uint8Array, text: string): boolean {
  const wanted = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const first = wanted[0];
  if (first === undefined) return true;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((value, index) => bytes[at + index] === value)) return true;
  }
  return false;
}

/**
 * Puts a stored analysis beside what is held here already. Decisions of this sitting stand until they are saved; a
 * heat map, which is not stored, stays with the result it was computed with.
 */
function withStored(record: StudyRecord, { analysis, document, segmentation }: StoredAnalysis): StudyRecord {
  const before = record.results[analysis.uid];
  const { savedAt = null, note = null } = before?.stored ?? {};
  const stored = { analysis, document, segmentation, savedAt, note };
  const result: Result =
    before === undefined ? newResult(analysis, stored) : { ...before, stored, analysis: merged(before, analysis) };
  return { ...record, results: { ...record.results, [analysis.uid]: result } };
}

function merged(before: Result, stored: Analysis): Analysis {
  const decided = undecidedInArchive(before.analysis, before.stored?.analysis ?? null).length > 0;
  return decided ? before.analysis : { ...stored, heatMap: before.analysis.heatMap };
}
