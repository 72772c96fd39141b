import type { Analysis, HeatMap } from '../../analysis/index.ts';
import { dcmCodes, privateCodes, sctCodes } from '../../dicom/index.ts';
import { toDateTime } from '../common/date-time.ts';
import type { DicomObject, ObjectReference, StoredSegmentation } from '../object.ts';
import { algorithmIdentification } from './algorithm-identification.ts';
import { code, composite, container, datetime, image, uidref } from './content-item.ts';
import type { RowOf } from './relationships.ts';
import type { DocumentPlan, GroupsOfKind } from './group-kind.ts';
import { imageLibrary } from './image-library.ts';
import { measurementGroup } from './measurement-group.ts';
import { deviceObserver, languageOfContent, personObserver, reviewers } from './observation-context.ts';
import { evaluations } from './qualitative.ts';
import { otherSeriesGroups } from './other-series.ts';
import { imagesIn } from './references.ts';

export interface RootParts {
  readonly plan: DocumentPlan;
  /** In the order of the plan. */
  readonly parts: readonly DicomObject[];
  /** Of each heat map; null where it is not stored. */
  readonly parametricMaps: readonly (ObjectReference | null)[];
}

/** TID 1500, row by row, of the document that the others of the result are found from. */
export function rootContent(
  analysis: Analysis,
  link: StoredSegmentation | null,
  { plan, parts, parametricMaps }: RootParts,
): readonly RowOf<'CONTAINER'>[] {
  const identity = uidref('HAS OBS CONTEXT', privateCodes.analysisUID, analysis.uid);
  return [
    ...measurementReport(analysis, link, { groups: plan.root, identity, plan }),
    evaluations(analysis),
    ...analysis.heatMaps.flatMap((heatMap, n) => mapReference(heatMap, parametricMaps[n] ?? null)),
    ...parts.map(partReference),
  ];
}

/** TID 1500 of a document that holds the findings of one further kind of group. */
export function partContent(
  analysis: Analysis,
  link: StoredSegmentation | null,
  groups: GroupsOfKind,
): readonly RowOf<'CONTAINER'>[] {
  const identity = uidref('HAS OBS CONTEXT', privateCodes.partOfAnalysis, analysis.uid);
  return measurementReport(analysis, link, { groups, identity, plan: null });
}

interface Measured {
  readonly groups: GroupsOfKind;
  /** The analysis that the document is, or is a part of. */
  readonly identity: RowOf<'CONTAINER'>;
  /** Of the root: in which documents the findings stand. */
  readonly plan: DocumentPlan | null;
}

/** TID 1500 rows 2 to 9. */
function measurementReport(
  analysis: Analysis,
  link: StoredSegmentation | null,
  { groups: { kind, findings }, identity, plan }: Measured,
): readonly RowOf<'CONTAINER'>[] {
  const { source } = analysis;
  const groups = findings.map((finding) => measurementGroup(finding, source, link, kind));
  const documentOf = plan === null || plan.parts.length === 0 ? [] : plan.documentOf;
  return [
    ...languageOfContent(),
    ...deviceObserver(analysis.model),
    ...reviewers(findings).flatMap(personObserver),
    identity,
    datetime('HAS OBS CONTEXT', dcmCodes.started, toDateTime(analysis.startedAt)),
    datetime('HAS OBS CONTEXT', dcmCodes.ended, toDateTime(analysis.finishedAt)),
    code('HAS CONCEPT MOD', dcmCodes.procedureReported, sctCodes.imagingProcedure),
    imageLibrary(source, imagesIn(groups, source), plan === null ? [] : otherSeriesGroups(analysis)),
    container(dcmCodes.imagingMeasurements, null, [...algorithmIdentification(analysis, link, documentOf), ...groups]),
  ];
}

/** A heat map, under the name of what its values are: TID 1500 is extensible and has no row for maps. */
function mapReference({ quantity }: HeatMap, parametricMap: ObjectReference | null): readonly RowOf<'CONTAINER'>[] {
  if (parametricMap === null) return [];
  const { sopClassUID, sopInstanceUID } = parametricMap;
  return [
    image('CONTAINS', quantity, {
      ReferencedSOPClassUID: sopClassUID,
      ReferencedSOPInstanceUID: sopInstanceUID,
    }),
  ];
}

/** Another report of the result. TID 1500 is extensible and has no row for further documents. */
function partReference({ sopClassUID, sopInstanceUID }: DicomObject): RowOf<'CONTAINER'> {
  return composite('CONTAINS', dcmCodes.imagingMeasurementReport, {
    ReferencedSOPClassUID: sopClassUID,
    ReferencedSOPInstanceUID: sopInstanceUID,
  });
}
