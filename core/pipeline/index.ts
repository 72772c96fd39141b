export type { InferenceRuntime, InferenceSession, Tensor, TensorData } from './runtime.ts';
export type { Progress, ProgressListener, Stage } from './progress.ts';
