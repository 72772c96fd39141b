import { bytesOf, numbersOf, textOf, type Attributes, type Dataset } from '../../dicom/index.ts';
import { notPresentable } from './presented-images.ts';

/** A lookup table of an image (LUT macro of PS3.3 C.11.1 and C.11.2). */
export interface LookupTable {
  readonly count: number;
  /** Input value of the first entry. */
  readonly first: number;
  /** Bits of an entry that count. */
  readonly bits: number;
  /** Entries as they are written: 16-bit words, little-endian, or bytes where there are 8 bits. */
  readonly data: Uint8Array;
  readonly explanation: string | null;
}

/** What a table is for, and whether its input values have a sign: an implicit VR does not say. */
export interface TableUse {
  readonly name: string;
  readonly signed: boolean;
}

/** @throws OverreadError `results.not-presentable` where the table is not whole, or its entries are not at hand. */
export function readTable(item: Attributes, { name, signed }: TableUse): LookupTable {
  const [entries, first, bits] = numbersOf(item, 'LUTDescriptor', 3) ?? [];
  if (entries === undefined || first === undefined || bits === undefined) {
    throw notPresentable(`the ${name} of the images has no descriptor`);
  }
  // The number of entries is unsigned whatever the VR of the three values; 0 stands for 65536.
  const count = (entries & 0xffff) === 0 ? 65536 : entries & 0xffff;
  const numbers = numbersOf(item, 'LUTData', count);
  const data = bytesOf(item, 'LUTData') ?? (numbers === null ? null : littleEndian(numbers));
  if (data === null) throw notPresentable(`the values of the ${name} of the images are not at hand`);
  if (data.length !== 2 * count && !(bits === 8 && data.length === count + (count % 2))) {
    throw notPresentable(`the ${name} of the images has ${data.length} bytes for ${count} entries`);
  }
  const start = signed && first > 0x7fff ? first - 0x10000 : first;
  return { count, first: start, bits, data, explanation: textOf(item, 'LUTExplanation') };
}

/** The item of a Modality LUT or VOI LUT Sequence. */
export function tableItem({ count, first, bits, data, explanation }: LookupTable): Dataset {
  // 65536 is said as 0; beside a negative first value all three are written as SS.
  const entries = first < 0 && count > 0x7fff ? count - 0x10000 : count;
  return {
    LUTDescriptor: [count === 0x10000 ? 0 : entries, first, bits],
    ...(explanation === null ? {} : { LUTExplanation: explanation }),
    LUTData: data,
  };
}

/**
 * A VOI table with entries of 16 bits, where it has between 8 and 16: a presentation state takes 8 or 16 (PS3.3
 * C.11.8.1). Its output counts by its share of the range alone, so that the picture stays the same.
 */
export function stretchedTable(table: LookupTable): LookupTable {
  const { bits, data } = table;
  if (bits <= 8 || bits >= 16) return table;
  const most = 2 ** bits - 1;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const entries = Array.from({ length: table.count }, (_, at) => Math.min(view.getUint16(2 * at, true), most));
  return { ...table, bits: 16, data: littleEndian(entries.map((entry) => Math.round((entry * 0xffff) / most))) };
}

function littleEndian(numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, index) => {
    view.setUint16(2 * index, number & 0xffff, true);
  });
  return bytes;
}
