import type { JsonElement, JsonValue, PersonName } from './dicom-json.ts';

const binary = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'UN']);
const wholeText = new Set(['LT', 'ST', 'UT', 'UR']);
/** VRs that Specific Character Set applies to (PS3.5 6.1.2.2). */
const localText = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

/** Text of a value in the dataset's character sets; `person` for PN. */
export type TextReader = (bytes: Uint8Array, person: boolean) => string;

type NumberReader = (view: DataView, offset: number, little: boolean) => JsonValue;

const whole = (value: bigint) =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
// JSON has no infinities; the standard's own way out is the text.
const real = (value: number) => (Number.isFinite(value) ? value : String(value));

const numbers: Readonly<Record<string, readonly [size: number, read: NumberReader]>> = {
  US: [2, (view, at, little) => view.getUint16(at, little)],
  SS: [2, (view, at, little) => view.getInt16(at, little)],
  UL: [4, (view, at, little) => view.getUint32(at, little)],
  SL: [4, (view, at, little) => view.getInt32(at, little)],
  FL: [4, (view, at, little) => real(view.getFloat32(at, little))],
  FD: [8, (view, at, little) => real(view.getFloat64(at, little))],
  UV: [8, (view, at, little) => whole(view.getBigUint64(at, little))],
  SV: [8, (view, at, little) => whole(view.getBigInt64(at, little))],
  AT: [4, (view, at, little) => hex(view.getUint16(at, little)) + hex(view.getUint16(at + 2, little))],
};

const hex = (value: number) => value.toString(16).toUpperCase().padStart(4, '0');

const latin = new TextDecoder('windows-1252');

export function isBinary(vr: string): boolean {
  return binary.has(vr);
}

/**
 * The value field of one element as DICOM JSON (PS3.18 F.2); sequences are not its business.
 * @param bytes the value field alone.
 */
export function jsonElement(vr: string, bytes: Uint8Array, little: boolean, text: TextReader): JsonElement {
  if (bytes.length === 0) return { vr };
  if (binary.has(vr)) return { vr, InlineBinary: Buffer.from(bytes).toString('base64') };
  const number = numbers[vr];
  if (number) return { vr, Value: readNumbers(bytes, number, little) };
  return stringElement(vr, localText.has(vr) ? text(bytes, vr === 'PN') : latin.decode(bytes));
}

function readNumbers(bytes: Uint8Array, [size, read]: readonly [number, NumberReader], little: boolean): JsonValue[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => read(view, index * size, little));
}

function stringElement(vr: string, raw: string): JsonElement {
  const padded = raw.replace(/[\0 ]+$/, '');
  if (padded === '') return { vr };
  if (wholeText.has(vr)) return { vr, Value: [padded] };
  return { vr, Value: padded.split('\\').map((part) => stringValue(vr, part)) };
}

function stringValue(vr: string, part: string): JsonValue {
  const trimmed = part.trim();
  if (trimmed === '') return null;
  if (vr === 'PN') return personName(part);
  if (vr === 'DS' || vr === 'IS') {
    const number = Number(trimmed);
    return Number.isFinite(number) ? number : trimmed;
  }
  return trimmed;
}

function personName(text: string): PersonName {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=').map((group) => group.trim());
  return {
    ...(alphabetic && { Alphabetic: alphabetic }),
    ...(ideographic && { Ideographic: ideographic }),
    ...(phonetic && { Phonetic: phonetic }),
  };
}
