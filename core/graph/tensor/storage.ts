import { elementTypeOf, elementTypes } from '../onnx/element-type.ts';
import type { TensorProto } from '../onnx/types.ts';
import { elementCount } from './shape.ts';

interface Count {
  readonly count: number;
  /** What is counted. */
  readonly unit: 'bytes' | 'values';
}

/** How much a tensor of this shape must hold where it keeps its values; null for element types that we do not know. */
export function expectedValues(tensor: TensorProto, shape: readonly number[]): Count | null {
  const type = elementTypeOf(tensor.dataType);
  if (type === null) return null;
  const elements = elementCount(shape);
  const { bits } = elementTypes[type];
  if (tensor.rawData !== undefined) {
    return bits === null ? { count: 0, unit: 'bytes' } : { count: Math.ceil((elements * bits) / 8), unit: 'bytes' };
  }
  if (type === 'complex64' || type === 'complex128') return { count: 2 * elements, unit: 'values' };
  // Two values of four bits share one entry.
  return { count: bits === 4 ? Math.ceil(elements / 2) : elements, unit: 'values' };
}

/** How much it does hold, in the same unit. */
export function storedValues(tensor: TensorProto): number {
  if (tensor.rawData !== undefined) return tensor.rawData.length;
  const type = elementTypeOf(tensor.dataType);
  return type === null ? 0 : tensor[elementTypes[type].list].length;
}
