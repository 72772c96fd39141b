import type { Analysis, Finding, LabelMap, ModelIdentity, OtherSeries } from '../../analysis/index.ts';
import { dcmCodes, itemOf, privateCodes, qualitativeEvaluations, textOf, type Attributes } from '../../dicom/index.ts';
import type { Notice } from '../../errors/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import { sameCode } from '../common/code-sequence.ts';
import { fromDateTime } from '../common/date-time.ts';
import { sliceIndex } from '../common/slice-index.ts';
import { problem } from '../problem.ts';
import { listedInstances } from '../stored-object.ts';
import { childOf, childrenOf, codeOf, contentTree, textIn, uidIn, type ContentNode } from './content-tree.ts';
import { otherSeriesIn } from './other-series.ts';
import { factsOf, placeOf, type Facts } from './read-facts.ts';
import { findingOf } from './read-finding.ts';

/** A measurement report opened far enough to know which analysis it holds. */
export interface OpenReport {
  readonly analysisUID: string;
  readonly tree: ContentNode;
  readonly facts: Facts;
  /** Value in the label map by SegmentNumber of the SEG. */
  readonly labelValue: (segmentNumber: number) => number;
  /** SOP Instance UIDs of further documents that hold findings of the analysis, in order. */
  readonly partUIDs: readonly string[];
  readonly otherSeries: readonly OtherSeries[];
}

/** Opens a document that we wrote; null for any other SR. */
export function openReport(dataset: Attributes): OpenReport | null {
  const tree = contentTree(dataset);
  if (!sameCode(tree.name, dcmCodes.imagingMeasurementReport)) return null;
  const analysisUID = uidIn(tree, privateCodes.analysisUID);
  if (analysisUID === null) return null;
  const measurements = childOf(tree, 'CONTAINER', dcmCodes.imagingMeasurements);
  const facts = measurements === null ? () => [] : factsOf(measurements);
  const values = facts('labelValues')[0]?.split(' ').map(Number) ?? [];
  const partUIDs = childrenOf(tree, 'COMPOSITE', dcmCodes.imagingMeasurementReport)
    .map(({ attributes }) => textOf(itemOf(attributes, 'ReferencedSOPSequence') ?? {}, 'ReferencedSOPInstanceUID'))
    .filter((uid) => uid !== null);
  const otherSeries = otherSeriesIn(tree, listedInstances(dataset, 'CurrentRequestedProcedureEvidenceSequence'));
  return { analysisUID, tree, facts, labelValue: (number) => values[number - 1] ?? number, partUIDs, otherSeries };
}

/** The content of a document that holds further findings of an analysis; null for any other SR. */
export function openPart(dataset: Attributes): ContentNode | null {
  const tree = contentTree(dataset);
  return uidIn(tree, privateCodes.partOfAnalysis) === null ? null : tree;
}

export interface DecodedReport {
  /** Null where the document lacks what an analysis cannot be without. */
  readonly analysis: Analysis | null;
  readonly problems: readonly Notice[];
}

export interface ReportParts {
  /** The decoded SEG; none where there is none. */
  readonly labelMaps: readonly LabelMap[];
  /** Content of the documents that the report names as its parts, in order; null for one that is not there. */
  readonly documents: readonly (ContentNode | null)[];
}

