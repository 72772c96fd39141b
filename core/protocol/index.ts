export type { AnalysisDocument, ArrayReference } from './analysis-document.ts';
export {
  arrayFromBytes,
  arraysOf,
  arrayToBytes,
  packAnalysis,
  unpackAnalysis,
  type AnalysisArray,
  type PackedAnalysis,
} from './analysis-transport.ts';
export {
  analysisRequestSchema,
  analysisResultSchema,
  errorAnswerSchema,
  explanationRequestSchema,
  explanationResultSchema,
  healthSchema,
  jobEventSchema,
  jobStatusSchema,
  modelListSchema,
  type AnalysisRequest,
  type ExplanationRequest,
  type Health,
  type JobEvent,
  type JobStatus,
  type ModelList,
} from './http.ts';
export { packHeatMap, unpackHeatMap, type PackedHeatMap } from './explanation.ts';
export { parseMessage } from './parse.ts';
export { progressSchema } from './progress.ts';
export { errorFromWire, errorToWire, wireErrorSchema, type WireError } from './wire-error.ts';
export {
  workerReplySchema,
  workerRequestSchema,
  type PlaceOptions,
  type WorkerReply,
  type WorkerRequest,
} from './worker-messages.ts';
