import type { Attributes } from '../attributes.ts';
import { textDecoderFor, type TextDecoding } from '../charset.ts';
import { keywordOf, tags } from '../tags.ts';
import { localisedVrs, textVrs } from '../text-vr.ts';
import type { RawElement } from './elements.ts';

const ascii = textDecoderFor([]);

/**
 * Elements by keyword: text and numbers as one value or an array of several, sequences as arrays, bulk data as bytes.
 * Elements outside the tag table and empty ones are left out.
 */
export function naturalize(elements: readonly RawElement[], inherited: TextDecoding = ascii): Attributes {
  const decode = decodingOf(elements) ?? inherited;
  const attributes: Record<string, unknown> = {};
  for (const element of elements) {
    const keyword = keywordOf(element.tag);
    if (keyword === null) continue;
    const value =
      element.items === null ? valueOf(element, decode) : element.items.map((item) => naturalize(item, decode));
    if (value !== null) attributes[keyword] = value;
  }
  return attributes;
}

/** What the elements' own Specific Character Set asks for, where they have one. */
function decodingOf(elements: readonly RawElement[]): TextDecoding | null {
  for (const { tag, bytes } of elements) {
    if (tag === tags.SpecificCharacterSet[0]) return textDecoderFor(splitText(ascii(bytes)));
  }
  return null;
}

function valueOf(element: RawElement, decode: TextDecoding): unknown {
  const { bytes, fragments } = element;
  if (fragments !== null) return fragments;
  if (bytes.length === 0) return null;
  const vr = element.vr === 'UN' || element.vr === 'xs' ? tableVr(element.tag) : element.vr;
  const rule = textVrs[vr];
  if (rule === undefined) return numbers(vr, bytes) ?? bytes;
  const text = (localisedVrs.has(vr) ? decode : ascii)(bytes, vr === 'PN');
  if (!rule.multiple) return text.replace(/[ \0]+$/, '');
  const values = splitText(text);
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

function numbers(vr: string, bytes: Uint8Array): unknown {
  const width = widths[vr];
  if (width === undefined) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: number[] = [];
  for (let at = 0; at + width <= bytes.length; at += width) values.push(readNumber(vr, view, at));
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
