import type { Analysis, HeatMap, LabelMap } from '../analysis/index.ts';
import { itemsOf, sopClasses, textOf, type Attributes } from '../dicom/index.ts';
import { asOverreadError, type Notice } from '../errors/index.ts';
import type { SeriesGeometry } from '../volume/index.ts';
import type { ObjectReference, StoredSegmentation, Verification } from './object.ts';
import type { OtherReport, OtherSegmentation } from './other.ts';
import { readOtherReports, readOtherSegmentation, reportClasses, type OtherReportObject } from './others.ts';
import { decodeParametricMap } from './parametric-map/decode.ts';
import { problem } from './problem.ts';
import { decodeSegmentation } from './seg/decode.ts';
import type { ContentNode } from './sr/content-tree.ts';
import { decodeReport, openPart, openReport, type OpenReport } from './sr/decode.ts';
import { openOtherReport } from './sr/read-other.ts';
import { verificationOf } from './sr/verification.ts';
import { listedInstances, readStoredObject, type StoredObject } from './stored-object.ts';
import { current, newest } from './versions.ts';

export interface DecodedResults {
  /** One per analysis UID: the newest version. */
  readonly analyses: readonly StoredAnalysis[];
  /** What other makers reported about the series; a document that another one replaces is left out. */
  readonly otherReports: readonly OtherReport[];
  /** Masks that no analysis refers to. */
  readonly otherSegmentations: readonly OtherSegmentation[];
  /** What could not be read, or must not be drawn, and why. */
  readonly problems: readonly Notice[];
}

export interface StoredAnalysis {
  readonly analysis: Analysis;
  /** The SR that is the root: the predecessor of the next version. */
  readonly document: ObjectReference;
  /** Further SR documents that hold findings of it: predecessors of the next version too. Mostly empty. */
  readonly parts: readonly ObjectReference[];
  /** The SEG of its label maps, or null. */
  readonly segmentation: StoredSegmentation | null;
  /** The Parametric Maps of its heat maps, in their order. */
  readonly parametricMaps: readonly ObjectReference[];
  /** Who verified the SR; null while nobody did. */
  readonly verification: Verification | null;
}

interface Report extends StoredObject {
  readonly open: OpenReport;
}

/** A document that holds further findings of an analysis. */
interface ReportPart extends StoredObject {
  readonly tree: ContentNode;
}

/**
 * Stored objects back as analyses of one series. Objects about other series are passed over; of several versions of an
 * analysis the newest counts (a named predecessor is superseded, then the later time of writing). Never throws on
 * account of an object: what could not be read is listed.
 */
export function decodeResults(objects: readonly Uint8Array[], source: SeriesGeometry): DecodedResults {
  const problems: Notice[] = [];
  const reports: Report[] = [];
  const segmentations = new Map<string, StoredObject>();
  const maps = new Map<string, StoredObject>();
  const parts = new Map<string, ReportPart>();
  const foreign: OtherReportObject[] = [];
  for (const bytes of objects) sort(bytes, source, { reports, parts, foreign, segmentations, maps, problems });

  const analyses: StoredAnalysis[] = [];
  for (const report of newest(reports)) {
    const { labelMaps, segmentation } = readSegmentation(report, segmentations, source, problems);
    const documents = readParts(report, parts, problems);
    const decoded = decodeReport(report.open, source, {
      labelMaps,
      documents: documents.map((part) => part?.tree ?? null),
    });
    problems.push(...decoded.problems);
    if (decoded.analysis === null) continue;
    const read = readParametricMaps(report, maps, source, problems);
    analyses.push({
      analysis: { ...decoded.analysis, heatMaps: read.map(({ heatMap }) => heatMap) },
      document: report.reference,
      parts: documents.flatMap((part) => part?.reference ?? []),
      segmentation,
      parametricMaps: read.map(({ reference }) => reference),
      verification: verificationOf(report.dataset),
    });
  }
  const referred = new Set(reports.flatMap((report) => evidenceOf(report).map((one) => one.sopInstanceUID)));
  const otherSegmentations: OtherSegmentation[] = [];
  for (const [uid, object] of segmentations) {
    if (referred.has(uid)) continue;
    const read = readOtherSegmentation(object, source, problems);
    if (read !== null) otherSegmentations.push(read);
    // A report of another maker may well name it without listing it as evidence.
    if (!foreign.some((report) => names(report, uid))) {
      problems.push(problem('segmentation-alone', `No report refers to the segmentation ${uid}.`));
    }
  }
  for (const uid of maps.keys()) {
    if (!referred.has(uid)) problems.push(problem('map-alone', `No report refers to the parametric map ${uid}.`));
  }
  const partUIDs = new Set(reports.flatMap(({ open }) => open.partUIDs));
  for (const uid of parts.keys()) {
    if (!partUIDs.has(uid))
      problems.push(problem('part-alone', `The report ${uid} belongs to one that was not found.`));
  }
  const about = foreign.filter((report) => isReportAbout(report, source, segmentations));
  const otherReports = readOtherReports(current([...reports, ...foreign], about), otherSegmentations, source, problems);
  return { analyses, otherReports, otherSegmentations, problems };
}

