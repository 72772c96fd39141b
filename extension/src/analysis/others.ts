import type { SeriesGeometry } from '@overread/core/volume';
import type { HostArchive, ListedObject, SeriesSummary } from '../host/types.ts';
import type { ResultsCodec } from '../results/client.ts';
import type { FetchedFile } from './fetch-results.ts';
import { problemOf } from './problem.ts';
import {
  emptyStudy,
  type OtherMask,
  type OtherReportEntry,
  type OtherResults,
  type RoomState,
  type StudyRecord,
} from './state.ts';
import type { ShownOther } from '../overlay/index.ts';

/** Masks of other software as the archive lists them now; what was loaded before stays loaded. */
export function otherMasksOf(listed: readonly ListedObject[], before: readonly OtherMask[]): readonly OtherMask[] {
  return listed.map((one) => {
    const known = before.find((mask) => mask.listed.sopInstanceUID === one.sopInstanceUID);
    return known?.state.kind === 'ready' ? known : { listed: one, state: { kind: 'listed' }, visible: false };
  });
}

/** The reports of other software that are about a series, and what in them was not understood. */
export async function readOtherReports(
  files: readonly FetchedFile[],
  { seriesInstanceUID }: SeriesSummary,
  geometry: SeriesGeometry,
  codec: ResultsCodec,
): Promise<Pick<OtherResults, 'reports' | 'problems'>> {
  const { otherReports, problems } = await codec.decode(
    files.map(({ bytes }) => bytes),
    geometry,
  );
  return {
    reports: otherReports.map((report): OtherReportEntry => {
      const file = files.find(({ listed }) => listed.sopInstanceUID === report.document.sopInstanceUID);
      return {
        seriesInstanceUID,
        grid: geometry.grid,
        report,
        maker: file?.listed.maker ?? '',
        description: file?.listed.description ?? '',
        visible: false,
      };
    }),
    problems: problems.map(({ message }) => message),
  };
}

/** A mask of other software on the grid of a series, or why it must not be drawn. */
export async function readMask(
  listed: ListedObject,
  geometry: SeriesGeometry,
  archive: HostArchive,
  codec: ResultsCodec,
): Promise<OtherMask['state']> {
  try {
    const { otherSegmentations, problems } = await codec.decode([await archive.retrieve(listed)], geometry);
    const found = otherSegmentations[0];
    if (found !== undefined && found.layers.length > 0) {
      return { kind: 'ready', seriesInstanceUID: geometry.seriesInstanceUID, layers: found.layers };
    }
    return { kind: 'failed', why: problems[0]?.message ?? null };
  } catch (error) {
    return { kind: 'failed', why: problemOf(error).message };
  }
}

/** The record with one of its masks changed. */
export function withMask(
  record: StudyRecord,
  sopInstanceUID: string,
  change: (mask: OtherMask) => OtherMask,
): StudyRecord {
  const masks = record.others.masks.map((mask) =>
    mask.listed.sopInstanceUID === sopInstanceUID ? change(mask) : mask,
  );
  return { ...record, others: { ...record.others, masks } };
}

/** The record with the drawing of one result of other software switched. */
export function withVisible(record: StudyRecord, sopInstanceUID: string, visible: boolean): StudyRecord {
  const masked = withMask(record, sopInstanceUID, (mask) => ({ ...mask, visible }));
  const reports = masked.others.reports.map((entry) =>
    entry.report.document.sopInstanceUID === sopInstanceUID ? { ...entry, visible } : entry,
  );
  return { ...masked, others: { ...masked.others, reports } };
}

/** What of other software is drawn, in every study that is hung. */
export function shownOthers({ studies, visited }: RoomState): readonly ShownOther[] {
  return visited.flatMap((study) => {
    const { reports, masks } = studies[study]?.others ?? emptyStudy.others;
    return [
      ...masks.flatMap(({ listed, state, visible }): ShownOther[] =>
        visible && state.kind === 'ready'
          ? [
              {
                kind: 'mask',
                uid: listed.sopInstanceUID,
                seriesInstanceUID: state.seriesInstanceUID,
                layers: state.layers,
              },
            ]
          : [],
      ),
      ...reports.flatMap(({ report, seriesInstanceUID, grid, visible }): ShownOther[] =>
        visible
          ? [{ kind: 'boxes', uid: report.document.sopInstanceUID, seriesInstanceUID, grid, findings: report.findings }]
          : [],
      ),
    ];
  });
}
