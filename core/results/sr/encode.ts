import type { Analysis } from '../../analysis/index.ts';
import {
  dcmCodes,
  itemsOf,
  privateCodes,
  sctCodes,
  sopClasses,
  textOf,
  type Attributes,
  type Dataset,
} from '../../dicom/index.ts';
import { evidence } from '../common/evidence.ts';
import { toDateTime } from '../common/date-time.ts';
import { codingSchemes, commonModules, finishObject, newPlace } from '../common/instance.ts';
import { codeSequence } from '../common/code-sequence.ts';
import type { DicomObject, ObjectReference, Verification } from '../object.ts';
import { segmentNumbers } from '../seg/forms.ts';
import { algorithmIdentification } from './algorithm-identification.ts';
import { code, container, datetime, image, uidref, type ContentItem } from './content-item.ts';
import { imageLibrary } from './image-library.ts';
import { chooseTemplate, measurementGroup, type SegmentLink } from './measurement-group.ts';
import { deviceObserver, languageOfContent, personObserver, reviewers } from './observation-context.ts';
import { evaluations } from './qualitative.ts';
import { documentState } from './verification.ts';

export interface SrContext {
  readonly source: Attributes;
  /** The SEG of the label map, or null where none is stored. */
  readonly segmentation: ObjectReference | null;
  /** The Parametric Map of the heat map, or null where none is stored. */
  readonly parametricMap: ObjectReference | null;
  readonly verification: Verification | null;
  readonly predecessors: readonly ObjectReference[];
  readonly now: Date;
}

/** The analysis as a Comprehensive 3D SR of TID 1500 (PS3.3 A.35.13, PS3.16 TID 1500). */
export function encodeReport(analysis: Analysis, context: SrContext): DicomObject {
  const place = newPlace(analysis, sopClasses.comprehensive3DSr, 52, 'Findings');
  const { segmentation, parametricMap, source, predecessors } = context;
  const content = measurementReport(analysis, segmentation, parametricMap);
  const dataset: Dataset = {
    ...commonModules(analysis, source, place, context.now),
    ...codingSchemes,
    Modality: 'SR',
    ReferencedPerformedProcedureStepSequence: [],
    ...documentState(context.verification),
    PreliminaryFlag: 'FINAL',
    PerformedProcedureCodeSequence: [],
    ...(predecessors.length === 0 ? {} : { PredecessorDocumentsSequence: evidence(predecessors) }),
    CurrentRequestedProcedureEvidenceSequence: evidence(referencesIn(content, analysis, segmentation, parametricMap)),
    ...referencedRequest(source, place.reference.studyInstanceUID),
    ValueType: 'CONTAINER',
    ContinuityOfContent: 'SEPARATE',
    ConceptNameCodeSequence: codeSequence(dcmCodes.imagingMeasurementReport),
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '1500' }],
    ContentSequence: content,
  };
  return finishObject('SR', dataset, source, place);
}

/** TID 1500, row by row. */
function measurementReport(
  analysis: Analysis,
  segmentation: ObjectReference | null,
  parametricMap: ObjectReference | null,
): readonly ContentItem[] {
  const { findings, source } = analysis;
  const link = segmentLink(analysis, segmentation);
  const template = chooseTemplate(findings, link);
  const groups = findings.map((finding) => measurementGroup(finding, source, link, template));
  return [
    ...languageOfContent(),
    ...deviceObserver(analysis.model),
    ...reviewers(findings).flatMap(personObserver),
    uidref('HAS OBS CONTEXT', privateCodes.analysisUID, analysis.uid),
    datetime('HAS OBS CONTEXT', dcmCodes.started, toDateTime(analysis.startedAt)),
    datetime('HAS OBS CONTEXT', dcmCodes.ended, toDateTime(analysis.finishedAt)),
    code('HAS CONCEPT MOD', dcmCodes.procedureReported, sctCodes.imagingProcedure),
    imageLibrary(source, imagesIn(groups, analysis)),
    container(dcmCodes.imagingMeasurements, null, [...algorithmIdentification(analysis, link), ...groups]),
    evaluations(analysis),
    ...mapReference(analysis, parametricMap),
  ];
}

/** The heat map, under the name of what its values are: TID 1500 is extensible and has no row for maps. */
function mapReference({ heatMap }: Analysis, parametricMap: ObjectReference | null): readonly ContentItem[] {
  if (heatMap === null || parametricMap === null) return [];
  const { sopClassUID, sopInstanceUID } = parametricMap;
  return [
    image('CONTAINS', heatMap.quantity, {
      ReferencedSOPClassUID: sopClassUID,
      ReferencedSOPInstanceUID: sopInstanceUID,
    }),
  ];
}

function segmentLink({ labelMap }: Analysis, segmentation: ObjectReference | null): SegmentLink | null {
  if (segmentation === null || labelMap === null) return null;
  const { sopClassUID, sopInstanceUID } = segmentation;
  return { sopClassUID, sopInstanceUID, numbers: segmentNumbers(labelMap, sopClassUID) };
}

/** Images the groups point at; where there are none, all that were analysed: a negative result must say of what. */
function imagesIn(groups: readonly ContentItem[], { source }: Analysis): ReadonlySet<string> {
  const own = new Set(source.slices.map((slice) => slice.sopInstanceUID));
  const found = new Set([...referencedInstances(groups)].filter((uid) => own.has(uid)));
  return found.size === 0 ? own : found;
}

function* referencedInstances(items: readonly Attributes[]): Generator<string> {
  for (const item of items) {
    for (const reference of itemsOf(item, 'ReferencedSOPSequence')) {
      const uid = textOf(reference, 'ReferencedSOPInstanceUID');
      if (uid !== null) yield uid;
    }
    yield* referencedInstances(itemsOf(item, 'ContentSequence'));
  }
}

/** What the content refers to, each with its series: the evidence sequence must be complete (PS3.3 C.17.2.3). */
function* referencesIn(
  content: readonly ContentItem[],
  { source, labelMap }: Analysis,
  segmentation: ObjectReference | null,
  parametricMap: ObjectReference | null,
): Generator<ObjectReference> {
  const { studyInstanceUID, seriesInstanceUID } = source;
  const used = new Set(referencedInstances(content));
  for (const { sopClassUID, sopInstanceUID } of source.slices) {
    if (used.has(sopInstanceUID)) yield { studyInstanceUID, seriesInstanceUID, sopClassUID, sopInstanceUID };
  }
  if (segmentation !== null && labelMap !== null) yield segmentation;
  if (parametricMap !== null) yield parametricMap;
}

/** Referenced Request (PS3.3 C.17.2): where the images answer an order, the report answers the same. */
function referencedRequest(source: Attributes, studyInstanceUID: string): Dataset {
  const accession = textOf(source, 'AccessionNumber');
  if (accession === null) return {};
  return {
    ReferencedRequestSequence: [
      {
        StudyInstanceUID: studyInstanceUID,
        ReferencedStudySequence: [],
        AccessionNumber: accession,
        PlacerOrderNumberImagingServiceRequest: null,
        FillerOrderNumberImagingServiceRequest: null,
        RequestedProcedureID: null,
        RequestedProcedureDescription: null,
        RequestedProcedureCodeSequence: [],
      },
    ],
  };
}
