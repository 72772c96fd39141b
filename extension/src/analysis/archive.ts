import type { StoredAnalysis } from '@overread/core/results';
import type { Host, SeriesSummary } from '../host/types.ts';
import type { ResultsCodec } from '../results/client.ts';
import { contains, fetchResults, withoutRead, type FetchedResults } from './fetch-results.ts';
import { otherMasksOf, readMask, readOtherReports, withMask } from './others.ts';
import { problemOf } from './problem.ts';
import { undecidedInArchive } from './review.ts';
import { withSeriesNumber } from './runner.ts';
import { currentSeries, resultsOfSeries } from './select.ts';
import { newResult, type OtherMask, type Result, type StoredVersion, type StudyRecord } from './state.ts';
import { changeStudy, type RoomStore } from './store.ts';

export interface ArchiveReader {
  /** The study is on screen: finds its results and puts them into its record; one that was looked at is not asked again. */
  visit(studyUID: string): void;
  /** Asks the archive anew. A look at this study that is under way is given up. */
  look(studyUID: string): void;
  /** Fetches a mask of other software and puts it on the series; how that went stands in the record. */
  loadMask(studyUID: string, sopInstanceUID: string, series: SeriesSummary): Promise<void>;
  /** Gives up what is under way and lets go of what was fetched. */
  stop(): void;
}

/** One look into the archive for one study. */
interface Look {
  readonly studyUID: string;
  readonly controller: AbortController;
  readonly problems: Set<string>;
  readonly otherProblems: Set<string>;
  /** Series that the objects were read for already. */
  readonly read: Set<string>;
  /** What was fetched, once it is here. */
  fetched: FetchedResults | null;
  /** What is under way. */
  work: Promise<void>;
}

export function createArchiveReader(store: RoomStore, archive: Host['archive'], codec: ResultsCodec): ArchiveReader {
  const looks = new Map<string, Look>();

  const change = (studyUID: string, how: (record: StudyRecord) => StudyRecord) => changeStudy(store, studyUID, how);

  /** Goes on with a look after what is under way; what fails is told in the record. */
  const proceed = (look: Look, step: () => Promise<void>) => {
    const { studyUID, controller } = look;
    look.work = look.work.then(step).catch((error: unknown) => {
      if (controller.signal.aborted) return;
      change(studyUID, (record) => ({ ...record, archive: { kind: 'failed', problem: problemOf(error) } }));
    });
  };

  const fetchAll = async (look: Look) => {
    const { studyUID, controller, problems } = look;
    const fetched = await fetchResults(studyUID, archive, controller.signal);
    for (const problem of fetched.problems) problems.add(problem);
    look.fetched = fetched;
    change(studyUID, (record) => ({
      ...record,
      others: { reports: [], problems: [], masks: otherMasksOf(fetched.otherMasks, record.others.masks) },
    }));
    await readFor(look);
  };

  /** Reads the objects for every series they are about that is known by now and was not read yet. */
  const readFor = async (look: Look) => {
    const { studyUID, controller, problems, otherProblems, read } = look;
    let { fetched } = look;
    if (fetched === null) return;
    for (const series of store.getState().series) {
      const { geometry, seriesInstanceUID, studyInstanceUID } = series;
      if (!geometry.ok || studyInstanceUID !== studyUID || read.has(seriesInstanceUID)) continue;
      read.add(seriesInstanceUID);
      if (fetched.reports.some((report) => contains(report, seriesInstanceUID))) {
        const referred = fetched.referred.map(({ bytes }) => bytes);
        const decoded = await codec.decode([...fetched.reports, ...referred], geometry.value);
        controller.signal.throwIfAborted();
        look.fetched = fetched = withoutRead(fetched, decoded.analyses);
        for (const { message } of decoded.problems) problems.add(message);
        putAnalyses(series, decoded.analyses);
      }
      if (fetched.otherReports.length === 0) continue;
      const others = await readOtherReports(fetched.otherReports, series, geometry.value, codec);
      controller.signal.throwIfAborted();
      for (const problem of others.problems) otherProblems.add(problem);
      change(studyUID, (record) => ({
        ...record,
        others: {
          ...record.others,
          reports: [...record.others.reports, ...others.reports],
          problems: [...otherProblems],
        },
      }));
    }
    controller.signal.throwIfAborted();
    change(studyUID, (record) => ({ ...record, archive: { kind: 'ready', problems: [...problems] } }));
  };

  const putAnalyses = ({ studyInstanceUID, seriesNumber }: SeriesSummary, analyses: readonly StoredAnalysis[]) => {
    const found = analyses.map((one) => ({ ...one, analysis: withSeriesNumber(one.analysis, seriesNumber) }));
    change(studyInstanceUID, (record) => {
      const next = found.reduce(withStored, record);
      return { ...next, open: next.open ?? newestResult(store, studyInstanceUID, next) };
    });
  };

  const look = (studyUID: string) => {
    looks.get(studyUID)?.controller.abort();
    const fresh: Look = {
      studyUID,
      controller: new AbortController(),
      problems: new Set(),
      otherProblems: new Set(),
      read: new Set(),
      fetched: null,
      work: Promise.resolve(),
    };
    looks.set(studyUID, fresh);
    change(studyUID, (record) => ({ ...record, archive: { kind: 'looking' } }));
    proceed(fresh, () => fetchAll(fresh));
  };

  return {
    look,
    visit(studyUID) {
      const known = looks.get(studyUID);
      const state = store.getState().studies[studyUID]?.archive.kind;
      if (known === undefined || state === undefined || state === 'unknown' || state === 'failed') look(studyUID);
      // The viewer may know more series than before: results about them are read now.
      else proceed(known, () => readFor(known));
    },
    async loadMask(studyUID, sopInstanceUID, series) {
      const known = looks.get(studyUID);
      const listed = known?.fetched?.otherMasks.find((one) => one.sopInstanceUID === sopInstanceUID);
      if (known?.fetched == null || listed === undefined || !series.geometry.ok) return;
      const put = (state: OtherMask['state']) =>
        change(studyUID, (record) => withMask(record, sopInstanceUID, (mask) => ({ ...mask, state })));
      put({ kind: 'loading' });
      const state = await readMask(listed, series.geometry.value, archive, codec);
      if (!known.controller.signal.aborted) put(state);
    },
    stop() {
      for (const { controller } of looks.values()) controller.abort();
      looks.clear();
    },
  };
}

