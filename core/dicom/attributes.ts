import { isKeyword, tags } from './tags.ts';
import { textVrs } from './text-vr.ts';

/**
 * Reading a naturalized dataset: attributes by PS3.6 keyword, as dcmjs and DICOMweb clients hand them out.
 * Writers differ (a lone value or an array of one, DS as number or string, sequences as array or single item), so
 * every access goes through here. All readers answer null (or an empty list) for what is absent, empty or not of the kind.
 */
export type Attributes = Readonly<Record<string, unknown>>;

function vrOf(keyword: string): string {
  return isKeyword(keyword) ? tags[keyword][1] : '';
}

function valuesOf(attributes: Attributes, keyword: string): readonly unknown[] {
  const raw = attributes[keyword];
  if (raw === undefined || raw === null) return [];
  if (Array.isArray(raw)) return raw;
  // In the text of VRs with one value a backslash is just a character.
  if (typeof raw === 'string' && raw.includes('\\') && textVrs[vrOf(keyword)]?.multiple !== false)
    return raw.split('\\');
  return [raw];
}

function firstOf(attributes: Attributes, keyword: string): unknown {
  const raw = attributes[keyword];
  // Most values are alone and need no list around them.
  return typeof raw === 'number' || (typeof raw === 'string' && !raw.includes('\\'))
    ? raw
    : valuesOf(attributes, keyword)[0];
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' && !(value instanceof String)) return null;
  const text = value.trim();
  const number = text === '' ? NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

function toText(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string' && !(value instanceof String)) return null;
  // DICOM pads to even length with a space, UIDs with a NUL (PS3.5 section 6.2).
  let end = value.length;
  while (end > 0 && (value[end - 1] === '\0' || value[end - 1] === ' ')) end--;
  const text = value.slice(0, end).trim();
  return text === '' ? null : text;
}

/** First value as text, padding removed. */
export function textOf(attributes: Attributes, keyword: string): string | null {
  return toText(firstOf(attributes, keyword));
}

/** All values as text; empty ones are left out. */
export function textsOf(attributes: Attributes, keyword: string): readonly string[] {
  return valuesOf(attributes, keyword)
    .map(toText)
    .filter((text) => text !== null);
}

/** First value as a finite number. */
export function numberOf(attributes: Attributes, keyword: string): number | null {
  return toNumber(firstOf(attributes, keyword));
}

/** All values as finite numbers; null unless there is at least one value, all are numbers, and `count` (where given) is met. */
export function numbersOf(attributes: Attributes, keyword: string, count?: number): readonly number[] | null {
  const values = valuesOf(attributes, keyword);
  if (values.length === 0 || (count !== undefined && values.length !== count)) return null;
  const numbers = values.map(toNumber).filter((number) => number !== null);
  return numbers.length === values.length ? numbers : null;
}

/** First value as an integer (IS, US, SS, UL, SL); null where it is none. */
export function integerOf(attributes: Attributes, keyword: string): number | null {
  const number = numberOf(attributes, keyword);
  return number !== null && Number.isInteger(number) ? number : null;
}

/**
 * First value as bytes: as they are, or as DICOM JSON carries them (`InlineBinary`, PS3.18 F.2.7). Null where only their
 * address is known.
 */
export function bytesOf(attributes: Attributes, keyword: string): Uint8Array | null {
  const [value] = valuesOf(attributes, keyword);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const inline = isAttributes(value) ? value['InlineBinary'] : undefined;
  if (typeof inline !== 'string') return null;
  try {
    return Uint8Array.from(atob(inline), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Items of a sequence, in order. */
export function itemsOf(attributes: Attributes, keyword: string): readonly Attributes[] {
  const values = valuesOf(attributes, keyword);
  return values.every(isAttributes) ? values : values.filter(isAttributes);
}

/** Item of a sequence by 0-based index, without a walk over the others: functional groups have thousands. */
export function itemOf(attributes: Attributes, keyword: string, index = 0): Attributes | null {
  const item = valuesOf(attributes, keyword)[index];
  return isAttributes(item) ? item : null;
}

function isAttributes(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
