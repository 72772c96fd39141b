import { breather } from '../breathe.ts';

/**
 * Where the dataset of a DICOM Part 10 file begins (PS3.10 section 7.1): after preamble, `DICM` and the file meta
 * information, which an archive may rewrite. null where this is no such file.
 */
function datasetOffset(bytes: Uint8Array): number | null {
  if (bytes.length < 144 || ascii(bytes, 128, 4) !== 'DICM') return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isGroupLength = view.getUint16(132, true) === 2 && view.getUint16(134, true) === 0;
  if (!isGroupLength || ascii(bytes, 136, 2) !== 'UL') return null;
  const offset = 144 + view.getUint32(140, true);
  return offset <= bytes.length ? offset : null;
}

/** Value of a UID attribute of group 0002 (explicit VR little endian, as file meta information always is), or null. */
function metaUid(bytes: Uint8Array, element: number): string | null {
  const end = datasetOffset(bytes);
  if (end === null) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 132; at + 8 <= end;) {
    const long = ['OB', 'OW', 'SQ', 'UN', 'UT', 'OF'].includes(ascii(bytes, at + 4, 2));
    if (long && at + 12 > end) return null;
    const length = long ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    const start = at + (long ? 12 : 8);
    if (start + length > end) return null;
    if (view.getUint16(at, true) === 2 && view.getUint16(at + 2, true) === element) {
      return ascii(bytes, start, length).replace(/[\0 ]+$/, '');
    }
    at = start + length;
  }
  return null;
}

/** `same`: the very dataset. `rewritten`: the same instance in another encoding. `other`: something else. */
export type Comparison = 'same' | 'rewritten' | 'other';

/** Bytes that are compared at a time: a few ms. */
const step = 1 << 20;

/**
 * Compares what was sent with what the archive gives back, the file meta information aside. Large objects are compared
 * in slices, so that the viewer gets its turn.
 */
export async function compareObjects(sent: Uint8Array, received: Uint8Array): Promise<Comparison> {
  const [a, b] = [datasetOffset(sent), datasetOffset(received)];
  if (a === null || b === null) return 'other';
  if (await sameBytes(sent.subarray(a), received.subarray(b))) return 'same';
  const [sentTo, receivedAs] = [transferSyntax(sent), transferSyntax(received)];
  const sameInstance = instanceUid(sent) === instanceUid(received) && instanceUid(sent) !== null;
  // In the same transfer syntax, other bytes are another content.
  return sameInstance && sentTo !== receivedAs ? 'rewritten' : 'other';
}

async function sameBytes(a: Uint8Array, b: Uint8Array): Promise<boolean> {
  if (a.length !== b.length) return false;
  const breathe = breather();
  for (let start = 0; start < a.length; start += step) {
    await breathe();
    const end = Math.min(a.length, start + step);
    let at = start;
    while (at < end && a[at] === b[at]) at++;
    if (at < end) return false;
  }
  return true;
}

/** MediaStorageSOPInstanceUID (0002,0003). */
const instanceUid = (bytes: Uint8Array) => metaUid(bytes, 0x0003);
/** TransferSyntaxUID (0002,0010). */
const transferSyntax = (bytes: Uint8Array) => metaUid(bytes, 0x0010);

function ascii(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
