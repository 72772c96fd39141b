import { integerOf, numbersOf, type Attributes } from '../../dicom/index.ts';
import { floatsOf } from './float-bytes.ts';

export type StoredValues = Float32Array | Float64Array | Uint16Array | Uint8Array;

/** The pixels of all frames as stored (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25), or why they cannot be read. */
export function storedValues(dataset: Attributes, count: number): StoredValues | string {
  for (const [keyword, width] of [
    ['FloatPixelData', 4],
    ['DoubleFloatPixelData', 8],
  ] as const) {
    const bytes = dataset[keyword];
    if (!(bytes instanceof Uint8Array)) continue;
    if (bytes.length !== count * width) return `its pixel data are ${bytes.length} bytes for ${count} values`;
    return floatsOf(bytes, width);
  }
  const bytes = dataset['PixelData'];
  if (!(bytes instanceof Uint8Array)) return 'its pixel data are missing or compressed';
  const bits = integerOf(dataset, 'BitsAllocated');
  if ((bits !== 8 && bits !== 16) || integerOf(dataset, 'PixelRepresentation') !== 0) {
    return 'its pixel data are neither floats nor unsigned integers of 8 or 16 bits';
  }
  const needed = (count * bits) / 8;
  // Odd lengths are padded by one byte.
  if (bytes.length !== needed + (needed % 2)) return `its pixel data are ${bytes.length} bytes for ${count} values`;
  if (bits === 8) return bytes.slice(0, count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: count }, (_, at) => view.getUint16(at * 2, true));
}

/**
 * Real world values of one frame (PS3.3 C.7.6.16.2.11), written into `values`.
 * @returns false where the mapping is missing or is a table instead of slope and intercept.
 */
export function frameValues(stored: StoredValues, mapping: Attributes | null, values: Float32Array): boolean {
  const slope = mapping === null ? undefined : numbersOf(mapping, 'RealWorldValueSlope')?.[0];
  const intercept = mapping === null ? undefined : numbersOf(mapping, 'RealWorldValueIntercept')?.[0];
  if (slope === undefined || intercept === undefined) return false;
  // The plain copy keeps every bit; `value * 1 + 0` would turn -0 into 0.
  if (slope === 1 && intercept === 0) values.set(stored);
  else stored.forEach((value, at) => (values[at] = value * slope + intercept));
  return true;
}
