import type { Analysis } from '../../analysis/index.ts';
import { dcmCodes, textOf, type Attributes, type Dataset } from '../../dicom/index.ts';
import { codeSequence } from '../common/code-sequence.ts';
import { evidence } from '../common/evidence.ts';
import { codingSchemes, commonModules, type Place } from '../common/instance.ts';
import type { ObjectReference, Verification } from '../object.ts';
import type { RowOf } from './relationships.ts';
import { imagesReferredTo } from './references.ts';
import { documentState } from './verification.ts';

export interface DocumentContext {
  readonly source: Attributes;
  readonly verification: Verification | null;
  readonly now: Date;
}

export interface DocumentParts {
  readonly place: Place;
  readonly content: readonly RowOf<'CONTAINER'>[];
  /** What is evidence beside the analysed images. */
  readonly references: readonly ObjectReference[];
  readonly predecessors?: readonly ObjectReference[];
}

/** The modules of an SR document (PS3.3 A.35.13) around a measurement report of TID 1500. */
export function reportDocument(
  analysis: Analysis,
  { source, verification, now }: DocumentContext,
  { place, content, references, predecessors = [] }: DocumentParts,
): Dataset {
  return {
    ...commonModules(analysis, source, place, now),
    ...codingSchemes,
    Modality: 'SR',
    ReferencedPerformedProcedureStepSequence: [],
    ...documentState(verification),
    PreliminaryFlag: 'FINAL',
    PerformedProcedureCodeSequence: [],
    ...(predecessors.length === 0 ? {} : { PredecessorDocumentsSequence: evidence(predecessors) }),
    CurrentRequestedProcedureEvidenceSequence: evidence([...imagesReferredTo(content, analysis.source), ...references]),
    ...referencedRequest(source, place.reference.studyInstanceUID),
    ValueType: 'CONTAINER',
    ContinuityOfContent: 'SEPARATE',
    ConceptNameCodeSequence: codeSequence(dcmCodes.imagingMeasurementReport),
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '1500' }],
    ContentSequence: content,
  };
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
