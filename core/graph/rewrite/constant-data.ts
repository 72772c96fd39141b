import { elementTypeOf, type ElementType } from '../onnx/element-type.ts';
import type { TensorProto } from '../onnx/types.ts';
import { shapeOf } from '../tensor/shape.ts';
import { bytesPerElement, rawBytes } from '../tensor/values.ts';
import type { GraphEdit } from './edit.ts';

/** A constant's values as bytes, ready to be rearranged whatever their type. */
export interface ConstantData {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array;
  readonly bytesPerElement: number;
}

/** Read once each: bytes of what stands in a list have to be made, and many nodes may share one tensor. */
const read = new WeakMap<TensorProto, ConstantData | null>();

/** Null where the value is not constant, or of a type that cannot be rearranged byte by byte. */
export function constantData(edit: GraphEdit, name: string | undefined): ConstantData | null {
  const tensor = edit.constant(name);
  if (tensor === null) return null;
  const known = read.get(tensor);
  if (known !== undefined) return known;
  const data = dataOf(tensor);
  read.set(tensor, data);
  return data;
}

function dataOf(tensor: TensorProto): ConstantData | null {
  const type = elementTypeOf(tensor.dataType);
  const shape = shapeOf(tensor);
  const bytes = rawBytes(tensor);
  const size = bytesPerElement(tensor);
  return type === null || shape === null || bytes === null || size === null
    ? null
    : { type, shape, bytes, bytesPerElement: size };
}

/** The optional bias of a convolution, one value per output channel; `none` where it has none, null where it is unusable. */
export function biasData(edit: GraphEdit, name: string | undefined, channels: number): ConstantData | 'none' | null {
  if (name === undefined || name === '') return 'none';
  const bias = constantData(edit, name);
  return bias?.bytes.length === channels * (bias?.bytesPerElement ?? 0) ? bias : null;
}
