import type { Analysis } from '@overread/core/analysis';
import { applicability } from '@overread/core/model';
import type { SeriesSummary } from '../host/types.ts';
import type { Presentation } from '../overlay/index.ts';
import type { CatalogueModel } from './catalogue.ts';
import { chosenSeries } from './channels.ts';
import { shownAnalysis } from './explained.ts';
import { markedThings } from './marking/state.ts';
import { undecidedInArchive } from './review.ts';
import { emptyStudy, type OtherResults, type Result, type RoomState, type StudyRecord } from './state.ts';

/** The record of the study on screen. */
export function currentRecord(state: RoomState): StudyRecord {
  return (state.study === null ? undefined : state.studies[state.study]) ?? emptyStudy;
}

/** The series the panel speaks of: that of the active viewport, else the first that could be analysed, else the first. */
export function currentSeries(state: RoomState): SeriesSummary | null {
  return (
    state.series.find((series) => series.seriesInstanceUID === state.activeSeries) ??
    state.series.find((series) => series.geometry.ok) ??
    state.series[0] ??
    null
  );
}

export function openResult(state: RoomState): Result | null {
  const record = currentRecord(state);
  return record.open === null ? null : (record.results[record.open] ?? null);
}

/** What is drawn: the open result of each study that is hung, on its own images. */
export function presentations({ studies, visited }: RoomState): readonly Presentation[] {
  return visited.flatMap((study) => {
    const record = studies[study];
    const result = record === undefined || record.open === null ? undefined : record.results[record.open];
    if (record === undefined || result === undefined) return [];
    const { layers, heatMap } = result;
    return [{ analysis: shownAnalysis(result), layers, heatMap, selected: record.selected }];
  });
}

/** What other software stored about a series. */
export function othersOfSeries(record: StudyRecord, seriesInstanceUID: string): OtherResults {
  const { reports, masks, problems } = record.others;
  return {
    reports: reports.filter((entry) => entry.seriesInstanceUID === seriesInstanceUID),
    // A mask that names no series may be about any: whether it fits is known when it is loaded.
    masks: masks.filter(({ listed }) => listed.about.length === 0 || listed.about.includes(seriesInstanceUID)),
    problems,
  };
}

/** Findings that nobody has decided on. */
export function undecided({ analysis }: Result): number {
  return analysis.findings.filter(({ review }) => review.state === 'unreviewed').length;
}

/** Whether a reader may verify the report now: the model completed, and every finding is decided. */
export function canBeVerified(result: Result): boolean {
  return result.analysis.outcome === 'completed' && undecided(result) === 0;
}

/** Results of one series, newest first. */
export function resultsOfSeries(record: StudyRecord, seriesInstanceUID: string): readonly Result[] {
  return Object.values(record.results)
    .filter((result) => result.analysis.source.seriesInstanceUID === seriesInstanceUID)
    .sort((a, b) => Date.parse(b.analysis.finishedAt) - Date.parse(a.analysis.finishedAt));
}

export interface OfferedModels {
  readonly applying: readonly CatalogueModel[];
  readonly others: readonly { readonly model: CatalogueModel; readonly because: readonly string[] }[];
}

/**
 * Which models apply to the series, and why the others do not.
 * @param study all series of its study: a model may read others beside it
 * @param record what is known of the study, so too what the reader said of those others
 */
export function offeredModels(
  models: readonly CatalogueModel[],
  series: SeriesSummary,
  study: readonly SeriesSummary[],
  record: StudyRecord,
): OfferedModels {
  const answers = models.map((model) => ({ model, because: reasonsAgainst(model, series, study, record) }));
  return {
    applying: answers.filter(({ because }) => because.length === 0).map(({ model }) => model),
    others: answers.filter(({ because }) => because.length > 0),
  };
}

function reasonsAgainst(
  model: CatalogueModel,
  series: SeriesSummary,
  study: readonly SeriesSummary[],
  record: StudyRecord,
): readonly string[] {
  const answer = applicability(model.manifest, series);
  if (!answer.applies) return answer.because;
  const others = chosenSeries(model, series, study, record);
  // Where the reader only has to say which series is which, the model is offered with that question.
  return others.ok || others.undecided !== undefined ? [] : others.because;
}

/** Decisions that the archive does not hold yet. */
export function unsavedDecisions(result: Result): number {
  return undecidedInArchive(result.analysis, result.stored?.analysis ?? null).length;
}

/** Whether marks would be lost with the page: things that are being marked, results that are being made of them or that no archive holds. */
export function hasUnsavedMarks({ marking, marksInMaking, studies }: RoomState): boolean {
  if (marksInMaking > 0) return true;
  if (marking !== null && markedThings(marking.state).length > 0) return true;
  return Object.values(studies).some(({ results }) =>
    Object.values(results).some(({ analysis, stored }) => stored === null && isMarked(analysis)),
  );
}

/** Whether a reader's marks led the model. */
export function isMarked({ labelMaps }: Analysis): boolean {
  return labelMaps.some(({ segments }) => segments.some(({ algorithmType }) => algorithmType === 'SEMIAUTOMATIC'));
}

/** Decisions not saved, over every study that is still held. */
export function unsavedEverywhere(state: RoomState): number {
  return Object.values(state.studies).reduce((sum, record) => sum + unsavedOf(record), 0);
}

/** How many studies that are not on screen hold unsaved decisions. */
export function unsavedElsewhere(state: RoomState): number {
  return Object.entries(state.studies).filter(([uid, record]) => uid !== state.study && unsavedOf(record) > 0).length;
}

function unsavedOf(record: StudyRecord): number {
  return Object.values(record.results).reduce((sum, result) => sum + unsavedDecisions(result), 0);
}
