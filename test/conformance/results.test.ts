import { describe, expect, it } from 'vitest';
import { readPart10, sopClasses, writePart10, type Dataset } from '@overread/core/dicom';
import { hasLabelMap, isColourState } from '../support/argued-exceptions.ts';
import { ctSeries } from '../support/ct-series.ts';
import { resultCases } from '../support/result-cases.ts';
import {
  encodingErrors,
  entityErrors,
  iodErrors,
  presentationStateErrors,
  skipNote,
  srStructureErrors,
  templateErrors,
  tools,
  valuesRead,
} from '../support/validators.ts';

const cases = resultCases();
const objects = cases.flatMap(({ name, objects: list }) =>
  list.map((object) => ({
    name: `${object.kind} of ${name}`,
    object,
    labelled: hasLabelMap(list),
  })),
);
const reports = objects.filter(({ object }) => object.sopClassUID === sopClasses.comprehensive3DSr);
const documents = objects.filter(({ object }) => object.kind === 'KO' || reports.some((one) => one.object === object));
const states = objects.filter(({ object }) => object.kind === 'PR' && !isColourState(object));
const known = objects.filter(({ labelled }) => !labelled);

describe.skipIf(tools.dciodvfy === null)(`dciodvfy finds no error${skipNote('dciodvfy')}`, () => {
  it.each(known)('$name', ({ object }) => {
    expect(iodErrors(object.bytes)).toEqual([]);
  });
});

describe.skipIf(tools.dcentvfy === null)(
  `dcentvfy finds patient, study and equipment as in the images${skipNote('dcentvfy')}`,
  () => {
    const imagesOf = (patient: Dataset) =>
      ctSeries().datasets.map((image) => writePart10({ ...image, ...patient, PixelData: new Uint8Array(13 * 7 * 2) }));

    it.each(cases)('$name', ({ objects: list, patient }) => {
      const written = list.filter((object) => known.some((one) => one.object === object)).map(({ bytes }) => bytes);
      expect(entityErrors([...imagesOf(patient), ...written])).toEqual([]);
    });

    it('and still tells another patient', () => {
      const errors = entityErrors([
        ...imagesOf({ PatientID: 'OTHER' }),
        cases[0]?.objects[0]?.bytes ?? new Uint8Array(),
      ]);
      expect(errors.join()).toContain('PatientID');
    });
  },
);

describe.skipIf(tools.python === null)(`pydicom reads every value as its VR says${skipNote('python')}`, () => {
  it('in every object', () => {
    expect(valuesRead(objects.map(({ object }) => object.bytes))).toBeGreaterThan(100 * objects.length);
  });

  it('and still tells a broken one', () => {
    const broken = Buffer.from(objects[0]?.object.bytes ?? new Uint8Array());
    broken.write('binary', broken.indexOf('BINARY', 0, 'latin1'), 'latin1');
    expect(() => valuesRead([broken])).toThrow();
  });
});

describe.skipIf(tools.dcmdump === null)(`dcmdump reads without complaint${skipNote('dcmdump')}`, () => {
  it.each(objects)('$name', ({ object }) => {
    expect(encodingErrors(object.bytes)).toEqual([]);
  });
});

describe.skipIf(tools.dsrdump === null)(`dsrdump accepts the tree${skipNote('dsrdump')}`, () => {
  it.each(documents.filter(({ labelled }) => !labelled))('$name', ({ object }) => {
    expect(srStructureErrors(object.bytes)).toEqual([]);
  });
});

describe.skipIf(tools.dcmpschk === null)(`dcmpschk accepts the presentation state${skipNote('dcmpschk')}`, () => {
  it.each(states)('$name', ({ object }) => {
    expect(presentationStateErrors(object.bytes)).toEqual([]);
  });

  it('and still tells a broken one', () => {
    const { dataset } = readPart10(states[0]?.object.bytes ?? new Uint8Array());
    expect(presentationStateErrors(writePart10({ ...dataset, PresentationLUTShape: 'LOG' })).join()).toContain('LOG');
  });
});

describe.skipIf(tools.pixelmed === null)(`PixelMed finds the templates of PS3.16 kept${skipNote('pixelmed')}`, () => {
  it('in every report', { timeout: 600_000 }, () => {
    const errors = templateErrors(reports.map(({ object }) => object.bytes));
    expect(Object.fromEntries(reports.map(({ name }, index) => [name, errors[index]]))).toEqual(
      Object.fromEntries(reports.map(({ name }) => [name, []])),
    );
  });

  it('and still tells a broken one', { timeout: 600_000 }, () => {
    const [report] = reports;
    const { dataset } = readPart10(report?.object.bytes ?? new Uint8Array());
    const children = (dataset['ContentSequence'] as Dataset[]).filter(
      (item) => !JSON.stringify(item['ConceptNameCodeSequence'] ?? '').includes('121012'),
    );
    const broken = writePart10({ ...dataset, ContentSequence: children });
    expect(templateErrors([broken])[0]?.join()).toContain('Device Observer UID');
  });
});
