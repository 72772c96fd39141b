import { elementTypeOf, type ElementType } from '../onnx/element-type.ts';
import type { ModelProto } from '../onnx/types.ts';
import { allTensors } from '../walk.ts';

/** Names of the outputs that hold floating-point numbers, single or half precision. */
export function floatOutputs(model: ModelProto): readonly string[] {
  const outputs = (model.graph?.output ?? []).filter(({ type }) => {
    const held = elementTypeOf(type?.tensorType?.elemType);
    return held === 'float32' || held === 'float16';
  });
  return outputs.map(({ name }) => name);
}

/** Whether a model reads, answers or holds values of this type. */
export function usesType(model: ModelProto, type: ElementType): boolean {
  const { input = [], output = [] } = model.graph ?? {};
  if ([...input, ...output].some((value) => elementTypeOf(value.type?.tensorType?.elemType) === type)) return true;
  for (const tensor of allTensors(model)) if (elementTypeOf(tensor.dataType) === type) return true;
  return false;
}
