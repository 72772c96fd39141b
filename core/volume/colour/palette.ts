import { numbersOf, type Attributes } from '../../dicom/index.ts';

/** What an index of a palette stands for: red, green and blue, 0 to 255, by index less `first`; indices beyond the ends stand for the ends. */
export interface Palette {
  readonly first: number;
  readonly red: Uint8Array;
  readonly green: Uint8Array;
  readonly blue: Uint8Array;
}

/** The palette of an image (PS3.3 C.7.6.3.1.5 and .6); null where its tables are not there in full, or in segments. */
export function paletteOf(instance: Attributes): Palette | null {
  const [red, green, blue] = ['Red', 'Green', 'Blue'].map((name) => tableOf(instance, name));
  if (!red || !green || !blue || red.first !== green.first || red.first !== blue.first) return null;
  return { first: red.first, red: red.values, green: green.values, blue: blue.values };
}

function tableOf(instance: Attributes, name: string): { readonly first: number; readonly values: Uint8Array } | null {
  const descriptor = numbersOf(instance, `${name}PaletteColorLookupTableDescriptor`, 3);
  const bytes = bytesOf(instance[`${name}PaletteColorLookupTableData`]);
  if (descriptor === null || bytes === null) return null;
  const [entries = 0, first = 0, bits = 16] = descriptor;
  // A count of 2^16 does not fit its 16 bits and is written as 0.
  const count = entries === 0 ? 0x10000 : entries;
  if (bytes.length >= 2 * count) return { first, values: highBytes(bytes, count, bits) };
  return bytes.length >= count ? { first, values: bytes.slice(0, count) } : null;
}

/** Of 16-bit words, little endian; some writers keep entries of 8 bits in the low half of words. */
function highBytes(bytes: Uint8Array, count: number, bits: number): Uint8Array {
  const words = Uint16Array.from({ length: count }, (_, n) => bytes[2 * n]! | (bytes[2 * n + 1]! << 8));
  const isLow = bits <= 8 || words.every((word) => word < 0x100);
  return Uint8Array.from(words, (word) => (isLow ? word & 0xff : word >> 8));
}

/** Bulk data as readers hand them out: bytes, a buffer, words, or a list of one of these. */
function bytesOf(value: unknown): Uint8Array | null {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return Array.isArray(value) && value.length === 1 ? bytesOf(value[0]) : null;
}