interface Sorted {
  readonly reports: Report[];
  readonly parts: Map<string, ReportPart>;
  /** Reports that are none of ours. */
  readonly foreign: OtherReportObject[];
  readonly segmentations: Map<string, StoredObject>;
  readonly maps: Map<string, StoredObject>;
  readonly problems: Notice[];
}

/** What repeats a report for displays that read none. */
const fallbacks: readonly string[] = [
  sopClasses.grayscalePresentationState,
  sopClasses.colourPresentationState,
  sopClasses.secondaryCapture,
  sopClasses.keyObjectSelection,
];

function sort(bytes: Uint8Array, source: SeriesGeometry, sorted: Sorted): void {
  const { reports, parts, foreign, segmentations, maps, problems } = sorted;
  try {
    const object = readStoredObject(bytes);
    if (object === null) problems.push(problem('unreadable', 'A stored object does not say what it is.'));
    else if (object.reference.studyInstanceUID !== source.studyInstanceUID) return;
    else if (reportClasses.includes(object.reference.sopClassUID)) {
      const open = openReport(object.dataset);
      const tree = open === null ? openPart(object.dataset) : null;
      const other = open === null && tree === null ? openOtherReport(object.dataset) : null;
      if (tree !== null) {
        if (isOnSeries(object, source)) parts.set(object.reference.sopInstanceUID, { ...object, tree });
      } else if (other !== null) foreign.push({ ...object, open: other });
      else if (open === null) {
        const { sopInstanceUID } = object.reference;
        problems.push(problem('foreign-report', `The report ${sopInstanceUID} was not written by Overread.`));
      } else if (isOnSeries(object, source)) {
        reports.push({ ...object, open });
      }
    } else if (isSegmentation(object.reference)) {
      if (isAbout(object, source)) segmentations.set(object.reference.sopInstanceUID, object);
    } else if (object.reference.sopClassUID === sopClasses.parametricMap) {
      if (isAbout(object, source)) maps.set(object.reference.sopInstanceUID, object);
    } else if (fallbacks.includes(object.reference.sopClassUID)) {
      return;
    } else {
      problems.push(problem('unknown-object', `An object of SOP class ${object.reference.sopClassUID} is not read.`));
    }
  } catch (error) {
    problems.push(problem('unreadable', asOverreadError(error).message));
  }
}

function isOnSeries(report: StoredObject, source: SeriesGeometry): boolean {
  return evidenceOf(report).some((one) => one.seriesInstanceUID === source.seriesInstanceUID);
}

function isSegmentation({ sopClassUID }: ObjectReference): boolean {
  return sopClassUID === sopClasses.segmentation || sopClassUID === sopClasses.labelMapSegmentation;
}

function isAbout({ dataset }: StoredObject, source: SeriesGeometry): boolean {
  const named = itemsOf(dataset, 'ReferencedSeriesSequence').map((item) => textOf(item, 'SeriesInstanceUID'));
  if (named.length > 0) return named.includes(source.seriesInstanceUID);
  // Some writers name no series: then the frames must fit, in the same frame of reference.
  return source.frameOfReferenceUID !== null && textOf(dataset, 'FrameOfReferenceUID') === source.frameOfReferenceUID;
}

