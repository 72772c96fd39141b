import type { PixelDescription } from './pixel-description.ts';

/** Decoded values of one frame, in whatever array the decoder or viewer has them. */
export type PixelValues =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export interface SliceValues {
  readonly values: PixelValues;
  readonly scale: 'stored' | 'modality';
  readonly description: PixelDescription;
  /** The padding value of the whole volume (modality value). */
  readonly padding: number | null;
}

/** True where every modality value is a whole number, so that int16 can hold all it has room for. */
export function isWhole({ slope, intercept }: PixelDescription): boolean {
  return Number.isInteger(slope) && Number.isInteger(intercept);
}

/** The modality values of the least and the greatest value that the stored bits can hold. */
export function storedRange({ slope, intercept, bitsStored, signed }: PixelDescription): readonly [number, number] {
  const low = signed ? -(2 ** (bitsStored - 1)) : 0;
  const ends = [low, low + 2 ** bitsStored - 1].map((stored) => stored * slope + intercept);
  return [Math.min(...ends), Math.max(...ends)];
}

/** The modality value of PixelPaddingValue; null where the header names none. */
export function paddingValueOf({ padding, slope, intercept }: PixelDescription): number | null {
  return padding && padding.value * slope + intercept;
}

/**
 * Writes one slice as modality values at `offset`.
 * @returns false where a value does not fit the target (int16), or is no finite number (float32); the slice is then half written
 */
export function writeSlice(target: Int16Array | Float32Array, offset: number, slice: SliceValues): boolean {
  const { description, scale } = slice;
  const values = scale === 'stored' ? asStored(slice.values, description) : slice.values;
  const [slope, intercept] = scale === 'stored' ? [description.slope, description.intercept] : [1, 0];
  const signBit = scale === 'stored' ? unextendedSign(values, description) : Infinity;
  const range = paddingRange(slice);
  if (target instanceof Int16Array && values instanceof Int16Array && slope === 1 && intercept === 0) {
    if (signBit === Infinity && !range) {
      target.set(values, offset);
      return true;
    }
  }
  const transform: Transform = { slope, intercept, signBit, range, padding: slice.padding ?? 0 };
  return target instanceof Int16Array
    ? writeInt16(target, offset, values, transform)
    : writeFloat32(target, offset, values, transform);
}

interface Transform {
  readonly slope: number;
  readonly intercept: number;
  /** Stored values from here to twice this are negative ones whose sign was not extended; Infinity where there are none. */
  readonly signBit: number;
  /** Modality values that are padding, where they must be told apart. */
  readonly range: { readonly low: number; readonly high: number } | null;
  readonly padding: number;
}

function writeInt16(target: Int16Array, offset: number, values: PixelValues, transform: Transform): boolean {
  const { slope, intercept, signBit, range, padding } = transform;
  for (let n = 0; n < values.length; n++) {
    const stored = values[n]!;
    const meant = stored >= signBit && stored < 2 * signBit ? stored - 2 * signBit : stored;
    let value = meant * slope + intercept;
    if (range && value >= range.low && value <= range.high) value = padding;
    if (!isInt16(value)) return false;
    target[offset + n] = value;
  }
  return true;
}

function writeFloat32(target: Float32Array, offset: number, values: PixelValues, transform: Transform): boolean {
  const { slope, intercept, signBit, range, padding } = transform;
  for (let n = 0; n < values.length; n++) {
    const stored = values[n]!;
    const meant = stored >= signBit && stored < 2 * signBit ? stored - 2 * signBit : stored;
    let value = meant * slope + intercept;
    if (range && value >= range.low && value <= range.high) value = padding;
    if (!Number.isFinite(value)) return false;
    target[offset + n] = value;
  }
  return true;
}

function isInt16(value: number): boolean {
  return (value << 16) >> 16 === value;
}

/** Decoders hand out signed values in unsigned arrays and the other way round: the header decides. */
function asStored(values: PixelValues, { signed }: PixelDescription): PixelValues {
  const view = [values.buffer as ArrayBuffer, values.byteOffset, values.length] as const;
  if (signed && values instanceof Uint16Array) return new Int16Array(...view);
  if (signed && (values instanceof Uint8Array || values instanceof Uint8ClampedArray)) return new Int8Array(...view);
  if (!signed && values instanceof Int16Array) return new Uint16Array(...view);
  if (!signed && values instanceof Int8Array) return new Uint8Array(...view);
  return values;
}

/**
 * Where a signed value has fewer bits than its array, PS3.5 section 8.1.1 leaves the bits above it open, and writers
 * leave them 0. A value that fills the array's upper bits (a padding value out of range, say) keeps its own sign.
 */
function unextendedSign(values: PixelValues, { signed, bitsStored }: PixelDescription): number {
  const bits = 8 * values.BYTES_PER_ELEMENT;
  const isInteger = !(values instanceof Float32Array || values instanceof Float64Array);
  return signed && isInteger && bitsStored < bits ? 2 ** (bitsStored - 1) : Infinity;
}

/** Padding needs a look at each value only where it is a range, or where the slice's own rescale moves it. */
function paddingRange({ description, padding }: SliceValues): Transform['range'] {
  const own = description.padding;
  if (!own || padding === null) return null;
  if (own.low === own.high && paddingValueOf(description) === padding) return null;
  const ends = [own.low, own.high].map((stored) => stored * description.slope + description.intercept);
  return { low: Math.min(...ends), high: Math.max(...ends) };
}
