export { GraphBuilder, type BuilderOptions } from './builder.ts';
export { float, type AttributeValue } from './attribute.ts';
export type { Attributes, Dimension } from './create.ts';
export { elementTypes, elementTypeOf, type ElementType } from './onnx/element-type.ts';
export type {
  AttributeProto,
  FunctionProto,
  GraphProto,
  ModelProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from './onnx/types.ts';
export type { TensorValues } from './tensor/create.ts';
export { defaultLimits, type GraphLimits } from './limits.ts';
export { readModel } from './read-model.ts';
export { writeModel } from './write-model.ts';
