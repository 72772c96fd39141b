import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newUID, readPart10, sopClasses, writePart10, type Dataset } from '@overread/core/dicom';
import { decodeResults } from '@overread/core/results';
import { describeSeries, type SeriesGeometry } from '@overread/core/volume';
import { analysisOf, boxLabelMap } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { sharedData } from '../../../support/shared-data.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';

const bytesOf = (path: string) => new Uint8Array(readFileSync(path));

function seriesOf(paths: readonly string[]): SeriesGeometry {
  const series = describeSeries(paths.map((path) => readPart10(bytesOf(path)).dataset));
  if (!series.ok) throw series.error;
  return series.value;
}

const chest = sharedData('ct-chest');
const highdicom = sharedData('highdicom');

describe.skipIf(chest === null)('the reference boxes of the chest CT (sample data, absent: skipped)', () => {
  it('are eight findings, one per slice, one above the other', () => {
    const folder = readdirSync(`${chest}`).find((name) => name.startsWith('CT_')) ?? '';
    const series = seriesOf(readdirSync(`${chest}/${folder}`).map((name) => `${chest}/${folder}/${name}`));
    const { otherReports, problems } = decodeResults([bytesOf(`${chest}/SR_61648991/0000.dcm`)], series);
    expect(problems).toEqual([]);
    const [report] = otherReports;
    expect(report?.observers).toEqual(['Anonymous^Reader']);
    expect(report?.findings.map(({ code, site }) => [code.meaning, site?.meaning])).toEqual(
      Array.from({ length: 8 }, () => ['Lesion', 'Lung structure']),
    );
    const boxes = report?.findings.map(({ region }) => region?.box) ?? [];
    expect(boxes.map((box) => [box?.min[2], box?.max[2]])).toEqual(
      Array.from({ length: 8 }, (_, index) => [123 + index, 123 + index]),
    );
    // Outlines run along the outer edges of the pixels: 272 to 305 and 289 to 316 are the first box's.
    expect(boxes[0]).toEqual({ min: [272, 289, 123], max: [305, 316, 123] });
    expect(report?.findings[0]?.graphics[0]?.shape).toBe('POLYLINE');
  });
});

describe.skipIf(highdicom === null)('reports that highdicom wrote (sample data, absent: skipped)', () => {
  it('give findings, places, measurements and remarks, in codes old and new', () => {
    const series = seriesOf([`${highdicom}/ct_image.dcm`]);
    const files = ['sr_document', 'sr_document_with_multiple_groups'].map((name) =>
      bytesOf(`${highdicom}/${name}.dcm`),
    );
    const { otherReports, problems } = decodeResults(files, series);
    const findings = otherReports.flatMap((report) => report.findings);
    expect(findings.map(({ label }) => label)).toEqual(['Spinal cord', 'Image0001', 'Nodule', 'Aorta', 'Vertebra']);
    const [cord, image, nodule, , vertebra] = findings;
    // SRT codes: finding site and topographical modifier.
    expect(cord?.site?.meaning).toBe('Cervico-thoracic spine');
    expect(cord?.place).toBe('Vertebral foramen');
    expect(cord?.region?.box).toEqual({ min: [47, 41, 0], max: [68, 62, 0] });
    expect(image?.region).toBeNull();
    expect(image?.remarks.map(({ value }) => value)).toContain('Level of T4/T5 intervertebral disc');
    expect(nodule?.measurements.map(({ name, value, unit }) => [name.meaning, value, unit.value])).toEqual([
      ['Diameter', 10, 'mm'],
    ]);
    expect(vertebra?.region).toBeNull();
    expect(problems.map(({ code }) => code)).toEqual(['results.not-understood']);
    expect(problems[0]?.message).toContain('outside the series');
  });
});

const { geometry, datasets } = ctSeries();
const dcm = (CodeValue: string, CodeMeaning: string): Dataset[] => [
  { CodeValue, CodingSchemeDesignator: 'DCM', CodeMeaning },
];
const old = (CodeValue: string, CodeMeaning: string): Dataset[] => [
  { CodeValue, CodingSchemeDesignator: 'SRT', CodeMeaning },
];
const text = (name: Dataset[], TextValue: string): Dataset => ({
  RelationshipType: 'HAS OBS CONTEXT',
  ValueType: 'TEXT',
  ConceptNameCodeSequence: name,
  TextValue,
});

