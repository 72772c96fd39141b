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
  stop(): void;
}

interface Listed extends ObjectReference {
  readonly modality: string;
}

export function createArchiveReader(store: RoomStore, archive: Host['archive'], codec: ResultsCodec): ArchiveReader {
  let current = new AbortController();

  const look = async (studyUID: string, signal: AbortSignal) => {
    changeStudy(store, studyUID, (record) => ({ ...record, archive: { kind: 'looking' } }));
    try {
      const objects = await fetchOurs(studyUID, archive, signal);
      const problems = new Set<string>(objects.problems);
      if (objects.bytes.length > 0) {
        for (const series of store.getState().series) {
          if (!series.geometry.ok || signal.aborted) continue;
          const decoded = await codec.decode(objects.bytes, series.geometry.value);
          signal.throwIfAborted();
          for (const problem of decoded.problems) problems.add(problem.message);
          const found = decoded.analyses.map((one) => ({
            ...one,
            analysis: withSeriesNumber(one.analysis, series.seriesNumber),
          }));
          changeStudy(store, studyUID, (record) => found.reduce(withStored, record));
        }
      }
      signal.throwIfAborted();
      changeStudy(store, studyUID, (record) => ({
        ...record,
        archive: { kind: 'ready', problems: [...problems] },
        open: record.open ?? newestResult(store, record),
      }));
    } catch (error) {
      if (signal.aborted) return;
      changeStudy(store, studyUID, (record) => ({ ...record, archive: { kind: 'failed', problem: problemOf(error) } }));
    }
  };

  return {
    look(studyUID) {
      current.abort();
      current = new AbortController();
      void look(studyUID, current.signal);
    },
    stop: () => current.abort(),
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
