import { OverreadError } from '@overread/core/errors';
import { numberOf } from './dicom-json.ts';
import type { BulkValue, Part10 } from './read.ts';

const pixelTags = ['7FE00010', '7FE00008', '7FE00009'];
const itemTag = 0xe000fffe;
const sequenceEnd = 0xe0ddfffe;

/** Frames of one instance, cut out of its pixel data. */
export interface Frames {
  readonly count: number;
  /** @param number 1-based. */
  readonly frame: (number: number) => Uint8Array;
}

/**
 * The frames of an instance as they are stored, or null where it has no pixel data.
 * @param part10 header of the instance.
 * @param bytes the whole dataset, which offsets count in.
 * @throws OverreadError dicom.damaged.
 */
export function framesOf(part10: Part10, bytes: Uint8Array): Frames | null {
  const tag = pixelTags.find((name) => part10.bulk.has(name));
  const pixels = tag === undefined ? undefined : part10.bulk.get(tag);
  if (pixels === undefined) return null;
  const count = numberOf(part10.dataset, '00280008') ?? 1;
  if (!Number.isInteger(count) || count < 1) throw damaged('Number of Frames is not a positive whole number');
  return pixels.length === null
    ? encapsulated(bytes, pixels, count)
    : native(part10, bytes, pixels, pixels.length, count);
}

function native(part10: Part10, bytes: Uint8Array, { offset }: BulkValue, length: number, count: number): Frames {
  const value = (tag: string) => numberOf(part10.dataset, tag) ?? 0;
  const samples = value('00280010') * value('00280011') * (value('00280002') || 1);
  const bits = samples * value('00280100');
  if (bits <= 0 || Math.ceil((bits * count) / 8) > length) throw damaged(`${count} frames do not fit its pixel data`);
  return {
    count,
    frame: (number) => {
      const first = (number - 1) * bits;
      if (bits % 8 === 0) return bytes.subarray(offset + first / 8, offset + (first + bits) / 8);
      return shifted(bytes.subarray(offset, offset + length), first, bits);
    },
  };
}

/** Bits of a frame that begins inside a byte (PS3.5 8.1.1: single-bit frames follow each other without padding). */
function shifted(bytes: Uint8Array, firstBit: number, bits: number): Uint8Array {
  const result = new Uint8Array(Math.ceil(bits / 8));
  for (let bit = 0; bit < bits; bit += 1) {
    const at = firstBit + bit;
    if ((bytes[at >> 3]! >> (at & 7)) & 1) result[bit >> 3]! |= 1 << (bit & 7);
  }
  return result;
}

interface Fragment {
  /** Of its item header, counted from the first fragment's. */
  readonly position: number;
  readonly bytes: Uint8Array;
}

function encapsulated(bytes: Uint8Array, pixels: BulkValue, count: number): Frames {
  const [table, ...fragments] = readItems(bytes, pixels.offset);
  if (table === undefined || fragments.length === 0) throw damaged('its compressed pixel data have no fragment');
  const base = fragments[0]!.position;
  const groups = group(
    fragments.map((fragment) => ({ ...fragment, position: fragment.position - base })),
    offsetTable(table.bytes),
    count,
  );
  return { count, frame: (number) => joined(groups[number - 1]!) };
}

function readItems(bytes: Uint8Array, start: number): Fragment[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items: Fragment[] = [];
  for (let at = start; at + 8 <= bytes.length;) {
    const tag = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (tag === sequenceEnd) return items;
    if (tag !== itemTag || at + 8 + length > bytes.length) break;
    items.push({ position: at, bytes: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length;
  }
  throw damaged('its compressed pixel data end early');
}

function offsetTable(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getUint32(index * 4, true));
}

/** Fragments by frame: one each, all of one frame, or as the Basic Offset Table says (PS3.5 A.4). */
function group(fragments: readonly Fragment[], offsets: readonly number[], count: number): Fragment[][] {
  if (fragments.length === count) return fragments.map((fragment) => [fragment]);
  if (count === 1) return [[...fragments]];
  if (offsets.length !== count)
    throw damaged(`its ${fragments.length} fragments cannot be told apart into ${count} frames`);
  return offsets.map((from, index) => {
    const to = offsets[index + 1] ?? Infinity;
    const own = fragments.filter(({ position }) => position >= from && position < to);
    if (own.length === 0) throw damaged(`frame ${index + 1} has no fragment`);
    return own;
  });
}

function joined(fragments: readonly Fragment[]): Uint8Array {
  return fragments.length === 1 ? fragments[0]!.bytes : Buffer.concat(fragments.map(({ bytes }) => bytes));
}

function damaged(why: string): OverreadError {
  return new OverreadError('dicom.damaged', { why });
}
