import { inflate, textDecoderFor, transferSyntaxes } from '@overread/core/dicom';
import { OverreadError } from '@overread/core/errors';
import { vrOfTag } from './dictionary.ts';
import { textOf, type JsonDataset, type JsonElement } from './dicom-json.ts';
import { isBinary, jsonElement, type TextReader } from './value.ts';

const undefinedLength = 0xffffffff;
const inlineLimit = 1024;
const depthLimit = 32;
const inflatedLimit = 1024 * 1024 * 1024;
const longLengthVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const pixelTags = new Set(['7FE00008', '7FE00009', '7FE00010']);

/** A value too large for metadata: where its bytes stand in the dataset. */
export interface BulkValue {
  readonly vr: string;
  readonly offset: number;
  /** Bytes; null for encapsulated pixel data, whose items begin at `offset`. */
  readonly length: number | null;
}

/** A Part 10 file up to and without its pixel data. */
export interface Part10 {
  readonly transferSyntaxUID: string;
  readonly dataset: JsonDataset;
  /** By path: tags, and 0-based item numbers inside sequences, joined by slashes. */
  readonly bulk: ReadonlyMap<string, BulkValue>;
  /** What `bulk` offsets count in: the file itself, or what it inflates to. */
  readonly bytes: Uint8Array;
}

export interface ReadOptions {
  /** False when `bytes` is only the beginning of the file. */
  readonly complete: boolean;
  /** Length of the whole file. */
  readonly fileSize: number;
  /** Address of a bulk value by its path. */
  readonly bulkUri: (path: string) => string;
}

// The walk over the elements is not core/dicom's, which reads whole files strictly, for the attributes of one table. An
// archive gives back what it was given: every element with its VR, private ones too, big-endian files and those where an
// attribute stands twice, from the beginning of the file alone. A reader with all these ways would be strict in none.

/** Thrown when the beginning of a file was not enough to read its header. */
export class MoreBytesNeeded extends Error {}

/**
 * Reads a Part 10 file (PS3.10 section 7) into the DICOM JSON model: any of the standard's byte orders, implicit VR,
 * deflated. Values longer than 1 kB that are not text become bulk data; reading ends at the pixel data.
 * @throws OverreadError dicom.damaged, dicom.over-limit; MoreBytesNeeded.
 */
export function readPart10(bytes: Uint8Array, options: ReadOptions): Part10 {
  const file = new Reader(bytes, options, { little: true, explicit: true });
  if (bytes.length < 132 && options.complete) throw damaged('it is shorter than a DICOM preamble');
  if (latin1(bytes.subarray(128, 132)) !== 'DICM') throw damaged('it has no DICM prefix');
  const meta = file.metaInformation();
  const transferSyntaxUID = textOf(meta, '00020010');
  if (transferSyntaxUID === '') throw damaged('it names no transfer syntax');
  const syntax = {
    little: transferSyntaxUID !== transferSyntaxes.explicitBigEndian,
    explicit: transferSyntaxUID !== transferSyntaxes.implicitLittleEndian,
  };
  if (transferSyntaxUID !== transferSyntaxes.deflatedExplicitLittleEndian) {
    return new Reader(bytes, options, syntax).part10(transferSyntaxUID, file.at);
  }
  if (!options.complete) throw new MoreBytesNeeded();
  const inflated = inflate(bytes.subarray(file.at), inflatedLimit);
  return new Reader(inflated, { ...options, fileSize: inflated.length }, syntax).part10(transferSyntaxUID, 0);
}

