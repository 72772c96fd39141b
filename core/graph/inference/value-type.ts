import { elementTypeOf, type ElementType } from '../onnx/element-type.ts';
import type { TensorProto, ValueInfoProto } from '../onnx/types.ts';
import { shapeOf } from '../tensor/shape.ts';

/** Null: free, or not known. */
export type Extent = number | null;

/** What is known of a value without running the graph. */
export interface ValueType {
  readonly type: ElementType | null;
  /** Null: not even the rank is known. */
  readonly shape: readonly Extent[] | null;
}

export const unknownValue: ValueType = { type: null, shape: null };

export function declaredType(value: ValueInfoProto): ValueType {
  const tensor = value.type?.tensorType;
  const shape = tensor?.shape?.dim.map(({ dimValue }) => extentOf(dimValue)) ?? null;
  return { type: elementTypeOf(tensor?.elemType), shape };
}

export function tensorType(tensor: TensorProto): ValueType {
  return { type: elementTypeOf(tensor.dataType), shape: shapeOf(tensor) };
}

/** Where both know something they agree; what one knows fills what the other does not. */
export function merged(first: ValueType, second: ValueType): ValueType {
  const a = first.shape;
  const b = second.shape;
  const shape = a?.length === b?.length ? (a?.map((extent, at) => extent ?? b?.[at] ?? null) ?? null) : (a ?? b);
  return { type: first.type ?? second.type, shape };
}

/** Some writers say 0 for a free extent, others a negative number. */
function extentOf(value: bigint | undefined): Extent {
  return value !== undefined && value > 0n && value <= 2n ** 31n ? Number(value) : null;
}
