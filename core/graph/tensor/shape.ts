import type { TensorProto } from '../onnx/types.ts';

/** Dimensions as numbers; null where one is negative or the element count is beyond what a number holds exactly. */
export function shapeOf(tensor: TensorProto): readonly number[] | null {
  const shape = Array.from(tensor.dims, Number);
  const possible = shape.every((extent) => extent >= 0 && Number.isSafeInteger(extent));
  return possible && Number.isSafeInteger(elementCount(shape)) ? shape : null;
}

/** 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  // A zero first, or a huge extent beside it would make infinity times zero.
  return shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
}