function damaged(why: string): OverreadError {
  return new OverreadError('dicom.damaged', { why });
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

interface Syntax {
  readonly little: boolean;
  readonly explicit: boolean;
}

interface Header {
  readonly tag: string;
  readonly vr: string;
  readonly length: number;
}

class Reader {
  at = 132;
  private readonly view: DataView;
  private readonly bulk = new Map<string, BulkValue>();
  private signed = false;
  private readonly bytes: Uint8Array;
  private readonly options: ReadOptions;
  private readonly syntax: Syntax;

  constructor(bytes: Uint8Array, options: ReadOptions, syntax: Syntax) {
    this.bytes = bytes;
    this.options = options;
    this.syntax = syntax;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  metaInformation(): JsonDataset {
    const meta: JsonDataset = {};
    this.need(2);
    while (this.at < this.options.fileSize && this.peekGroup() === 2) {
      const header = this.header(this.syntax);
      if (header.length === undefinedLength) throw damaged('its file meta information is malformed');
      meta[header.tag] = this.simple(header, this.syntax, textDecoderFor([]));
    }
    return meta;
  }

  part10(transferSyntaxUID: string, start: number): Part10 {
    this.at = start;
    const dataset = this.dataset(this.options.fileSize, this.syntax, textDecoderFor([]), '', 0);
    return { transferSyntaxUID, dataset, bulk: this.bulk, bytes: this.bytes };
  }

  /** Elements up to `end`, or up to an item delimiter where `end` is not known (Infinity). */
  private dataset(end: number, syntax: Syntax, inherited: TextReader, path: string, depth: number): JsonDataset {
    if (depth > depthLimit) throw damaged(`its sequences are nested deeper than ${depthLimit}`);
    const result: JsonDataset = {};
    let text = inherited;
    while (this.at < end) {
      const header = this.header(syntax);
      if (header.tag === 'FFFEE00D') break;
      const here = `${path}${header.tag}`;
      if (pixelTags.has(header.tag) && depth === 0) {
        result[header.tag] = this.pixelData(header, here);
        break;
      }
      const element = this.element(header, syntax, text, here, depth);
      if (header.tag.endsWith('0000')) continue;
      result[header.tag] = element;
      if (header.tag === '00080005')
        text = textDecoderFor((element.Value ?? []).map((term) => (typeof term === 'string' ? term : '')));
      if (header.tag === '00280103') this.signed = element.Value?.[0] === 1;
    }
    return result;
  }

  private element(header: Header, syntax: Syntax, text: TextReader, path: string, depth: number): JsonElement {
    const { vr, length } = header;
    if (vr === 'SQ') return this.sequence(length, syntax, text, path, depth);
    if (length === undefinedLength) {
      if (vr === 'OB' || vr === 'OW') return this.fragments(vr, path);
      if (vr !== 'UN') throw damaged(`its element ${header.tag} has no length`);
      // PS3.5 6.2.2: UN of undefined length holds a sequence in implicit VR little endian.
      return this.sequence(length, { little: true, explicit: false }, text, path, depth);
    }
    if (isBinary(vr) && length > inlineLimit) {
      this.bulk.set(path, { vr, offset: this.at, length });
      this.skip(length);
      return { vr, BulkDataURI: this.options.bulkUri(path) };
    }
    return this.simple(header, syntax, text);
  }

  /** Encapsulated pixel data inside a sequence: an icon. */
  private fragments(vr: string, path: string): JsonElement {
    this.bulk.set(path, { vr, offset: this.at, length: null });
    for (let length = this.itemHeader(true); length !== null; length = this.itemHeader(true)) this.skip(length);
    return { vr, BulkDataURI: this.options.bulkUri(path) };
  }

  private simple({ vr, length }: Header, syntax: Syntax, text: TextReader): JsonElement {
    const start = this.at;
    this.skip(length);
    return jsonElement(vr, this.bytes.subarray(start, this.at), syntax.little, text);
  }

  private sequence(length: number, syntax: Syntax, text: TextReader, path: string, depth: number): JsonElement {
    const end = length === undefinedLength ? Infinity : this.at + length;
    if (end !== Infinity && end > this.options.fileSize) throw damaged('a sequence is longer than the file');
    const items: JsonDataset[] = [];
    while (this.at < end) {
      const item = this.itemHeader(syntax.little);
      if (item === null) break;
      const itemEnd = item === undefinedLength ? Infinity : this.at + item;
      items.push(this.dataset(itemEnd, syntax, text, `${path}/${items.length}/`, depth + 1));
    }
    return items.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: items };
  }

  /** Length of the next item; null at the end of its sequence. */
  private itemHeader(little: boolean): number | null {
    this.need(8);
    const tag = this.tag(little);
    const length = this.view.getUint32(this.at + 4, little);
    this.at += 8;
    if (tag === 'FFFEE0DD') return null;
    if (tag !== 'FFFEE000') throw damaged(`a sequence holds ${tag} in place of an item`);
    return length;
  }

  private pixelData({ vr, length }: Header, path: string): JsonElement {
    const isEncapsulated = length === undefinedLength;
    if (!isEncapsulated && this.at + length > this.options.fileSize) throw damaged('its pixel data end early');
    if (length === 0) return { vr };
    this.bulk.set(path, { vr, offset: this.at, length: isEncapsulated ? null : length });
    return { vr, BulkDataURI: this.options.bulkUri(path) };
  }

  private header({ little, explicit }: Syntax): Header {
    this.need(8);
    const tag = this.tag(little);
    if (tag.startsWith('FFFE') || !explicit) {
      const length = this.view.getUint32(this.at + 4, little);
      this.at += 8;
      return { tag, vr: vrOfTag(tag, this.signed), length };
    }
    const vr = latin1(this.bytes.subarray(this.at + 4, this.at + 6));
    if (!/^[A-Z]{2}$/.test(vr)) throw damaged(`its element ${tag} has no value representation`);
    if (!longLengthVrs.has(vr)) {
      const length = this.view.getUint16(this.at + 6, little);
      this.at += 8;
      return { tag, vr, length };
    }
    this.need(12);
    const length = this.view.getUint32(this.at + 8, little);
    this.at += 12;
    return { tag, vr, length };
  }

  private tag(little: boolean): string {
    const number = this.view.getUint16(this.at, little) * 0x10000 + this.view.getUint16(this.at + 2, little);
    return number.toString(16).toUpperCase().padStart(8, '0');
  }

  private peekGroup(): number {
    this.need(2);
    return this.view.getUint16(this.at, true);
  }

  private skip(length: number): void {
    this.need(length);
    this.at += length;
  }

  /** @throws when the next `count` bytes are not there: MoreBytesNeeded if the file goes on, else dicom.damaged. */
  private need(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    if (this.at + count <= this.options.fileSize && !this.options.complete) throw new MoreBytesNeeded();
    throw damaged('it ends in the middle of an element');
  }
}