/** What a reader who opens the study wants to see first: the newest result of the series on screen. */
function newestResult(store: RoomStore, studyUID: string, record: StudyRecord): string | null {
  const series = currentSeries(store.getState());
  if (series === null || series.studyInstanceUID !== studyUID) return null;
  return resultsOfSeries(record, series.seriesInstanceUID)[0]?.analysis.uid ?? null;
}

/** Puts a stored analysis beside what is held here already. Decisions of this sitting stand until they are saved. */
function withStored(record: StudyRecord, found: StoredAnalysis): StudyRecord {
  const { analysis } = found;
  const before = record.results[analysis.uid];
  const { savedAt = null, notes = [] } = before?.stored ?? {};
  const stored = { ...found, savedAt, notes };
  const result: Result = before === undefined ? newResult(analysis, stored) : merged(before, stored);
  return { ...record, results: { ...record.results, [analysis.uid]: result } };
}

/** Decisions of this sitting stay, and so do heat maps that the archive has fewer of: the site may not store them, or have lost one. */
function merged(before: Result, stored: StoredVersion): Result {
  const decided = undecidedInArchive(before.analysis, before.stored?.analysis ?? null).length > 0;
  const { heatMaps } = before.analysis;
  const analysis = decided ? before.analysis : stored.analysis;
  if (heatMaps.length <= stored.analysis.heatMaps.length) {
    return { ...before, stored, analysis: { ...analysis, heatMaps: stored.analysis.heatMaps } };
  }
  // Objects belong to the maps that they were written of.
  const found = new Set(stored.parametricMaps.map((map) => map?.sopInstanceUID));
  const known = before.stored?.parametricMaps ?? [];
  const parametricMaps = heatMaps.map((_, n) => {
    const map = known[n] ?? null;
    return map !== null && found.has(map.sopInstanceUID) ? map : null;
  });
  return { ...before, stored: { ...stored, parametricMaps }, analysis: { ...analysis, heatMaps } };
}
