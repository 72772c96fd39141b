import { OverreadError } from '../../errors/index.ts';
import { canEncode, type WrittenCharacterSet } from '../charset.ts';
import type { Dataset, DrawnBytes, ElementValue } from '../dataset.ts';
import { formatDecimalString } from '../decimal.ts';
import { formatTag, tags, type Keyword } from '../tags.ts';
import { codePoints, localisedVrs, textVrs } from '../text-vr.ts';
import { implementation, transferSyntaxes } from '../uids.ts';
import { ByteWriter } from './bytes.ts';

const utf8 = new TextEncoder();

/** VRs with a 32-bit length field in Explicit VR (PS3.5 section 7.1.2). */
const longLength: ReadonlySet<string> = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'SQ', 'UC', 'UR', 'UT', 'UN']);

export interface WriteOptions {
  /** Attributes taken over from another object as they are: their length limits are the source's own affair. */
  readonly asFound?: ReadonlySet<Keyword>;
}

interface Context {
  readonly out: ByteWriter;
  readonly set: WrittenCharacterSet;
  readonly asFound: ReadonlySet<Keyword>;
  /** Null where the object has no pixels of its own: values that are US or SS say by themselves what they need. */
  readonly signedPixels: boolean | null;
  readonly widePixels: boolean;
  /** Where the item of a code sequence was written: a code stands in hundreds of places and is copied from there. */
  readonly writtenCodes: Map<object, { readonly start: number; readonly end: number }>;
  /** UIDs that were found to be some: they stand in many places too. */
  readonly checkedUIDs: Set<string>;
}

/**
 * A dataset as a DICOM file (PS3.10): preamble, file meta information, Explicit VR Little Endian, elements in tag
 * order, sequences of defined length. The dataset names its own SOPClassUID, SOPInstanceUID and SpecificCharacterSet.
 * @throws OverreadError `dicom.invalid-value` naming the attribute whose value breaks a rule of its VR.
 */
export function writePart10(dataset: Dataset, options: WriteOptions = {}): Uint8Array<ArrayBuffer> {
  const bulk = bulkLength(dataset.PixelData) + bulkLength(dataset.FloatPixelData);
  const out = new ByteWriter(bulk + 262_144);
  const context: Context = {
    out,
    set: characterSetOf(dataset),
    asFound: options.asFound ?? new Set(),
    signedPixels: dataset.PixelRepresentation === undefined ? null : dataset.PixelRepresentation === 1,
    widePixels: typeof dataset.BitsAllocated === 'number' && dataset.BitsAllocated > 8,
    writtenCodes: new Map(),
    checkedUIDs: new Set(),
  };
  out.raw(new Uint8Array(128));
  out.raw(new TextEncoder().encode('DICM'));
  writeMeta(dataset, { ...context, set: '' });
  writeDataset(dataset, context);
  return out.finish();
}

function writeMeta(dataset: Dataset, context: Context): void {
  const { out } = context;
  writeElement('FileMetaInformationGroupLength', 0, context);
  const start = out.length;
  writeDataset(
    {
      FileMetaInformationVersion: new Uint8Array([0, 1]),
      MediaStorageSOPClassUID: dataset.SOPClassUID ?? null,
      MediaStorageSOPInstanceUID: dataset.SOPInstanceUID ?? null,
      TransferSyntaxUID: transferSyntaxes.explicitLittleEndian,
      ImplementationClassUID: implementation.classUID,
      ImplementationVersionName: implementation.versionName,
    },
    context,
  );
  out.patchU32(start - 4, out.length - start);
}

function characterSetOf(dataset: Dataset): WrittenCharacterSet {
  const name = dataset.SpecificCharacterSet ?? '';
  if (name === '' || name === 'ISO_IR 100' || name === 'ISO_IR 192') return name;
  throw new OverreadError('dicom.invalid-value', { why: 'SpecificCharacterSet is none that is written' });
}

function writeDataset(dataset: Dataset, context: Context): void {
  const keywords = Object.keys(dataset) as Keyword[];
  for (const keyword of inTagOrder(keywords)) {
    const value = dataset[keyword];
    if (value !== undefined) writeElement(keyword, value, context);
  }
}

