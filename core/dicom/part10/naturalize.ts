import type { Attributes } from '../attributes.ts';
import { textDecoderFor, type TextDecoding } from '../charset.ts';
import { keywordOf, tags } from '../tags.ts';
import { localisedVrs, textVrs } from '../text-vr.ts';
import type { RawElement } from './elements.ts';
import { TextCache } from './text-cache.ts';

const ascii = textDecoderFor([]);

/**
 * Elements by keyword: text and numbers as one value or an array of several, sequences as arrays, bulk data as views on
 * the file. Elements outside the tag table and empty ones are left out.
 * @param file What the elements point into.
 */
export function naturalize(elements: readonly RawElement[], file: Uint8Array): Attributes {
  return naturalizeItem(elements, { file, text: new TextCache(file) }, ascii);
}

interface Source {
  readonly file: Uint8Array;
  readonly text: TextCache;
}

function naturalizeItem(elements: readonly RawElement[], source: Source, inherited: TextDecoding): Attributes {
  const decode = decodingOf(elements, source) ?? inherited;
  const attributes: Record<string, unknown> = {};
  for (const element of elements) {
    const keyword = keywordOf(element.tag);
    if (keyword === null) continue;
    const { items } = element;
    const value =
      items === null ? valueOf(element, source, decode) : items.map((item) => naturalizeItem(item, source, decode));
    if (value !== null) attributes[keyword] = value;
  }
  return attributes;
}

/** What the elements' own Specific Character Set asks for, where they have one. */
function decodingOf(elements: readonly RawElement[], { file }: Source): TextDecoding | null {
  for (const { tag, start, end } of elements) {
    if (tag === tags.SpecificCharacterSet[0]) return textDecoderFor(splitText(ascii(file.subarray(start, end))));
  }
  return null;
}

function valueOf(element: RawElement, { file, text }: Source, decode: TextDecoding): unknown {
  const { start, end, fragments } = element;
  if (fragments !== null) return fragments;
  if (start === end) return null;
  const vr = element.vr === 'UN' || element.vr === 'xs' ? tableVr(element.tag) : element.vr;
  const rule = textVrs[vr];
  if (rule === undefined) return numbers(vr, file, element) ?? file.subarray(start, end);
  const said =
    text.ascii(start, end) ?? (localisedVrs.has(vr) ? decode : ascii)(file.subarray(start, end), vr === 'PN');
  if (!rule.multiple) return said.replace(/[ \0]+$/, '');
  const values = splitText(said);
  return values.length === 1 ? values[0] : values;
}

/** For elements of unknown VR the table says what they are. */
function tableVr(tag: number): string {
  const keyword = keywordOf(tag);
  const vr: string = keyword === null ? 'UN' : tags[keyword][1];
  return vr === 'xs' ? 'US' : vr;
}

function splitText(text: string): string[] {
  return text.includes('\\') ? text.split('\\').map(withoutPadding) : [withoutPadding(text)];
}

/** Spaces before and behind, NULs behind. */
function withoutPadding(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) === 0x20) start++;
  while (end > start && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0)) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

const widths: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 };

function numbers(vr: string, file: Uint8Array, { start, end }: RawElement): unknown {
  const width = widths[vr];
  if (width === undefined) return null;
  const view = new DataView(file.buffer, file.byteOffset + start, end - start);
  const values: number[] = [];
  for (let at = 0; at + width <= view.byteLength; at += width) values.push(readNumber(vr, view, at));
  return values.length === 1 ? values[0] : values;
}

function readNumber(vr: string, view: DataView, at: number): number {
  if (vr === 'US') return view.getUint16(at, true);
  if (vr === 'SS') return view.getInt16(at, true);
  if (vr === 'UL') return view.getUint32(at, true);
  if (vr === 'SL') return view.getInt32(at, true);
  if (vr === 'FL') return view.getFloat32(at, true);
  if (vr === 'FD') return view.getFloat64(at, true);
  return ((view.getUint16(at, true) << 16) | view.getUint16(at + 2, true)) >>> 0;
}
