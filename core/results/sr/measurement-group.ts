import type { AnalysisSource, Finding, Review } from '../../analysis/index.ts';
import {
  dcmCodes,
  measurementNames,
  presences,
  privateCodes,
  reviewStates,
  sctCodes,
  units,
  type Dataset,
} from '../../dicom/index.ts';
import { sameCode } from '../common/code-sequence.ts';
import { toDateTime } from '../common/date-time.ts';
import { code, container, datetime, image, num, pname, text, uidref } from './content-item.ts';
import type { RowOf } from './relationships.ts';
import type { GroupKind } from './group-kind.ts';
import { axisCoordinates, axisNames, boxAndCentre, wholeImage } from './regions.ts';
import type { StoredSegmentation } from '../object.ts';

/**
 * A finding as a measurement group: identity, finding, place, numbers, coordinates, words, review. The finding's own
 * shape comes before any other, and in TID 1501 the first number carries it too: viewers that make an editable
 * measurement of a group take the one from there, and its label from the comment.
 */
export function measurementGroup(
  finding: Finding,
  source: AnalysisSource,
  link: StoredSegmentation | null,
  kind: GroupKind,
): RowOf<'CONTAINER'> {
  const { region } = finding;
  const drawn = region === null ? null : boxAndCentre(source, region, kind);
  const axes = axisCoordinatesOf(finding, source);
  return container(dcmCodes.measurementGroup, kind, [
    text('HAS OBS CONTEXT', dcmCodes.trackingIdentifier, finding.trackingIdentifier),
    uidref('HAS OBS CONTEXT', dcmCodes.trackingUID, finding.trackingUID),
    code('CONTAINS', dcmCodes.finding, finding.code),
    ...presence(finding),
    ...findingSite(finding),
    ...segmentReference(finding, source, link, kind),
    ...numbers(finding, axes.measured, kind === '1501' ? (drawn?.inferredFrom ?? null) : null),
    ...(drawn === null ? [wholeImage(source)] : [drawn.main, ...drawn.others]),
    ...axes.alone,
    text('CONTAINS', dcmCodes.comment, finding.label),
    ...(finding.place === null ? [] : [text('CONTAINS', privateCodes.place, finding.place)]),
    reviewOf(finding.review),
  ]);
}

/** TID 1501 row 11: a qualitative evaluation, question and answer. */
function presence(finding: Finding): readonly RowOf<'CONTAINER'>[] {
  return finding.presence === null ? [] : [code('CONTAINS', finding.code, presences[finding.presence])];
}

/** TID 1501 rows 6 and 7, TID 1419 row 2. A side without a site modifies the finding itself. */
function findingSite({ site, laterality }: Finding): readonly RowOf<'CONTAINER'>[] {
  const side = laterality === null ? [] : [code('HAS CONCEPT MOD', sctCodes.laterality, laterality)];
  return site === null ? side : [code('HAS CONCEPT MOD', sctCodes.findingSite, site, side)];
}

function segmentReference(
  { region }: Finding,
  source: AnalysisSource,
  link: StoredSegmentation | null,
  kind: GroupKind,
): readonly RowOf<'CONTAINER'>[] {
  const number = region?.segmentNumber == null ? undefined : link?.numbers.get(region.segmentNumber);
  if (link === null || number === undefined) return [];
  const reference: Dataset = {
    ReferencedSOPClassUID: link.sopClassUID,
    ReferencedSOPInstanceUID: link.sopInstanceUID,
    ReferencedSegmentNumber: number,
  };
  // "Referenced Segment" is what makes a group one of TID 1411: in TID 1501 the same image stands under another purpose (row 10b).
  if (kind !== '1411') return [image('CONTAINS', dcmCodes.segmentation, reference)];
  return [
    image('CONTAINS', dcmCodes.referencedSegment, reference),
    uidref('CONTAINS', dcmCodes.sourceSeriesForSegmentation, source.seriesInstanceUID),
  ];
}

interface Axes {
  /** Coordinates of an axis, by the place of its measurement in the finding's list. */
  readonly measured: ReadonlyMap<number, RowOf<'NUM'>>;
  /** Those of axes without a measurement. */
  readonly alone: readonly RowOf<'CONTAINER'>[];
}

/** The axes, each with the first measurement of its name. */
function axisCoordinatesOf({ region, measurements }: Finding, source: AnalysisSource): Axes {
  const measured = new Map<number, RowOf<'NUM'>>();
  const alone: RowOf<'CONTAINER'>[] = [];
  const axes = region?.axes ?? null;
  for (const which of ['long', 'short'] as const) {
    if (axes === null) break;
    const name = axisNames[which];
    const at = measurements.findIndex((measurement) => sameCode(name, measurement.name));
    if (at < 0) {
      const coordinates = axisCoordinates('CONTAINS', name, source, axes[which]);
      if (coordinates !== null) alone.push(coordinates);
    } else {
      const coordinates = axisCoordinates('INFERRED FROM', null, source, axes[which]);
      if (coordinates !== null) measured.set(at, coordinates);
    }
  }
  return { measured, alone };
}

/** TID 300 for the score and for every measurement, with the coordinates that they were inferred from. */
function numbers(
  { measurements, score }: Finding,
  axes: ReadonlyMap<number, RowOf<'NUM'>>,
  shape: RowOf<'NUM'> | null,
): readonly RowOf<'CONTAINER'>[] {
  const ofShape = shape === null ? [] : [shape];
  const scored = score === null ? [] : [num(measurementNames[score.kind], score.value, units.one, ofShape)];
  const items = measurements.map(({ name, value, unit, derivation }, at) => {
    const how = derivation === null ? [] : [code('HAS CONCEPT MOD', dcmCodes.derivation, derivation)];
    const axis = axes.get(at);
    const first = at === 0 && score === null ? ofShape : [];
    return num(name, value, unit, [...how, ...first, ...(axis === undefined ? [] : [axis])]);
  });
  return [...scored, ...items];
}

/** What a person thought of the finding: always said, also where nobody looked yet. */
function reviewOf({ state, reason, reviewer, at }: Review): RowOf<'CONTAINER'> {
  return code('CONTAINS', privateCodes.reviewState, reviewStates[state], [
    ...(reason === null ? [] : [code('HAS CONCEPT MOD', privateCodes.reviewReason, reason)]),
    ...(reviewer === null
      ? []
      : [
          code('HAS OBS CONTEXT', dcmCodes.observerType, dcmCodes.person),
          pname('HAS OBS CONTEXT', dcmCodes.personObserverName, reviewer),
        ]),
    ...(at === null ? [] : [datetime('HAS OBS CONTEXT', privateCodes.reviewTime, toDateTime(at))]),
  ]);
}