/** Sorted in place. Datasets are short, and most are written down in order: insertion beats a general sort. */
function inTagOrder(keywords: Keyword[]): readonly Keyword[] {
  for (let at = 0; at < keywords.length; at++) {
    const keyword = keywords[at];
    if (keyword === undefined) continue;
    const tag = tagOf(keyword);
    let to = at;
    for (; to > 0; to--) {
      const before = keywords[to - 1];
      if (before === undefined || tagOf(before) <= tag) break;
      keywords[to] = before;
    }
    if (to !== at) keywords[to] = keyword;
  }
  return keywords;
}

const tagNumbers = new Map<string, number>(Object.entries(tags).map(([keyword, [tag]]) => [keyword, tag]));

function tagOf(keyword: Keyword): number {
  const tag = tagNumbers.get(keyword);
  if (tag === undefined) throw new OverreadError('dicom.invalid-value', { why: `${keyword} is not in the table` });
  return tag;
}

function vrOf(keyword: Keyword, value: ElementValue, context: Context): string {
  const vr = tags[keyword][1];
  if (vr === 'xs') return (context.signedPixels ?? hasNegative(value)) ? 'SS' : 'US';
  if (vr === 'ox') return context.widePixels ? 'OW' : 'OB';
  return vr;
}

function hasNegative(value: ElementValue): boolean {
  return Array.isArray(value) && value.some((one) => typeof one === 'number' && one < 0);
}

function writeElement(keyword: Keyword, value: ElementValue, context: Context): void {
  const { out } = context;
  const tag = tagOf(keyword);
  const vr = vrOf(keyword, value, context);
  out.u16(tag >>> 16);
  out.u16(tag & 0xffff);
  out.byte(vr.charCodeAt(0));
  out.byte(vr.charCodeAt(1));
  const long = longLength.has(vr);
  if (long) out.u16(0);
  const lengthAt = out.length;
  if (long) out.u32(0);
  else out.u16(0);
  const start = out.length;
  if (value !== null) writeValue(keyword, vr, value, context);
  if ((out.length - start) % 2 === 1) out.byte(vr === 'UI' || vr === 'OB' || vr === 'UN' ? 0 : 0x20);
  const length = out.length - start;
  if (long) out.patchU32(lengthAt, length);
  else if (length > 0xfffe) throw invalid(keyword, `is ${length} bytes long, more than its length field can say`);
  else out.patchU16(lengthAt, length);
}

function writeValue(keyword: Keyword, vr: string, value: NonNullable<ElementValue>, context: Context): void {
  if (vr === 'SQ') writeItems(keyword, value, context);
  else if (value instanceof Uint8Array) context.out.raw(value);
  else if (isDrawn(value)) value.draw(context.out.reserve(value.byteLength));
  else if (textVrs[vr] !== undefined) writeText(keyword, vr, value, context);
  else writeNumbers(keyword, vr, value, context.out);
}

function isDrawn(value: unknown): value is DrawnBytes {
  return typeof value === 'object' && value !== null && 'draw' in value;
}

function bulkLength(value: ElementValue | undefined): number {
  return value instanceof Uint8Array || isDrawn(value) ? value.byteLength : 0;
}

function writeItems(keyword: Keyword, value: NonNullable<ElementValue>, context: Context): void {
  if (!Array.isArray(value)) throw invalid(keyword, 'is a sequence and needs a list of items');
  const { out, writtenCodes } = context;
  const isCode = codeSequences.has(keyword);
  for (const item of value as readonly unknown[]) {
    if (typeof item !== 'object' || item === null) throw invalid(keyword, 'has an item that is no dataset');
    const known = isCode ? writtenCodes.get(item) : undefined;
    if (known !== undefined) {
      out.again(known.start, known.end);
      continue;
    }
    const start = out.length;
    out.u16(0xfffe);
    out.u16(0xe000);
    const lengthAt = out.length;
    out.u32(0);
    writeDataset(item, context);
    out.patchU32(lengthAt, out.length - lengthAt - 4);
    if (isCode) writtenCodes.set(item, { start, end: out.length });
  }
}

const codeSequences: ReadonlySet<Keyword> = new Set(
  (Object.keys(tags) as Keyword[]).filter((keyword) => keyword.endsWith('CodeSequence')),
);

