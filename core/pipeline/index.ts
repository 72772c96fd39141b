export type { InferenceRuntime, InferenceSession, PlaceLimits, Tensor, TensorData } from './runtime.ts';
export { feedTensor, outputTensor } from './tensors.ts';
export { fittingRuntime } from './fitting.ts';
export { createGpuSession, type GpuGraph, type GpuSessionSettings } from './gpu-session.ts';
export type { Progress, ProgressListener, Stage } from './progress.ts';
export { analyse, type AnalyseOptions, type AnalyseRequest } from './analyse.ts';
export { MaskKeeper } from './masks/index.ts';
export { inputShapes } from './prepare.ts';
export { runSelfTest, selfTestDifference, selfTestInput, selfTestPositions, selfTestValues } from './self-test.ts';
