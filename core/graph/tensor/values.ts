import { elementTypeOf, elementTypes } from '../onnx/element-type.ts';
import type { TensorProto } from '../onnx/types.ts';

/**
 * A tensor's values as little-endian bytes, row-major: what `rawData` holds or would hold; a view where it can be one.
 * Null for strings, types below a byte and types that we do not know.
 */
export function rawBytes(tensor: TensorProto): Uint8Array | null {
  const type = elementTypeOf(tensor.dataType);
  if (type === null) return null;
  const { bits, list } = elementTypes[type];
  if (bits === null || bits < 8) return null;
  if (tensor.rawData !== undefined) return tensor.rawData;
  const values = tensor[list];
  const stored = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const perValue = bits > 64 || type === 'complex64' ? bits / 16 : bits / 8;
  return narrowed(stored, values.BYTES_PER_ELEMENT, perValue);
}

/** The low bytes of each value: 16-bit types stand one by one in a list of int32. */
function narrowed(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return bytes;
  const narrow = new Uint8Array((bytes.length / from) * to);
  for (let source = 0, target = 0; source < bytes.length; source += from, target += to) {
    narrow.set(bytes.subarray(source, source + to), target);
  }
  return narrow;
}

/** Bytes of one element; null as for `rawBytes`. */
export function bytesPerElement(tensor: TensorProto): number | null {
  const type = elementTypeOf(tensor.dataType);
  const bits = type === null ? null : elementTypes[type].bits;
  return bits === null || bits < 8 ? null : bits / 8;
}
