import { writePart10 } from '@overread/core/dicom';
import { expect, test } from 'vitest';
import { compareObjects } from '../../../../extension/src/analysis/part10.ts';

const object = (changes: Record<string, string> = {}) =>
  writePart10({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.34',
    SOPInstanceUID: '2.25.1',
    Modality: 'SR',
    SeriesDescription: 'Findings',
    ...changes,
  });

/** The same file with other text in its file meta information, of the same length. */
function withMeta(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const text = String.fromCharCode(...bytes);
  const at = text.indexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error('not in the meta information');
  const copy = bytes.slice();
  for (let index = 0; index < to.length; index++) copy[at + index] = to.charCodeAt(index);
  return copy;
}

test('the very object is the same', async () => {
  expect(await compareObjects(object(), object())).toBe('same');
});

test('rewritten file meta information around the same dataset is the same', async () => {
  const sent = object();
  // The preamble is free for applications.
  const received = sent.slice();
  received[0] = 7;
  expect(await compareObjects(sent, received)).toBe('same');
});

test('one changed byte of the dataset is another object', async () => {
  expect(await compareObjects(object(), object({ SeriesDescription: 'findings' }))).toBe('other');
});

test('another transfer syntax of the same instance is rewritten, of another instance another object', async () => {
  const syntax = ['1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.5\0'] as const;
  const rewritten = withMeta(object({ SeriesDescription: 'longer than before' }), ...syntax);
  expect(await compareObjects(object(), rewritten)).toBe('rewritten');
  const another = withMeta(object({ SOPInstanceUID: '2.25.2', SeriesDescription: 'longer' }), ...syntax);
  expect(await compareObjects(object(), another)).toBe('other');
});

test('what is no DICOM file, or a cut one, is another object', async () => {
  expect(await compareObjects(object(), new Uint8Array(20))).toBe('other');
  expect(await compareObjects(object(), object().subarray(0, 150))).toBe('other');
});