/** The analysis of a report, on the geometry of the series it is about. */
export function decodeReport(
  { analysisUID, tree, facts, labelValue, otherSeries }: OpenReport,
  series: SeriesGeometry,
  { labelMaps, documents }: ReportParts,
): DecodedReport {
  const measurements = childOf(tree, 'CONTAINER', dcmCodes.imagingMeasurements);
  const model = measurements === null ? null : modelOf(tree, measurements, facts);
  const place = placeOf(facts);
  const startedAt = timeIn(tree, 'started');
  const finishedAt = timeIn(tree, 'ended');
  if (measurements === null || model === null || place === null || startedAt === null || finishedAt === null) {
    const lacking = model === null ? 'the model' : place === null ? 'the place of the run' : 'the time of the run';
    return { analysis: null, problems: [problem('incomplete-report', `A stored report does not name ${lacking}.`)] };
  }
  const problems: Notice[] = [];
  const context = { series, slices: sliceIndex(series), labelValue, segmented: labelMaps.length > 0 };
  const findings: Finding[] = [];
  for (const group of groupsInOrder([tree, ...documents], facts)) {
    const finding = findingOf(group, context);
    if (finding === null)
      problems.push(problem('finding-skipped', 'A stored finding has no code or no UID; left out.'));
    else findings.push(finding);
    if (finding?.region === null && childOf(group, null, privateCodes.wholeImage) === null) {
      problems.push(problem('region-unreadable', `The stored place of "${finding.label}" does not fit the series.`));
    }
  }
  const evaluations = childOf(tree, 'CONTAINER', qualitativeEvaluations);
  const summary = evaluations === null ? null : codeOf(childOf(evaluations, 'CODE', dcmCodes.processingSummary));
  const seriesNumber = Number(facts('seriesNumber')[0] ?? 'none');
  const analysis: Analysis = {
    uid: analysisUID,
    model,
    source: {
      studyInstanceUID: series.studyInstanceUID,
      seriesInstanceUID: series.seriesInstanceUID,
      modality: series.modality,
      seriesNumber: Number.isInteger(seriesNumber) ? seriesNumber : null,
      frameOfReferenceUID: series.frameOfReferenceUID,
      grid: series.grid,
      slices: series.slices,
    },
    ...(otherSeries.length === 0 ? {} : { otherSeries }),
    place,
    outcome: sameCode(summary, dcmCodes.noneSucceeded) ? 'failed' : 'completed',
    startedAt,
    finishedAt,
    timings: [],
    warnings: evaluations === null ? [] : warningsOf(evaluations),
    findings,
    labelMaps,
    heatMaps: [],
  };
  return { analysis, problems };
}

/**
 * Measurement groups of the documents of an analysis, in the order of its findings: each document has its own in that
 * order, and the root says which document the next one stands in. What it does not say comes last.
 */
function groupsInOrder(documents: readonly (ContentNode | null)[], facts: Facts): readonly ContentNode[] {
  const left = documents.map((tree) => {
    const measurements = tree === null ? null : childOf(tree, 'CONTAINER', dcmCodes.imagingMeasurements);
    return measurements === null ? [] : [...childrenOf(measurements, 'CONTAINER', dcmCodes.measurementGroup)];
  });
  const said = facts('documentOf')[0]?.split(' ') ?? [];
  const ordered = said.flatMap((index) => left[Number(index)]?.shift() ?? []);
  return [...ordered, ...left.flat()];
}

function modelOf(tree: ContentNode, measurements: ContentNode, facts: Facts): ModelIdentity | null {
  const deviceUID = uidIn(tree, dcmCodes.deviceObserverUID);
  const title = textIn(measurements, dcmCodes.algorithmName);
  const version = textIn(measurements, dcmCodes.algorithmVersion);
  const [id] = facts('package');
  if (deviceUID === null || title === null || version === null || id === undefined) return null;
  return {
    id,
    version,
    title,
    manufacturer: textIn(tree, dcmCodes.deviceObserverManufacturer) ?? '',
    deviceUID,
    digest: facts('digest')[0] ?? '',
    regulatoryStatus: facts('regulatoryStatus')[0] ?? '',
  };
}

function timeIn(tree: ContentNode, which: 'started' | 'ended'): string | null {
  const node = childOf(tree, 'DATETIME', dcmCodes[which]);
  const text = node === null ? null : textOf(node.attributes, 'DateTime');
  return text === null ? null : fromDateTime(text);
}

function warningsOf(evaluations: ContentNode): readonly Notice[] {
  return childrenOf(evaluations, 'TEXT', privateCodes.warning).flatMap(({ attributes }) => {
    const text = attributes['TextValue'];
    const at = typeof text === 'string' ? text.indexOf(': ') : -1;
    return typeof text === 'string' && at > 0 ? [{ code: text.slice(0, at), message: text.slice(at + 2) }] : [];
  });
}
