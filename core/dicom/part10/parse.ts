import { OverreadError } from '../../errors/index.ts';
import { formatTag, keywordOf, tags } from '../tags.ts';
import type { RawElement, ReadLimits } from './elements.ts';

const undefinedLength = 0xffff_ffff;
const itemTag = 0xfffe_e000;
const itemEndTag = 0xfffe_e00d;
const sequenceEndTag = 0xfffe_e0dd;
const longLength: ReadonlySet<string> = new Set([
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SQ',
  'SV',
  'UC',
  'UN',
  'UR',
  'UT',
  'UV',
]);

/** Two capital letters each: made once, since there is one per element. */
const vrNames: readonly string[] = Array.from({ length: 26 * 26 }, (_, index) =>
  String.fromCharCode(0x41 + Math.floor(index / 26), 0x41 + (index % 26)),
);

/** Reads data elements one after the other; every length is checked against what is there before it is believed. */
export class ElementParser {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #limits: ReadLimits;
  #at: number;
  #elements = 0;

  constructor(bytes: Uint8Array, start: number, limits: ReadLimits) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#limits = limits;
  }

  /** What the elements point into. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Where the next element begins, from the start of the bytes. */
  get position(): number {
    return this.#at;
  }

  /** Elements of group 0002 (always Explicit VR Little Endian). */
  meta(): readonly RawElement[] {
    const elements: RawElement[] = [];
    while (this.#at + 8 <= this.#bytes.length && this.#view.getUint16(this.#at, true) === 0x0002) {
      elements.push(this.#element(true, this.#bytes.length, 0));
    }
    return elements;
  }

  /** All elements up to the end of the file. */
  dataset(explicit: boolean): readonly RawElement[] {
    return this.#elementsUntil(explicit, this.#bytes.length, 0, false);
  }

  #elementsUntil(explicit: boolean, end: number, depth: number, delimited: boolean): readonly RawElement[] {
    const elements: RawElement[] = [];
    let last = -1;
    let seen: Set<number> | null = null;
    while (this.#at < end) {
      if (delimited && this.#peekTag(end) === itemEndTag) {
        this.#need(8, end);
        this.#at += 8;
        return elements;
      }
      const element = this.#element(explicit, end, depth);
      const { tag } = element;
      // Tags ascend (PS3.5 section 7.1); only where a file breaks that, all of them are looked through.
      if (tag <= last) seen ??= new Set(elements.map((one) => one.tag));
      if (seen?.has(tag) === true) throw this.#damaged(`${formatTag(tag)} stands there twice`);
      seen?.add(tag);
      last = tag;
      elements.push(element);
    }
    if (delimited) throw this.#damaged('an item has no end');
    return elements;
  }

  #element(explicit: boolean, end: number, depth: number): RawElement {
    if (++this.#elements > this.#limits.maxElements) {
      throw overLimit(`it has more than ${this.#limits.maxElements} elements`);
    }
    const tag = this.#peekTag(end);
    this.#at += 4;
    const { vr, length } = explicit ? this.#explicitHeader(end) : this.#implicitHeader(tag, end);
    if (vr === 'SQ' || (vr === 'UN' && length === undefinedLength)) {
      // A sequence of unknown VR is in Implicit VR inside (PS3.5 section 6.2.2, note 2).
      return {
        tag,
        vr: 'SQ',
        start: 0,
        end: 0,
        fragments: null,
        items: this.#items(explicit && vr === 'SQ', length, end, depth + 1),
      };
    }
    if (length === undefinedLength) {
      if (tag !== tags.PixelData[0]) throw this.#damaged(`${formatTag(tag)} has no length`);
      return { tag, vr, start: 0, end: 0, items: null, fragments: this.#fragments(end) };
    }
    this.#need(length, end);
    const start = this.#at;
    this.#at += length;
    return { tag, vr, start, end: this.#at, items: null, fragments: null };
  }

  #explicitHeader(end: number): { vr: string; length: number } {
    this.#need(4, end);
    const first = this.#view.getUint8(this.#at);
    const second = this.#view.getUint8(this.#at + 1);
    if (first < 0x41 || first > 0x5a || second < 0x41 || second > 0x5a) throw this.#damaged('an element has no VR');
    const vr = vrNames[(first - 0x41) * 26 + second - 0x41] ?? '';
    if (!longLength.has(vr)) {
      const length = this.#view.getUint16(this.#at + 2, true);
      this.#at += 4;
      return { vr, length };
    }
    this.#need(8, end);
    const length = this.#view.getUint32(this.#at + 4, true);
    this.#at += 8;
    return { vr, length };
  }

  #implicitHeader(tag: number, end: number): { vr: string; length: number } {
    this.#need(4, end);
    const length = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    const keyword = keywordOf(tag);
    const vr = keyword === null ? 'UN' : tags[keyword][1];
    return { vr: vr === 'ox' ? 'OW' : vr, length };
  }

  #items(explicit: boolean, length: number, end: number, depth: number): readonly (readonly RawElement[])[] {
    if (depth > this.#limits.maxDepth) throw overLimit(`sequences are nested more than ${this.#limits.maxDepth} deep`);
    const open = length === undefinedLength;
    if (!open) this.#need(length, end);
    const stop = open ? end : this.#at + length;
    const items: (readonly RawElement[])[] = [];
    while (open || this.#at < stop) {
      const tag = this.#peekTag(stop);
      this.#need(8, stop);
      const itemLength = this.#view.getUint32(this.#at + 4, true);
      this.#at += 8;
      if (open && tag === sequenceEndTag) return items;
      if (tag !== itemTag) throw this.#damaged(`${formatTag(tag)} stands where an item should`);
      if (++this.#elements > this.#limits.maxElements) {
        throw overLimit(`it has more than ${this.#limits.maxElements} elements`);
      }
      if (itemLength === undefinedLength) items.push(this.#elementsUntil(explicit, stop, depth, true));
      else {
        this.#need(itemLength, stop);
        items.push(this.#elementsUntil(explicit, this.#at + itemLength, depth, false));
      }
    }
    return items;
  }

  #fragments(end: number): readonly Uint8Array[] {
    const fragments: Uint8Array[] = [];
    for (;;) {
      const tag = this.#peekTag(end);
      this.#need(8, end);
      const length = this.#view.getUint32(this.#at + 4, true);
      this.#at += 8;
      if (tag === sequenceEndTag) return fragments;
      if (tag !== itemTag) throw this.#damaged(`${formatTag(tag)} stands where a fragment should`);
      this.#need(length, end);
      fragments.push(this.#bytes.subarray(this.#at, this.#at + length));
      this.#at += length;
    }
  }

  #peekTag(end: number): number {
    this.#need(4, end);
    return ((this.#view.getUint16(this.#at, true) << 16) | this.#view.getUint16(this.#at + 2, true)) >>> 0;
  }

  #need(count: number, end: number): void {
    if (count > end - this.#at) throw this.#damaged(`it ends before ${count} more bytes`);
  }

  #damaged(why: string): OverreadError {
    return new OverreadError('dicom.damaged', { why, details: { offset: this.#at } });
  }
}

function overLimit(why: string): OverreadError {
  return new OverreadError('dicom.over-limit', { why });
}
