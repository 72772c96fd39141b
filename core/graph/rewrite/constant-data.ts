import { elementTypeOf, type ElementType } from '../onnx/element-type.ts';
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

/** Null where the value is not constant, or of a type that cannot be rearranged byte by byte. */
export function constantData(edit: GraphEdit, name: string | undefined): ConstantData | null {
  const tensor = edit.constant(name);
  if (tensor === null) return null;
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

/** Weights that a rewrite would blow up beyond this are left alone; real layers stay far below. */
const largestWeights = 2 ** 30;

/** Whether a tensor of this shape may be made; the extents come from a file that nobody vouches for. */
export function affordable(shape: readonly number[], bytesPerElement: number): boolean {
  return shape.reduce((product, extent) => product * extent, bytesPerElement) <= largestWeights;
}
