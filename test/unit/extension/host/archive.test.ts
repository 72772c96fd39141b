import { describe, expect, test } from 'vitest';
import { sopClasses } from '@overread/core/dicom';
import type { OverreadError } from '@overread/core/errors';
import { createArchive } from '../../../../extension/src/host/archive.ts';
import type { Managers } from '../../../../extension/src/host/viewer.ts';

/** The store of a viewer whose data source rejects as its HTTP client does. */
function storeThatAnswers(status: number | undefined) {
  const source = { store: { dicom: () => Promise.reject(Object.assign(new Error('request failed'), { status })) } };
  const managers = { extensionManager: { getActiveDataSource: () => [source] } } as unknown as Managers;
  return createArchive(managers, () => []).store(new Uint8Array(4));
}

describe('an archive that does not take an object', () => {
  test.each([
    [400, 'save.refused'],
    [409, 'save.refused'],
    [401, 'save.read-only'],
    [403, 'save.read-only'],
    [405, 'save.read-only'],
    [502, 'pacs.unreachable'],
    [503, 'pacs.unreachable'],
    [0, 'pacs.unreachable'],
    [undefined, 'pacs.unreachable'],
  ])('answering %s: %s', async (status, code) => {
    const error = await storeThatAnswers(status).catch((thrown: unknown) => thrown as OverreadError);
    expect(error).toMatchObject({ code, why: status ? `it answered ${status}` : 'no answer' });
  });
});

/** Values of a DICOM JSON attribute. */
const json = (vr: string, ...Value: readonly unknown[]) => ({ vr, Value });

/** A viewer whose archive holds these series, by modality; metadata as given, an error where one is thrown. */
function archiveOf(series: Readonly<Record<string, { modality: string; metadata: () => unknown }>>) {
  const source = {
    query: {
      series: {
        search: () =>
          Promise.resolve(
            Object.entries(series).map(([seriesInstanceUid, { modality }], index) => ({
              seriesInstanceUid,
              modality,
              seriesNumber: String(index + 1),
              description: 'Phantom',
            })),
          ),
      },
    },
    retrieve: {
      getWadoDicomWebClient: () => ({
        headers: {},
        retrieveSeriesMetadata: ({ seriesInstanceUID }: { seriesInstanceUID: string }) =>
          Promise.resolve().then(() => series[seriesInstanceUID]?.metadata()),
      }),
    },
  };
  const managers = {
    extensionManager: { getActiveDataSource: () => [source] },
    servicesManager: { services: { userAuthenticationService: { getAuthorizationHeader: () => undefined } } },
  } as unknown as Managers;
  return createArchive(managers, () => []);
}

const instance = (sopClassUID: string, uid: string, more: object = {}) => [
  { '00080016': json('UI', sopClassUID), '00080018': json('UI', uid), '0020000E': json('UI', `${uid}.0`), ...more },
];
const refuses = (status: number) => () => {
  throw Object.assign(new Error('request failed'), { status });
};

describe('the results that an archive lists', () => {
  test('are reports, masks and maps with what their metadata say; other objects of modality OT are none', async () => {
    const { objects, problems } = await archiveOf({
      '1': { modality: 'SR', metadata: () => instance(sopClasses.comprehensive3DSr, '2.25.1') },
      '2': {
        modality: 'SEG',
        metadata: () =>
          instance(sopClasses.segmentation, '2.25.2', {
            '0008103E': json('LO', 'Organs'),
            '00080070': json('LO', 'Phantom Masks Ltd'),
            '00081090': json('LO', 'Organ Painter'),
            '00081115': json('SQ', { '0020000E': json('UI', '2.25.9') }),
            '00620002': json('SQ', { '00620005': json('LO', 'Liver') }, { '00620005': json('LO', 'Spleen') }),
          }),
      },
      '3': { modality: 'OT', metadata: () => instance(sopClasses.parametricMap, '2.25.3') },
      '4': { modality: 'OT', metadata: () => instance(sopClasses.secondaryCapture, '2.25.4') },
      '5': { modality: 'CT', metadata: refuses(500) },
    }).listResults('2.25.100');
    expect(problems).toEqual([]);
    expect(objects.map(({ kind, sopInstanceUID }) => [kind, sopInstanceUID])).toEqual([
      ['SR', '2.25.1'],
      ['SEG', '2.25.2'],
      ['PM', '2.25.3'],
    ]);
    expect(objects[1]).toMatchObject({
      studyInstanceUID: '2.25.100',
      seriesInstanceUID: '2.25.2.0',
      description: 'Organs',
      maker: 'Phantom Masks Ltd Organ Painter',
      about: ['2.25.9'],
      segments: ['Liver', 'Spleen'],
    });
    expect(objects[0]).toMatchObject({ description: '', maker: '', about: [], segments: [] });
  });

  test('come without a series that cannot be read, which is named', async () => {
    const { objects, problems } = await archiveOf({
      '1': { modality: 'SR', metadata: refuses(500) },
      '2': { modality: 'SR', metadata: () => ({ not: 'a list' }) },
      '3': { modality: 'SR', metadata: () => [{}, ...instance(sopClasses.comprehensive3DSr, '2.25.3')] },
    }).listResults('2.25.100');
    expect(objects.map(({ sopInstanceUID }) => sopInstanceUID)).toEqual(['2.25.3']);
    expect(problems).toEqual([
      expect.stringMatching(/^SR series 1 \(Phantom\): .*it answered 500/),
      expect.stringMatching(/^SR series 2 \(Phantom\): /),
    ]);
  });

  test('cannot be had where no series answers', async () => {
    const archive = archiveOf({
      '1': { modality: 'SR', metadata: refuses(503) },
      '2': { modality: 'SEG', metadata: refuses(503) },
    });
    await expect(archive.listResults('2.25.100')).rejects.toMatchObject({ code: 'pacs.unreachable' });
  });
});
