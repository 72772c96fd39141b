export { encodeAnalysis } from './encode.ts';
export { decodeResults, type DecodedResults, type StoredAnalysis } from './decode.ts';
export { segmentNumbers } from './seg/segment-numbers.ts';
export { copiedKeywords } from './common/source-modules.ts';
export type { Graphic, OtherFinding, OtherReport, OtherSegmentation, Remark, SegmentFractions } from './other.ts';
export type {
  CapturedPixels,
  DicomObject,
  EncodeOptions,
  ObjectKind,
  ObjectReference,
  PresentedImages,
  SegmentationKind,
  StoredSegmentation,
  Verification,
} from './object.ts';
export {
  checkObject,
  checkRules,
  type Breach,
  type CheckReport,
  type RuleSummary,
  type Severity,
} from './check/index.ts';
