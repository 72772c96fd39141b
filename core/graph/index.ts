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
export { inspectModel, type ModelReport, type ModelValue } from './inspect/inspect-model.ts';
export { fitFaults } from './fit/fit-faults.ts';
export { smallerWindows } from './fit/smaller-windows.ts';
export { decoderFaults } from './fit/decoder-faults.ts';
export { placements, type Placement, type Where } from './inspect/placement.ts';
export type { InputShapes } from './inference/infer.ts';
export { freeDimensions } from './inference/free-dimensions.ts';
export { memoryNeed, type MemoryNeed } from './inference/memory.ts';
export { divide, type Division } from './reach/divide.ts';
export { notFiniteLabel } from './passes/slab-labels.ts';
export { floatOutputs, usesType } from './inference/precision.ts';
export { rewriteForTarget, type RewriteOptions, type Rewritten, type Target } from './rewrite/target.ts';
export type { Applied, Skipped } from './rewrite/pass.ts';
export type { WatchedValue } from './passes/watched-labels.ts';
export { applyArgMax, type ArgMaxResult, type DetachedArgMax } from './passes/detached-arg-max.ts';
