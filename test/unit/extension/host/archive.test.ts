import { describe, expect, test } from 'vitest';
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