function writeText(keyword: Keyword, vr: string, value: NonNullable<ElementValue>, context: Context): void {
  const { out } = context;
  const strict = !context.asFound.has(keyword);
  const text = Array.isArray(value)
    ? (value as readonly unknown[]).map((one) => oneText(keyword, vr, one, strict, context)).join('\\')
    : oneText(keyword, vr, value, strict, context);
  if (out.ascii(text)) return;
  const set = localisedVrs.has(vr) || !strict ? context.set : '';
  if (!canEncode(text, set)) throw invalid(keyword, 'has characters outside the character set of the object');
  else if (set === 'ISO_IR 192') out.raw(utf8.encode(text));
  else out.narrow(text);
}

function oneText(keyword: Keyword, vr: string, value: unknown, strict: boolean, { checkedUIDs }: Context): string {
  const text = textValue(keyword, vr, value);
  if (!strict || (vr === 'UI' && checkedUIDs.has(text))) return text;
  checkText(keyword, vr, text);
  if (vr === 'UI') checkedUIDs.add(text);
  return text;
}

function textValue(keyword: Keyword, vr: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') throw invalid(keyword, 'has a value that is no text');
  if (vr !== 'DS' && !(vr === 'IS' && Number.isInteger(value))) throw invalid(keyword, `cannot hold ${value}`);
  const text = vr === 'DS' ? formatDecimalString(value) : String(value);
  if (text === null) throw invalid(keyword, `cannot hold ${value}`);
  return text;
}

const patterns: Readonly<Record<string, RegExp>> = {
  CS: /^[A-Z0-9 _]*$/,
  DA: /^(\d{8})?$/,
  DS: /^ *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *$|^$/,
  DT: /^[\d.+-]*$/,
  IS: /^ *[+-]?\d+ *$|^$/,
  TM: /^[\d.]*$/,
  UI: /^(?:(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*)?$/,
};

function checkText(keyword: Keyword, vr: string, text: string): void {
  const rule = textVrs[vr];
  const most = vr === 'PN' ? 64 : (rule?.limit ?? Infinity);
  // There are never more characters than UTF-16 units.
  if (text.length > most) {
    const characters =
      vr === 'PN' ? Math.max(...text.split('=').map((group) => codePoints(group).length)) : codePoints(text).length;
    if (characters > most) throw invalid(keyword, `has ${characters} characters, ${vr} allows ${most}`);
  }
  if (rule?.multiple === true && text.includes('\\')) throw invalid(keyword, 'has a backslash inside a value');
  const pattern = patterns[vr];
  if (pattern !== undefined && !pattern.test(text)) throw invalid(keyword, `has a value that is not ${vr}`);
}

/** Smallest and largest value of the integer VRs. */
const integerRange: Readonly<Record<string, readonly [number, number]>> = {
  US: [0, 0xffff],
  SS: [-0x8000, 0x7fff],
  UL: [0, 0xffff_ffff],
  SL: [-0x8000_0000, 0x7fff_ffff],
  AT: [0, 0xffff_ffff],
};

function writeNumbers(keyword: Keyword, vr: string, value: NonNullable<ElementValue>, out: ByteWriter): void {
  const values =
    Array.isArray(value) || value instanceof Float32Array ? (value as ArrayLike<unknown>) : ([value] as const);
  const range = integerRange[vr];
  for (let index = 0; index < values.length; index++) {
    const number = values[index];
    if (typeof number !== 'number') throw invalid(keyword, 'has a value that is no number');
    if (range !== undefined && (!Number.isInteger(number) || number < range[0] || number > range[1])) {
      throw invalid(keyword, `cannot hold ${number} as ${vr}`);
    }
    if (vr === 'US' || vr === 'SS') out.u16(number & 0xffff);
    else if (vr === 'UL' || vr === 'SL') out.u32(number >>> 0);
    else if (vr === 'FL') out.f32(number);
    else if (vr === 'FD') out.f64(number);
    else if (vr === 'AT') {
      out.u16(number >>> 16);
      out.u16(number & 0xffff);
    } else throw invalid(keyword, `cannot be written as ${vr} from numbers`);
  }
}

function invalid(keyword: Keyword, fault: string): OverreadError {
  const tag = formatTag(tags[keyword][0]);
  return new OverreadError('dicom.invalid-value', { why: `${keyword} ${tag} ${fault}`, details: { keyword } });
}