/** Whether a report of another maker lists, or only points at, the series, its images or a mask of them. */
function isReportAbout(
  report: StoredObject,
  source: SeriesGeometry,
  segmentations: ReadonlyMap<string, StoredObject>,
): boolean {
  const evidence = evidenceOf(report);
  if (isOnSeries(report, source)) return true;
  const own = new Set([...source.slices.map((slice) => slice.sopInstanceUID), ...segmentations.keys()]);
  if (evidence.some((one) => own.has(one.sopInstanceUID))) return true;
  if (referencesOf(report.dataset).some((uid) => own.has(uid))) return true;
  // Without any reference at all it is of the study: it says what it says, and its places must fit.
  return evidence.length === 0 && referencesOf(report.dataset).length === 0;
}

function names(report: StoredObject, sopInstanceUID: string): boolean {
  return (
    evidenceOf(report).some((one) => one.sopInstanceUID === sopInstanceUID) ||
    referencesOf(report.dataset).includes(sopInstanceUID)
  );
}

/** SOP Instance UIDs that the content of a report points at. */
function referencesOf(dataset: Attributes): readonly string[] {
  const own = itemsOf(dataset, 'ReferencedSOPSequence').map((item) => textOf(item, 'ReferencedSOPInstanceUID'));
  const below = itemsOf(dataset, 'ContentSequence').flatMap(referencesOf);
  return [...own.filter((uid) => uid !== null), ...below];
}

function evidenceOf({ dataset }: StoredObject): readonly ObjectReference[] {
  return listedInstances(dataset, 'CurrentRequestedProcedureEvidenceSequence');
}

/** The documents that a report names as its parts, in order. */
function readParts(
  { open }: Report,
  parts: ReadonlyMap<string, ReportPart>,
  problems: Notice[],
): readonly (ReportPart | null)[] {
  return open.partUIDs.map((uid) => {
    const part = parts.get(uid) ?? null;
    if (part === null) {
      problems.push(problem('part-missing', `The report ${uid}, which holds further findings, was not found.`));
    }
    return part;
  });
}

/** The label maps of a report, where it names a SEG that is there and fits. */
function readSegmentation(
  report: Report,
  segmentations: ReadonlyMap<string, StoredObject>,
  source: SeriesGeometry,
  problems: Notice[],
): { labelMaps: readonly LabelMap[]; segmentation: StoredSegmentation | null } {
  const reference = evidenceOf(report).find(isSegmentation) ?? null;
  if (reference === null) return { labelMaps: [], segmentation: null };
  const found = segmentations.get(reference.sopInstanceUID);
  if (found === undefined) {
    problems.push(problem('segmentation-missing', `The segmentation ${reference.sopInstanceUID} was not found.`));
    return { labelMaps: [], segmentation: null };
  }
  const decoded = decodeSegmentation(found, source, report.open.labelValue);
  if (decoded.ok) {
    const { labelMaps, numbers } = decoded;
    return { labelMaps, segmentation: { ...reference, numbers } };
  }
  const { sopInstanceUID } = reference;
  problems.push(problem('segmentation-refused', `The segmentation ${sopInstanceUID} is not drawn: ${decoded.reason}.`));
  return { labelMaps: [], segmentation: null };
}

/** The heat maps of a report, of the Parametric Maps that it names those that are there and fit. */
function readParametricMaps(
  report: Report,
  maps: ReadonlyMap<string, StoredObject>,
  source: SeriesGeometry,
  problems: Notice[],
): readonly { readonly heatMap: HeatMap; readonly reference: ObjectReference }[] {
  const named = evidenceOf(report).filter(({ sopClassUID }) => sopClassUID === sopClasses.parametricMap);
  return named.flatMap((reference) => {
    const { sopInstanceUID } = reference;
    const found = maps.get(sopInstanceUID);
    if (found === undefined) {
      problems.push(problem('map-missing', `The parametric map ${sopInstanceUID} was not found.`));
      return [];
    }
    const decoded = decodeParametricMap(found.dataset, source);
    if (decoded.ok) return [{ heatMap: decoded.heatMap, reference }];
    problems.push(problem('map-refused', `The parametric map ${sopInstanceUID} is not drawn: ${decoded.reason}.`));
    return [];
  });
}
