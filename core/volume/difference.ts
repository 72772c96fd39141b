import { textsOf, type Attributes } from '../dicom/index.ts';
import { macro, type ImageFrame } from './image-frame.ts';
import { someOf } from './problem.ts';

interface Candidate {
  readonly keyword: string;
  /** Functional group that holds it in a multi-frame instance. */
  readonly sequence: string;
  readonly inFrames?: string;
  /** Dates and times are named, their values not repeated. */
  readonly silent?: boolean;
}

/** What tells volumes at one place apart, most telling first. */
const candidates: readonly Candidate[] = [
  { keyword: 'EchoTime', sequence: 'MREchoSequence', inFrames: 'EffectiveEchoTime' },
  { keyword: 'EchoNumbers', sequence: 'MREchoSequence' },
  { keyword: 'DiffusionBValue', sequence: 'MRDiffusionSequence' },
  { keyword: 'TemporalPositionIdentifier', sequence: 'FrameContentSequence', inFrames: 'TemporalPositionIndex' },
  { keyword: 'TriggerTime', sequence: 'CardiacSynchronizationSequence', inFrames: 'NominalCardiacTriggerDelayTime' },
  { keyword: 'NominalPercentageOfCardiacPhase', sequence: 'CardiacSynchronizationSequence' },
  { keyword: 'InversionTime', sequence: 'MRModifierSequence', inFrames: 'InversionTimes' },
  { keyword: 'FlipAngle', sequence: 'MRTimingAndRelatedParametersSequence' },
  { keyword: 'ConvolutionKernel', sequence: 'CTReconstructionSequence' },
  { keyword: 'ImageType', sequence: 'MRImageFrameTypeSequence', inFrames: 'FrameType' },
  { keyword: 'StackID', sequence: 'FrameContentSequence' },
  { keyword: 'AcquisitionNumber', sequence: 'FrameContentSequence', inFrames: 'FrameAcquisitionNumber' },
  { keyword: 'FrameReferenceTime', sequence: 'FrameContentSequence', inFrames: 'FrameReferenceDateTime', silent: true },
  { keyword: 'AcquisitionTime', sequence: 'FrameContentSequence', inFrames: 'FrameAcquisitionDateTime', silent: true },
  { keyword: 'ContentTime', sequence: 'FrameContentSequence', silent: true },
];

/** What frames at one place differ in, in words with the values; null where their headers tell no difference. */
export function differenceOf(frames: readonly ImageFrame[]): string | null {
  const found: string[] = [];
  let telling = false;
  for (const candidate of candidates) {
    // A time differs between any two images: it is worth a word only where nothing else differs.
    if (candidate.silent && telling) break;
    const values = frames.map((frame) => valueOf(frame, candidate));
    const distinct = [...new Set(values)].filter((value) => value !== '');
    if (distinct.length < 2) continue;
    found.push(candidate.silent ? candidate.keyword : `${candidate.keyword} (${someOf(distinct, 4)})`);
    telling = true;
  }
  return found.length > 0 ? found.slice(0, 3).join(', ') : null;
}

function valueOf(frame: ImageFrame, { keyword, sequence, inFrames = keyword }: Candidate): string {
  const { frameNumber } = frame.reference;
  const attributes: Attributes = macro(frame.instance, frameNumber, sequence);
  const values = textsOf(attributes, frameNumber === null ? keyword : inFrames);
  return values.join('\\');
}
