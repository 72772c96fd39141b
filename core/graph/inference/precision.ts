import { elementTypeOf, type ElementType } from '../onnx/element-type.ts';
import type { ModelProto } from '../onnx/types.ts';
import { allTensors } from '../walk.ts';

/** Whether a model reads, answers or holds values of this type. */
export function usesType(model: ModelProto, type: ElementType): boolean {
  const { input = [], output = [] } = model.graph ?? {};
  if ([...input, ...output].some((value) => elementTypeOf(value.type?.tensorType?.elemType) === type)) return true;
  for (const tensor of allTensors(model)) if (elementTypeOf(tensor.dataType) === type) return true;
  return false;
}
