import type { Analysis } from '../../analysis/index.ts';
import { dcmCodes, sopClasses, type Attributes, type Dataset } from '../../dicom/index.ts';
import { codeSequence } from '../common/code-sequence.ts';
import { evidence } from '../common/evidence.ts';
import { imageReference } from '../common/image-reference.ts';
import { commonModules, finishObject, newPlace } from '../common/instance.ts';
import { keySlices, shownFindings, statementOf } from '../common/shown-findings.ts';
import type { DicomObject } from '../object.ts';
import { composite, image, text, type ContentItem } from '../sr/content-item.ts';
import { deviceObserver, languageOfContent } from '../sr/observation-context.ts';

/**
 * The slices that matter: a Key Object Selection Document (PS3.3 A.35.4, PS3.16 TID 2010) of the slice of each finding's
 * centre, most important first, and of the report that explains them. Rejected findings are left out.
 * @returns null where no finding has a place: a selection needs an image.
 */
export function encodeKeyObjects(
  analysis: Analysis,
  report: DicomObject,
  source: Attributes,
  now: Date,
): DicomObject | null {
  const shown = shownFindings(analysis);
  const slices = keySlices(shown).flatMap((k) => analysis.source.slices[k] ?? []);
  if (slices.length === 0) return null;
  const place = newPlace(analysis, sopClasses.keyObjectSelection, 56, 'Key images');
  const { studyInstanceUID, seriesInstanceUID } = analysis.source;
  const content: readonly ContentItem[] = [
    ...languageOfContent(),
    ...deviceObserver(analysis.model),
    text('CONTAINS', dcmCodes.keyObjectDescription, statementOf(analysis).join('. ')),
    ...slices.map((slice) => image('CONTAINS', null, imageReference(slice))),
    composite('CONTAINS', null, {
      ReferencedSOPClassUID: report.sopClassUID,
      ReferencedSOPInstanceUID: report.sopInstanceUID,
    }),
  ];
  const dataset: Dataset = {
    ...commonModules(analysis, source, place, now),
    Modality: 'KO',
    ReferencedPerformedProcedureStepSequence: [],
    CurrentRequestedProcedureEvidenceSequence: evidence([
      ...slices.map((slice) => ({ ...slice, studyInstanceUID, seriesInstanceUID })),
      { ...report, studyInstanceUID },
    ]),
    ValueType: 'CONTAINER',
    ContinuityOfContent: 'SEPARATE',
    ConceptNameCodeSequence: codeSequence(dcmCodes.ofInterest),
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '2010' }],
    ContentSequence: content,
  };
  return finishObject('KO', dataset, source, place);
}
