import { expect, it } from 'vitest';
import { fromDicomJson } from '../../../inference-server/src/dicomweb/dicom-json.ts';

it('names attributes by keyword, one value as itself, items always as a list', () => {
  const dataset = {
    '00080060': { vr: 'CS', Value: ['CT'] },
    '00200032': { vr: 'DS', Value: [1, 2.5, -3] },
    '00281050': { vr: 'DS' },
    '52009229': {
      vr: 'SQ',
      Value: [{ '00289110': { vr: 'SQ', Value: [{ '00280030': { vr: 'DS', Value: [0.5, 0.5] } }] } }],
    },
    '7FE00010': { vr: 'OW', BulkDataURI: 'http://pacs.test/bulk' },
    '00091001': { vr: 'LO', Value: ['private'] },
  };
  expect(fromDicomJson(dataset)).toEqual({
    Modality: 'CT',
    ImagePositionPatient: [1, 2.5, -3],
    SharedFunctionalGroupsSequence: [{ PixelMeasuresSequence: [{ PixelSpacing: [0.5, 0.5] }] }],
  });
});

it('takes nothing for an attribute that is none', () => {
  expect(fromDicomJson({ 'not a tag': { Value: [1] }, '00080060': 'CT', '00080061': { Value: 'CT' } })).toEqual({});
});

it('ends where sequences are nested without end', () => {
  let dataset: Record<string, unknown> = {};
  for (let depth = 0; depth < 10_000; depth += 1) dataset = { '52009229': { vr: 'SQ', Value: [dataset] } };
  expect(JSON.stringify(fromDicomJson(dataset)).length).toBeLessThan(2000);
});
