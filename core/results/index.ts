export { encodeAnalysis } from './encode.ts';
export type { DicomObject, EncodeOptions, ObjectReference } from './object.ts';
