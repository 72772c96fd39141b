import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { implementation, readPart10, type Attributes } from '@overread/core/dicom';
import { analysisOf, boxLabelMap, noduleFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';

const series = ctSeries();
const labelMap = boxLabelMap(series.geometry);
const analysis = analysisOf(series.geometry, { labelMaps: [labelMap], findings: [noduleFinding(labelMap)] });

function written(source: Attributes): readonly Attributes[] {
  const objects = encodeAnalysis(analysis, { source, segmentation: true, predecessors: [] });
  return objects.map((object) => readPart10(object.bytes).dataset);
}

const source: Attributes = { ...series.datasets[0] };

describe('every object written', () => {
  it('stands in a series of its own, in the study of the images', () => {
    const uids = [...written(source), ...written(source)].map((dataset) => dataset['SeriesInstanceUID']);
    expect(new Set([...uids, series.geometry.seriesInstanceUID]).size).toBe(5);
    for (const dataset of written(source)) expect(dataset['StudyInstanceUID']).toBe(series.geometry.studyInstanceUID);
  });

  it('says in its series description what made it and that it is for research', () => {
    const descriptions = written(source).map((dataset) => dataset['SeriesDescription']);
    expect(descriptions).toEqual([
      'CT nodule candidates 1.2.0 - Segmentation, AI, research use only',
      'CT nodule candidates 1.2.0 - Findings, AI, research use only',
    ]);
    const model = {
      ...analysis.model,
      title: 'A very long title of a model that finds many things',
      version: '10.20.30',
    };
    const [object] = encodeAnalysis({ ...analysis, model }, { source, segmentation: false, predecessors: [] });
    expect(object?.seriesDescription).toMatch(/^A very long .*\.\.\. 10\.20\.30 - Findings, AI, research use only$/);
    expect(object?.seriesDescription.length).toBeLessThanOrEqual(64);
  });

  it('has the start of the analysis as content time, on the clock of the images', () => {
    // Started at 2026-11-03T10:20:30.250+01:00.
    for (const dataset of written({ ...source, TimezoneOffsetFromUTC: '+1400' })) {
      expect(dataset).toMatchObject({
        TimezoneOffsetFromUTC: '+1400',
        ContentDate: '20261103',
        ContentTime: '232030.250',
      });
    }
    for (const dataset of written({ ...source, TimezoneOffsetFromUTC: '-1000' })) {
      expect(dataset).toMatchObject({ ContentDate: '20261102', ContentTime: '232030.250' });
    }
  });

  it('takes patient and study over as a DICOM JSON client names them', () => {
    const json: Attributes = {
      ...source,
      PatientName: [{ Alphabetic: 'PHANTOM^ZOË', Ideographic: '幻影' }],
      PatientWeight: 70.5,
      OtherPatientIDsSequence: [{ PatientID: 'X', TypeOfPatientID: 'TEXT' }],
      PatientComments: 'a\\b',
    };
    for (const dataset of written(json)) {
      expect(dataset).toMatchObject({
        SpecificCharacterSet: 'ISO_IR 192',
        PatientName: 'PHANTOM^ZOË=幻影',
        PatientWeight: '70.5',
        OtherPatientIDsSequence: [{ PatientID: 'X', TypeOfPatientID: 'TEXT' }],
        StudyDate: '20260203',
      });
    }
  });

  it('is in UTF-8, whatever the images are in, and says the same', () => {
    const names = { 'ISO_IR 100': 'PHANTOM^ZOË', 'ISO_IR 144': 'ФАНТОМ', 'ISO_IR 192': '幻影^太郎' };
    for (const [set, name] of Object.entries(names)) {
      for (const dataset of written({ ...source, SpecificCharacterSet: set, PatientName: name })) {
        expect(dataset).toMatchObject({ SpecificCharacterSet: 'ISO_IR 192', PatientName: name });
      }
    }
    for (const dataset of written(source)) expect(dataset).toMatchObject({ SpecificCharacterSet: 'ISO_IR 192' });
  });

  it('names the version of the software that is in the package', () => {
    const path = new URL('../../../../core/package.json', import.meta.url);
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
    expect(implementation.softwareVersion).toBe(version);
  });
});