/** A report of another maker with one measurement group. */
function report(group: readonly Dataset[], parts: Dataset = {}): Uint8Array {
  return writePart10({
    ...datasets[0],
    SOPClassUID: sopClasses.comprehensiveSr,
    SOPInstanceUID: newUID(),
    SeriesInstanceUID: newUID(),
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
        RelationshipType: 'CONTAINS',
        ValueType: 'CONTAINER',
        ConceptNameCodeSequence: dcm('126010', 'Imaging Measurements'),
        ContentSequence: [
          {
            RelationshipType: 'CONTAINS',
            ValueType: 'CONTAINER',
            ConceptNameCodeSequence: dcm('125007', 'Measurement Group'),
            ContentSequence: group,
          },
        ],
      },
    ],
    ...parts,
  });
}

function onSlice(k: number, GraphicType: string, GraphicData: readonly number[]): Dataset {
  const slice = geometry.slices[k];
  return {
    RelationshipType: 'INFERRED FROM',
    ValueType: 'SCOORD',
    GraphicType,
    GraphicData,
    ContentSequence: [
      {
        RelationshipType: 'SELECTED FROM',
        ValueType: 'IMAGE',
        ReferencedSOPSequence: [
          {
            ReferencedSOPClassUID: slice?.sopClassUID ?? null,
            ReferencedSOPInstanceUID: slice?.sopInstanceUID ?? '2.25.404',
          },
        ],
      },
    ],
  };
}

const measured = (name: Dataset[], value: number, unit: string, content: readonly Dataset[] = []): Dataset => ({
  RelationshipType: 'CONTAINS',
  ValueType: 'NUM',
  ConceptNameCodeSequence: name,
  MeasuredValueSequence: [
    {
      NumericValue: value,
      MeasurementUnitsCodeSequence: [{ CodeValue: unit, CodingSchemeDesignator: 'UCUM', CodeMeaning: unit }],
    },
  ],
  ContentSequence: content,
});

const read = (...objects: readonly Uint8Array[]) => decodeResults(objects, geometry);

describe('a report as the viewer itself stores it', () => {
  it('gives a bidirectional measurement with its axes, its comment as label', () => {
    const { otherReports, problems } = read(
      report([
        text(dcm('112039', 'Tracking Identifier'), 'Cornerstone3DTools@^0.1.0:Bidirectional'),
        {
          RelationshipType: 'CONTAINS',
          ValueType: 'CODE',
          ConceptNameCodeSequence: dcm('121071', 'Finding'),
          ConceptCodeSequence: old('M-03010', 'Nodule'),
        },
        measured(old('G-A185', 'Long Axis'), 4.2, 'mm', [onSlice(1, 'POLYLINE', [1, 2, 7, 2])]),
        measured(old('G-A186', 'Short Axis'), 2.1, 'mm', [onSlice(1, 'POLYLINE', [4, 1, 4, 3])]),
        text(dcm('121106', 'Comment'), 'seen before'),
      ]),
    );
    expect(problems).toEqual([]);
    const [finding] = otherReports[0]?.findings ?? [];
    expect(finding?.label).toBe('seen before');
    expect(finding?.region?.axes?.long).toEqual([
      [0.5, 1.5, 1],
      [6.5, 1.5, 1],
    ]);
    expect(finding?.measurements.map(({ value }) => value)).toEqual([4.2, 2.1]);
  });

  it.each([
    ['an ellipse', 'ELLIPSE', [2, 3, 10, 3, 6, 1, 6, 5], { min: [2, 1, 2], max: [9, 4, 2] }],
    ['a circle', 'CIRCLE', [6.5, 3.5, 6.5, 5.5], { min: [4, 1, 2], max: [8, 5, 2] }],
    ['a point', 'POINT', [3.5, 4.5], { min: [3, 4, 2], max: [3, 4, 2] }],
    ['points', 'MULTIPOINT', [3.5, 4.5, 5.5, 1.5], { min: [3, 1, 2], max: [5, 4, 2] }],
    ['a thin line between two columns', 'POLYLINE', [4, 2.5, 4, 2.6], { min: [4, 2, 2], max: [4, 2, 2] }],
  ])('spans the voxels of %s', (_, type, data, box) => {
    const { otherReports } = read(report([onSlice(2, type, data)]));
    expect(otherReports[0]?.findings[0]?.region?.box).toEqual(box);
  });
});

