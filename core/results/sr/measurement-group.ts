import type { AnalysisSource, Finding, Measurement, Review } from '../../analysis/index.ts';
import {
  dcmCodes,
  measurementNames,
  privateCodes,
  reviewStates,
  sctCodes,
  units,
  type Dataset,
} from '../../dicom/index.ts';
import { sameCode } from '../common/code-sequence.ts';
import { toDateTime } from '../common/date-time.ts';
import { code, container, datetime, image, num, pname, text, uidref, type ContentItem } from './content-item.ts';
import { axisCoordinates, axisNames, boxAndCentre, wholeImage } from './regions.ts';

/** The SEG the document refers to, with its own segment numbers. */
export interface SegmentLink {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  /** SegmentNumber in the SEG by value in the label map. */
  readonly numbers: ReadonlyMap<number, number>;
}

/**
 * TID 1411 says "these are the measurements of that segment", TID 1501 says "these measurements carry their own
 * coordinates". Validators refuse documents that mix them, so one choice holds for all groups of a document.
 */
export type GroupTemplate = '1411' | '1501';

export function chooseTemplate(findings: readonly Finding[], link: SegmentLink | null): GroupTemplate {
  const volumetric = findings.every(
    ({ region, measurements, score }) =>
      region !== null &&
      region.axes === null &&
      region.segmentNumber !== null &&
      link?.numbers.has(region.segmentNumber) === true &&
      (measurements.length > 0 || score !== null),
  );
  return volumetric && findings.length > 0 ? '1411' : '1501';
}

/** A finding as a measurement group. Order of rows: identity, finding, place, numbers, coordinates, words, review. */
export function measurementGroup(
  finding: Finding,
  source: AnalysisSource,
  link: SegmentLink | null,
  template: GroupTemplate,
): ContentItem {
  const { region } = finding;
  return container(dcmCodes.measurementGroup, template, [
    text('HAS OBS CONTEXT', dcmCodes.trackingIdentifier, finding.trackingIdentifier),
    uidref('HAS OBS CONTEXT', dcmCodes.trackingUID, finding.trackingUID),
    code('CONTAINS', dcmCodes.finding, finding.code),
    ...findingSite(finding),
    ...segmentReference(finding, source, link, template),
    ...measurements(finding, source),
    ...(region === null ? wholeImage(source) : boxAndCentre(source, region)),
    text('CONTAINS', privateCodes.label, finding.label),
    ...(finding.place === null ? [] : [text('CONTAINS', privateCodes.place, finding.place)]),
    reviewOf(finding.review),
  ]);
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
  template: GroupTemplate,
): readonly ContentItem[] {
  const number = region?.segmentNumber == null ? undefined : link?.numbers.get(region.segmentNumber);
  if (link === null || number === undefined) return [];
  const reference: Dataset = {
    ReferencedSOPClassUID: link.sopClassUID,
    ReferencedSOPInstanceUID: link.sopInstanceUID,
    ReferencedSegmentNumber: number,
  };
  // "Referenced Segment" is what makes a group one of TID 1411: in TID 1501 the same image stands under another purpose (row 10b).
  if (template === '1501') return [image('CONTAINS', dcmCodes.segmentation, reference)];
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
