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
  const dims = tensor?.shape?.dim;
  const shape = dims === undefined || dims.length > mostAxes ? null : dims.map(({ dimValue }) => extentOf(dimValue));
  return { type: elementTypeOf(tensor?.elemType), shape };
}

export function tensorType(tensor: TensorProto): ValueType {
  return { type: elementTypeOf(tensor.dataType), shape: tensor.dims.length > mostAxes ? null : shapeOf(tensor) };
}

/** Where both know something they agree; what one knows fills what the other does not. */
export function merged(first: ValueType, second: ValueType): ValueType {
  const a = first.shape;
  const b = second.shape;
  const shape = a?.length === b?.length ? (a?.map((extent, at) => extent ?? b?.[at] ?? null) ?? null) : (a ?? b);
  return { type: first.type ?? second.type, shape };
}

/** Shapes and extents that no tensor has are not known: attributes of a damaged file add and multiply to anything. */
export function sound({ type, shape }: ValueType): ValueType {
  if (shape !== null && shape.length > mostAxes) return { type, shape: null };
  const isSound = (extent: Extent): boolean =>
    extent === null || (Number.isInteger(extent) && extent >= 0 && extent <= mostExtent);
  if (shape === null || shape.every(isSound)) return { type, shape };
  return { type, shape: shape.map((extent) => (isSound(extent) ? extent : null)) };
}

/** ONNX Runtime's own limits lie far below. */
const mostExtent = 2 ** 40;
/** NumPy's own limit; a chain of Unsqueeze grows without one. */
const mostAxes = 64;

/** Some writers say 0 for a free extent, others a negative number. */
function extentOf(value: bigint | undefined): Extent {
  return value !== undefined && value > 0n && value <= 2n ** 31n ? Number(value) : null;
}
