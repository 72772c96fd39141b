/**
 * The elements of a file in Explicit VR Little Endian as they lie in it (PS3.5 section 7), by a walk that knows nothing
 * of the code under test: what an archive gives back is compared by these, since it may write the lengths of sequences
 * anew, never a value.
 */
export interface RawElement {
  /** Tag path, items counted from 1: `(0040,A730)[2]/(0040,A043)`. */
  readonly path: string;
  readonly vr: string;
  /** Of the value; empty for a sequence, whose elements follow. */
  readonly bytes: Buffer;
}

const explicitLittleEndian = '1.2.840.10008.1.2.1';
const undefinedLength = 0xffffffff;
/** VRs with a 32-bit length (PS3.5 table 7.1-1). */
const long = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/** Elements of the dataset in order, the file meta information left out. */
export function rawElements(file: Uint8Array): readonly RawElement[] {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.toString('latin1', 128, 132) !== 'DICM') throw new Error('no DICOM file');
  const start = 144 + bytes.readUInt32LE(140);
  const syntax = walk(bytes.subarray(0, start), 132, start, '').elements.find(({ path }) => path === '(0002,0010)');
  const named = syntax?.bytes.toString('latin1').replace(/\0$/, '');
  if (named !== explicitLittleEndian) throw new Error(`a file in ${named ?? 'no transfer syntax'}`);
  return walk(bytes, start, bytes.length, '').elements;
}

/** What of `sent` came back otherwise, by path; empty where both hold the same elements with the same bytes. */
export function elementDifferences(received: Uint8Array, sent: Uint8Array): readonly string[] {
  const byName = (file: Uint8Array) =>
    new Map(rawElements(file).map((element) => [`${element.path} ${element.vr}`, element.bytes]));
  const [back, own] = [byName(received), byName(sent)];
  const lost = [...own].flatMap(([name, bytes]) => {
    const found = back.get(name);
    if (found === undefined) return [`${name} is gone`];
    return found.equals(bytes) ? [] : [`${name} has another value`];
  });
  return [...lost, ...[...back.keys()].filter((name) => !own.has(name)).map((name) => `${name} is new`)];
}

/** Elements up to `end`, or to a delimiter. @returns also where it ended. */
function walk(bytes: Buffer, from: number, end: number, prefix: string): { elements: RawElement[]; at: number } {
  const elements: RawElement[] = [];
  let at = from;
  while (at < end) {
    const tag = tagAt(bytes, at);
    if (tag === '(FFFE,E00D)') return { elements, at: at + 8 };
    const vr = bytes.toString('latin1', at + 4, at + 6);
    const length = long.has(vr) ? bytes.readUInt32LE(at + 8) : bytes.readUInt16LE(at + 6);
    at += long.has(vr) ? 12 : 8;
    const path = `${prefix}${tag}`;
    if (vr === 'SQ') {
      const items = walkItems(bytes, at, length === undefinedLength ? end : at + length, path);
      elements.push({ path, vr, bytes: Buffer.alloc(0) }, ...items.elements);
      at = items.at;
    } else {
      if (at + length > end) throw new Error(`${path} is longer than the file`);
      elements.push({ path, vr, bytes: bytes.subarray(at, at + length) });
      at += length;
    }
  }
  return { elements, at };
}

function walkItems(bytes: Buffer, from: number, end: number, path: string): { elements: RawElement[]; at: number } {
  const elements: RawElement[] = [];
  let at = from;
  for (let item = 1; at < end; item += 1) {
    const tag = tagAt(bytes, at);
    const length = bytes.readUInt32LE(at + 4);
    at += 8;
    if (tag === '(FFFE,E0DD)') return { elements, at };
    const found = walk(bytes, at, length === undefinedLength ? end : at + length, `${path}[${item}]/`);
    elements.push({ path: `${path}[${item}]`, vr: 'item', bytes: Buffer.alloc(0) }, ...found.elements);
    at = found.at;
  }
  return { elements, at };
}

function tagAt(bytes: Buffer, at: number): string {
  const hex = (offset: number) => bytes.readUInt16LE(offset).toString(16).padStart(4, '0').toUpperCase();
  return `(${hex(at)},${hex(at + 2)})`;
}
