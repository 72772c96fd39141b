export type { InferenceRuntime, InferenceSession, PlaceLimits, Tensor, TensorData } from './runtime.ts';
export type { DeviceLabels, LabelledOutput } from './device-labels.ts';
export { labelledNames } from './collect/index.ts';
export { labelCollector } from './collect/labels.ts';
export { notFiniteIn, viewOf } from './collect/output-view.ts';
export type { Window } from './windows/window.ts';
export { toFloat16 } from './float16.ts';
export { feedTensor, outputTensor } from './tensors.ts';
export { fittingRuntime } from './fitting.ts';
export { ruledOutBy, type FailedRun, type RuledOut } from './ruled-out.ts';
export { SessionKeeper } from './session-keeper.ts';
export { hasSmallerWindows, windowOf, withLargestWindows, type FittingModel, type TooLarge } from './window-choice.ts';
export { createGpuSession, type GpuGraph, type GpuSessionSettings } from './gpu-session.ts';
export { rewritingVersion } from './graph-tools.ts';
export { createProcessorSession } from './processor-session.ts';
export type { Progress, ProgressListener, Stage } from './progress.ts';
export { TimeKeeper } from './time-keeper.ts';
export { analyse, type AnalyseOptions, type AnalyseRequest } from './analyse.ts';
export { refuseUnsupported } from './unsupported.ts';
export { MaskKeeper } from './masks/index.ts';
export { inputShapes, PreparedKeeper } from './prepare.ts';
export {
  otherOutputs,
  recordedSelfTest,
  runSelfTest,
  selfTestDifferences,
  selfTestInput,
  selfTestPositions,
  type SelfTestDifference,
} from './self-test/index.ts';
export { PromptSession, type Prompt, type PromptMask, type PromptOptions } from './prompt/index.ts';
export { explain, type ExplainRequest } from './classify/explain.ts';
