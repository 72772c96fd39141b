import type { LabelMap } from '../analysis/index.ts';
import { sctCodes, sopClasses, textOf } from '../dicom/index.ts';
import type { Notice } from '../errors/index.ts';
import type { SeriesGeometry } from '../volume/index.ts';
import type { OtherFinding, OtherReport, OtherSegmentation } from './other.ts';
import { problem } from './problem.ts';
import { readOnSeries } from './seg/read.ts';
import { labelRegions, type LabelRegion } from './seg/label-regions.ts';
import { readOtherReport, type OpenOtherReport } from './sr/read-other.ts';
import type { StoredObject } from './stored-object.ts';

/** SR SOP classes that may hold measurement groups. */
export const reportClasses: readonly string[] = [
  sopClasses.enhancedSr,
  sopClasses.comprehensiveSr,
  sopClasses.comprehensive3DSr,
];

/** A SEG that no analysis refers to. Null, and a problem, where it must not be drawn. */
export function readOtherSegmentation(
  object: StoredObject,
  series: SeriesGeometry,
  problems: Notice[],
): OtherSegmentation | null {
  const { dataset, reference } = object;
  const read = readOnSeries(object, series, { labelValue: (one) => one, missingCode: sctCodes.unknown });
  if (!read.ok) {
    const message = `The segmentation ${reference.sopInstanceUID} is not drawn: ${read.reason}.`;
    problems.push(problem('segmentation-refused', message));
    return null;
  }
  const { layers, places, fractions } = read;
  const description = textOf(dataset, 'SeriesDescription') ?? textOf(dataset, 'ContentDescription') ?? '';
  return { document: reference, description, layers, places, fractions };
}

export interface OtherReportObject extends StoredObject {
  readonly open: OpenOtherReport;
}

/** Reports of other makers about the series; a finding that only names a segment gets its place from there. */
export function readOtherReports(
  objects: readonly OtherReportObject[],
  segmentations: readonly OtherSegmentation[],
  series: SeriesGeometry,
  problems: Notice[],
): readonly OtherReport[] {
  const place = segmentPlaces(segmentations);
  return objects.map(({ open, reference }) => {
    const report = readOtherReport(open, reference, series, problems);
    return { ...report, findings: report.findings.map(place) };
  });
}

function segmentPlaces(segmentations: readonly OtherSegmentation[]): (finding: OtherFinding) => OtherFinding {
  const byUID = new Map(segmentations.map((one) => [one.document.sopInstanceUID, one]));
  const regions = new Map<LabelMap, ReadonlyMap<number, LabelRegion>>();
  return (finding) => {
    if (finding.region !== null || finding.segment === null) return finding;
    const segmentation = byUID.get(finding.segment.sopInstanceUID);
    const place = segmentation?.places.get(finding.segment.segmentNumber);
    const layer = place === undefined ? undefined : segmentation?.layers[place.layer];
    if (place === undefined || layer === undefined) return finding;
    const found = regions.get(layer) ?? labelRegions(layer);
    regions.set(layer, found);
    const region = found.get(place.value);
    return region === undefined ? finding : { ...finding, region: { ...region, segmentNumber: null, axes: null } };
  };
}
