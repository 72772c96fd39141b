import { elementTypeOf } from '../onnx/element-type.ts';
import type { TensorProto } from '../onnx/types.ts';
import { storedValues } from './storage.ts';
import { rawBytes } from './values.ts';

/** Longer ones are data, not settings. */
const most = 64;

/** A short constant's values as numbers (axes, sizes, scales); null where it is long, absent or of another type. */
export function numbersOf(tensor: TensorProto | undefined): readonly number[] | null {
  // Counted first: making bytes of a long list takes time, each time it is read.
  if (tensor === undefined || storedValues(tensor) > most * 8) return null;
  const bytes = rawBytes(tensor);
  if (bytes === null || bytes.length > most * 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = elementTypeOf(tensor.dataType);
  if (type === 'int64') return listOf(bytes.length / 8, (at) => Number(view.getBigInt64(8 * at, true)));
  if (type === 'int32') return listOf(bytes.length / 4, (at) => view.getInt32(4 * at, true));
  return type === 'float32' ? listOf(bytes.length / 4, (at) => view.getFloat32(4 * at, true)) : null;
}

/** As `numbersOf`, of whole numbers only: axes and shapes, which a file may say as floats all the same. */
export function integersOf(tensor: TensorProto | undefined): readonly number[] | null {
  const numbers = numbersOf(tensor);
  return numbers?.every(Number.isSafeInteger) === true ? numbers : null;
}

function listOf(length: number, value: (at: number) => number): readonly number[] {
  return Array.from({ length: Math.floor(length) }, (_, at) => value(at));
}
