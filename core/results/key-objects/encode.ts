import type { Analysis } from '../../analysis/index.ts';
import { dcmCodes, sopClasses, type Attributes, type Dataset } from '../../dicom/index.ts';
import { codeSequence } from '../common/code-sequence.ts';
import { evidence } from '../common/evidence.ts';
import { imageReference } from '../common/image-reference.ts';
import { commonModules, finishObject, newPlace } from '../common/instance.ts';
import { keySlices, shownFindings, statementOf } from '../common/shown-findings.ts';
import type { DicomObject } from '../object.ts';
import type { EncodedState } from '../presentation-state/encode.ts';
import { composite, image, text } from '../sr/content-item.ts';
import type { RowOf } from '../sr/relationships.ts';
import { deviceObserver, languageOfContent } from '../sr/observation-context.ts';

/** What the selection names beside the slices. */
export interface NamedObjects {
  readonly report: DicomObject;
  readonly states: readonly EncodedState[];
  readonly captures: readonly DicomObject[];
}

/**
 * The slices that matter: a Key Object Selection Document (PS3.3 A.35.4, PS3.16 TID 2010) of the slice of each finding's
 * centre, most important first, with the presentation state to show it in, of the captures, and of the report that
 * explains them. Rejected findings are left out. It is what ties captures and states to the report.
 * @returns null where no finding has a place: a selection needs an image.
 */
export function encodeKeyObjects(
  analysis: Analysis,
  { report, states, captures }: NamedObjects,
  source: Attributes,
  now: Date,
): DicomObject | null {
  const shown = shownFindings(analysis);
  const selected = keySlices(shown).flatMap((k) => {
    const slice = analysis.source.slices[k];
    return slice === undefined
      ? []
      : [{ slice, state: states.find(({ slices }) => slices.includes(k))?.object ?? null }];
  });
  if (selected.length === 0) return null;
  const place = newPlace(analysis, sopClasses.keyObjectSelection, 56, 'Key images');
  const { studyInstanceUID, seriesInstanceUID } = analysis.source;
  const content: readonly RowOf<'CONTAINER'>[] = [
    ...languageOfContent(),
    ...deviceObserver(analysis.model),
    text('CONTAINS', dcmCodes.keyObjectDescription, statementOf(analysis).join('. ')),
    ...selected.map(({ slice, state }) =>
      image('CONTAINS', null, {
        ...imageReference(slice),
        ...(state === null ? {} : { ReferencedSOPSequence: [instanceReference(state)] }),
      }),
    ),
    ...captures.map((capture) => image('CONTAINS', null, instanceReference(capture))),
    composite('CONTAINS', null, instanceReference(report)),
  ];
  const used = new Set(selected.flatMap(({ state }) => state ?? []));
  const dataset: Dataset = {
    ...commonModules(analysis, source, place, now),
    Modality: 'KO',
    ReferencedPerformedProcedureStepSequence: [],
    CurrentRequestedProcedureEvidenceSequence: evidence([
      ...selected.map(({ slice }) => ({ ...slice, studyInstanceUID, seriesInstanceUID })),
      ...[...used, ...captures, report].map((object) => ({ ...object, studyInstanceUID })),
    ]),
    ValueType: 'CONTAINER',
    ContinuityOfContent: 'SEPARATE',
    ConceptNameCodeSequence: codeSequence(dcmCodes.ofInterest),
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '2010' }],
    ContentSequence: content,
  };
  return finishObject('KO', dataset, place);
}

function instanceReference({ sopClassUID, sopInstanceUID }: DicomObject): Dataset {
  return { ReferencedSOPClassUID: sopClassUID, ReferencedSOPInstanceUID: sopInstanceUID };
}