describe('what is not understood of a report', () => {
  it('is listed: shapes on other images, malformed shapes, unknown kinds of content; the finding stays', () => {
    const { otherReports, problems } = read(
      report([
        onSlice(99, 'POINT', [1, 1]),
        onSlice(1, 'ELLIPSE', [1, 1]),
        { RelationshipType: 'CONTAINS', ValueType: 'WAVEFORM', ConceptNameCodeSequence: dcm('109121', 'ECG') },
      ]),
    );
    expect(otherReports[0]?.findings).toHaveLength(1);
    expect(otherReports[0]?.findings[0]?.region).toBeNull();
    expect(problems.map(({ code }) => code)).toEqual(['results.not-understood', 'results.not-understood']);
    expect(problems[0]?.message).toContain('2 shapes');
    expect(problems[1]?.message).toContain('WAVEFORM "ECG"');
  });

  it('makes no report where it points at other images only', () => {
    const elsewhere: Dataset = {
      CurrentRequestedProcedureEvidenceSequence: [
        {
          StudyInstanceUID: geometry.studyInstanceUID,
          ReferencedSeriesSequence: [{ SeriesInstanceUID: '2.25.5', ReferencedSOPSequence: [] }],
        },
      ],
    };
    expect(read(report([onSlice(99, 'POINT', [1, 1])], elsewhere)).otherReports).toEqual([]);
  });

  it('makes no report where a later one replaces it', () => {
    const first = report([onSlice(1, 'POINT', [1.5, 1.5])]);
    const uid = String(readPart10(first).dataset['SOPInstanceUID']);
    const predecessor: Dataset = {
      PredecessorDocumentsSequence: [
        {
          StudyInstanceUID: geometry.studyInstanceUID,
          ReferencedSeriesSequence: [
            { SeriesInstanceUID: '2.25.5', ReferencedSOPSequence: [{ ReferencedSOPInstanceUID: uid }] },
          ],
        },
      ],
    };
    const second = report([onSlice(2, 'POINT', [2.5, 2.5])], predecessor);
    const { otherReports } = read(first, second);
    expect(otherReports.map(({ findings }) => findings[0]?.region?.centre)).toEqual([[2, 2, 2]]);
  });
});

describe('a report that only names a segment', () => {
  it('has its place from the segmentation', () => {
    const labelMap = boxLabelMap(geometry);
    const [seg] = encodeAnalysis(analysisOf(geometry, { labelMaps: [labelMap] }), {
      source: datasets[0] ?? {},
      segmentation: 'labelmap',
      predecessors: [],
    });
    if (seg === undefined) throw new Error('a mask is written');
    const reference: Dataset = {
      RelationshipType: 'CONTAINS',
      ValueType: 'IMAGE',
      ConceptNameCodeSequence: dcm('121191', 'Referenced Segment'),
      ReferencedSOPSequence: [
        {
          ReferencedSOPClassUID: seg.sopClassUID,
          ReferencedSOPInstanceUID: seg.sopInstanceUID,
          ReferencedSegmentNumber: 2,
        },
      ],
    };
    const { otherReports, otherSegmentations, problems } = read(report([reference]), seg.bytes);
    expect(problems).toEqual([]);
    expect(otherSegmentations[0]?.layers).toEqual([labelMap]);
    const [finding] = otherReports[0]?.findings ?? [];
    expect(finding?.segment).toEqual({ sopInstanceUID: seg.sopInstanceUID, segmentNumber: 2 });
    expect(finding?.region?.box).toEqual({ min: [1, 1, 1], max: [4, 3, 2] });
  });
});
