import type { AnalysisSource, Finding, Measurement, Review } from '../../analysis/index.ts';
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
import { code, container, datetime, image, num, pname, text, uidref, type ContentItem } from './content-item.ts';
import type { GroupKind } from './group-kind.ts';
import { axisCoordinates, axisNames, boxAndCentre, wholeImage } from './regions.ts';
import type { SegmentLink } from './segment-link.ts';

/** A finding as a measurement group. Order of rows: identity, finding, place, numbers, coordinates, words, review. */
export function measurementGroup(
  finding: Finding,
  source: AnalysisSource,
  link: SegmentLink | null,
  kind: GroupKind,
): ContentItem {
  const { region } = finding;
  return container(dcmCodes.measurementGroup, kind, [
    text('HAS OBS CONTEXT', dcmCodes.trackingIdentifier, finding.trackingIdentifier),
    uidref('HAS OBS CONTEXT', dcmCodes.trackingUID, finding.trackingUID),
    code('CONTAINS', dcmCodes.finding, finding.code),
    ...presence(finding),
    ...findingSite(finding),
    ...segmentReference(finding, source, link, kind),
    ...measurements(finding, source),
    ...(region === null ? wholeImage(source) : boxAndCentre(source, region, kind)),
    text('CONTAINS', privateCodes.label, finding.label),
    ...(finding.place === null ? [] : [text('CONTAINS', privateCodes.place, finding.place)]),
    reviewOf(finding.review),
  ]);
}

/** TID 1501 row 11: a qualitative evaluation, question and answer. */
function presence(finding: Finding): readonly ContentItem[] {
  return finding.presence === null ? [] : [code('CONTAINS', finding.code, presences[finding.presence])];
}

/** TID 1501 rows 6 and 7, TID 1419 row 2. A side without a site modifies the finding itself. */
function findingSite({ site, laterality }: Finding): readonly ContentItem[] {
  const side = laterality === null ? [] : [code('HAS CONCEPT MOD', sctCodes.laterality, laterality)];
  return site === null ? side : [code('HAS CONCEPT MOD', sctCodes.findingSite, site, side)];
}

function segmentReference(
  { region }: Finding,
  source: AnalysisSource,
  link: SegmentLink | null,
  kind: GroupKind,
): readonly ContentItem[] {
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

/** TID 300 for every measurement, the axes with the coordinates they were inferred from, and the score. */
function measurements({ region, measurements: list, score }: Finding, source: AnalysisSource): readonly ContentItem[] {
  const axes = region?.axes ?? null;
  const open = new Set(axes === null ? [] : (['long', 'short'] as const));
  const items = list.map((measurement) => {
    const axis = [...open].find((name) => sameCode(axisNames[name], measurement.name));
    if (axis === undefined || axes === null) return measured(measurement, []);
    open.delete(axis);
    const coordinates = axisCoordinates('INFERRED FROM', null, source, axes[axis]);
    return measured(measurement, coordinates === null ? [] : [coordinates]);
  });
  for (const axis of open) {
    const coordinates = axes === null ? null : axisCoordinates('CONTAINS', axisNames[axis], source, axes[axis]);
    if (coordinates !== null) items.push(coordinates);
  }
  if (score !== null) items.push(num(measurementNames[score.kind], score.value, units.one));
  return items;
}

function measured({ name, value, unit, derivation }: Measurement, coordinates: readonly ContentItem[]): ContentItem {
  const how = derivation === null ? [] : [code('HAS CONCEPT MOD', dcmCodes.derivation, derivation)];
  return num(name, value, unit, [...how, ...coordinates]);
}

/** What a person thought of the finding: always said, also where nobody looked yet. */
function reviewOf({ state, reason, reviewer, at }: Review): ContentItem {
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
