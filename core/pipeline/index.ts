export type { InferenceRuntime, InferenceSession, PlaceLimits, Tensor, TensorData } from './runtime.ts';
export { feedTensor, outputTensor } from './tensors.ts';
export { fittingRuntime } from './fitting.ts';
export { ruledOutBy, type FailedRun, type RuledOut } from './ruled-out.ts';
export { SessionKeeper } from './session-keeper.ts';
export { hasSmallerWindows, windowOf, withLargestWindows, type FittingModel, type TooLarge } from './window-choice.ts';
export { createGpuSession, gpuGraphVersion, type GpuGraph, type GpuSessionSettings } from './gpu-session.ts';
export type { Progress, ProgressListener, Stage } from './progress.ts';
export { analyse, type AnalyseOptions, type AnalyseRequest } from './analyse.ts';
export { refuseUnsupported } from './unsupported.ts';
export { MaskKeeper } from './masks/index.ts';
export { inputShapes, PreparedKeeper } from './prepare.ts';
export { runSelfTest, selfTestDifference, selfTestInput, selfTestPositions, selfTestValues } from './self-test.ts';
export {
  PromptSession,
  type Prompt,
  type PromptMask,
  type PromptOptions,
} from './prompt/index.ts';
export { explain, type ExplainRequest } from './classify/explain.ts';
