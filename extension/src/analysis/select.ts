import type { Manifest } from '@overread/core/model';
import { applicability } from '@overread/core/model';
import type { SeriesSummary } from '../host/types.ts';
import type { Presentation } from '../overlay/index.ts';
import type { CatalogueModel } from './catalogue.ts';
import { undecidedInArchive } from './review.ts';
import { emptyStudy, type Result, type RoomState, type StudyRecord } from './state.ts';

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

/** What is drawn on the viewports: the open result, or nothing. */
export function presentation(state: RoomState): Presentation | null {
  const result = openResult(state);
  return result === null
    ? null
    : { analysis: result.analysis, layers: result.layers, selected: currentRecord(state).selected };
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

/** Which models apply to the series, and why the others do not. */
export function offeredModels(models: readonly CatalogueModel[], series: SeriesSummary): OfferedModels {
  const answers = models.map((model) => ({ model, because: reasonsAgainst(model.manifest, series) }));
  return {
    applying: answers.filter(({ because }) => because.length === 0).map(({ model }) => model),
    others: answers.filter(({ because }) => because.length > 0),
  };
}

function reasonsAgainst(manifest: Manifest, series: SeriesSummary): readonly string[] {
  const answer = applicability(manifest, series);
  return answer.applies ? [] : answer.because;
}

/** Decisions that the archive does not hold yet. */
export function unsavedDecisions(result: Result): number {
  return undecidedInArchive(result.analysis, result.stored?.analysis ?? null).length;
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
