export type { InferenceRuntime, InferenceSession, Tensor, TensorData } from './runtime.ts';
export { outputTensor } from './output-tensor.ts';
export { createGpuSession, type GpuGraph } from './gpu-session.ts';
export type { Progress, ProgressListener, Stage } from './progress.ts';
export { analyse, type AnalyseOptions, type AnalyseRequest } from './analyse.ts';
export { MaskKeeper } from './masks/index.ts';
export { inputShapes } from './prepare.ts';
export { runSelfTest, selfTestInput, selfTestPositions, selfTestValues } from './self-test.ts';
