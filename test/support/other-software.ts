import type { Analysis } from '@overread/core/analysis';
import { newUID, readPart10, sopClasses, writePart10, type Dataset } from '@overread/core/dicom';
import { encodeAnalysis } from './checked-results.ts';
import type { CtSeries } from './ct-series.ts';

const dcm = (CodeValue: string, CodeMeaning: string): Dataset[] => [
  { CodeValue, CodingSchemeDesignator: 'DCM', CodeMeaning },
];

/** A report about the series as another maker might write it: one finding with a rectangle on slice 1, and a remark. */
export function otherReport({ geometry, datasets }: CtSeries, parts: Dataset = {}): Uint8Array {
  const slice = geometry.slices[1];
  return writePart10({
    ...datasets[0],
    SOPClassUID: sopClasses.comprehensiveSr,
    SOPInstanceUID: newUID(),
    SeriesInstanceUID: newUID(),
    SeriesDescription: 'Second reading',
    Manufacturer: 'Phantom Reports Ltd',
    Modality: 'SR',
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: dcm('126000', 'Imaging Measurement Report'),
    CurrentRequestedProcedureEvidenceSequence: [
      {
        StudyInstanceUID: geometry.studyInstanceUID,
        ReferencedSeriesSequence: [{ SeriesInstanceUID: geometry.seriesInstanceUID, ReferencedSOPSequence: [] }],
      },
    ],
    ContentSequence: [
      {
        RelationshipType: 'HAS OBS CONTEXT',
        ValueType: 'PNAME',
        ConceptNameCodeSequence: dcm('121008', 'Person Observer Name'),
        PersonName: 'PHANTOM^OBSERVER',
      },
      container(dcm('126010', 'Imaging Measurements'), [
        container(dcm('125007', 'Measurement Group'), [
          {
            RelationshipType: 'CONTAINS',
            ValueType: 'TEXT',
            ConceptNameCodeSequence: dcm('121106', 'Comment'),
            TextValue: 'Lesion in the right lung',
          },
          {
            RelationshipType: 'CONTAINS',
            ValueType: 'SCOORD',
            GraphicType: 'POLYLINE',
            GraphicData: [1, 1, 5, 1, 5, 4, 1, 4, 1, 1],
            ContentSequence: [
              {
                RelationshipType: 'SELECTED FROM',
                ValueType: 'IMAGE',
                ReferencedSOPSequence: [
                  {
                    ReferencedSOPClassUID: slice?.sopClassUID ?? null,
                    ReferencedSOPInstanceUID: slice?.sopInstanceUID ?? null,
                  },
                ],
              },
            ],
          },
          { RelationshipType: 'CONTAINS', ValueType: 'WAVEFORM', ConceptNameCodeSequence: dcm('121112', 'Source') },
        ]),
      ]),
    ],
    ...parts,
  });
}

function container(ConceptNameCodeSequence: Dataset[], ContentSequence: readonly Dataset[]): Dataset {
  return { RelationshipType: 'CONTAINS', ValueType: 'CONTAINER', ConceptNameCodeSequence, ContentSequence };
}

/** A mask that no report refers to, under another maker's name. */
export function otherMask(
  { datasets }: Pick<CtSeries, 'datasets'>,
  analysis: Analysis,
  parts: Dataset = {},
): Uint8Array {
  const source = datasets[0] ?? {};
  const mask = encodeAnalysis(analysis, { source, segmentation: true, predecessors: [] }).find(
    ({ kind }) => kind === 'SEG',
  );
  if (mask === undefined) throw new Error('the analysis has no mask');
  const { dataset } = readPart10(mask.bytes);
  return writePart10({
    ...(dataset as Dataset),
    SeriesDescription: 'Organs',
    Manufacturer: 'Phantom Masks Ltd',
    ManufacturerModelName: 'Organ Painter',
    ...parts,
  });
}
