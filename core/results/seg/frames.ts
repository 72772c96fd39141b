import type { LabelMap } from '../../analysis/index.ts';
import type { DrawnBytes } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { findBit, setBits, type BitView } from './bit-runs.ts';
import { runEnd, visitRuns, visitRunsTwice, type LabelView, type RunVisitor } from './label-runs.ts';
import { emptyFramesFor, type Presence } from './empty-frames.ts';

/** One frame of a SEG: a segment on a slice, or a slice of a label map. */
export interface SegFrame {
  /** SegmentNumber, 1-based, in the SEG; null where the frame holds all segments. */
  readonly segment: number | null;
  /** Slice index, 0-based. */
  readonly k: number;
}

export interface PackedFrames {
  /** By segment, then by slice; only where the segment has a voxel, but for those of `emptyFramesFor`. */
  readonly frames: readonly SegFrame[];
  /** Frames one after the other, padded to an even length at the end. */
  readonly pixelData: Uint8Array | DrawnBytes;
}

/**
 * Label maps to binary frames: one bit per pixel, lowest bit first, no padding between frames (PS3.5 section 8.1.1).
 * Segment numbers follow the order of the segments, label map by label map. Without any voxel there is still one empty
 * frame, since an image needs at least one.
 * @throws OverreadError `results.inconsistent` where the sizes disagree, and, when drawn, where a label has no segment.
 */
export function packFrames(layers: readonly LabelMap[]): PackedFrames {
  const surveys = layers.map(surveyOf);
  const extra = emptyFramesFor(surveys);
  const frames: SegFrame[] = [];
  let segment = 0;
  const drawings = surveys.map((survey, index) => {
    const { slices, numbers, present } = survey;
    const frameOf = new Int32Array(256 * slices).fill(-1);
    for (const number of numbers) {
      segment++;
      for (let k = 0; k < slices; k++) {
        const at = number * slices + k;
        if (present[at] !== 1 && extra[index]?.has(at) !== true) continue;
        frameOf[at] = frames.length;
        frames.push({ segment, k });
      }
    }
    return { survey, frameOf };
  });
  if (frames.length === 0) frames.push({ segment: 1, k: 0 });
  const [ni, nj] = layers[0]?.grid.dims ?? [0, 0];
  const draw = (target: Uint8Array) => {
    for (const { survey, frameOf } of drawings) packLabels(survey, frameOf, target);
  };
  return { frames, pixelData: { byteLength: Math.ceil((frames.length * ni * nj) / 16) * 2, draw } };
}

/** Where the segments of a label map are. */
interface Survey extends Presence {
  readonly visitRuns: (visit: RunVisitor) => void;
}

/** @throws OverreadError `results.inconsistent` where labels and grid differ in size. */
function surveyOf({ grid, labels, segments }: LabelMap): Survey {
  const [ni, nj, nk] = grid.dims;
  if (labels.length !== ni * nj * nk) {
    throw new OverreadError('results.inconsistent', { why: `${labels.length} labels for ${ni * nj * nk} voxels` });
  }
  const present = new Uint8Array(256 * nk);
  const visitAgain = visitRunsTwice(labels, ni * nj, nk, (label, k) => (present[label * nk + k] = 1));
  return { size: ni * nj, slices: nk, numbers: segments.map(({ number }) => number), present, visitRuns: visitAgain };
}

/** Sets the bits of every label in its frame. @param frameOf Frame at `label * nk + k`, -1 where there is none. */
function packLabels({ size, slices, visitRuns: visit }: Survey, frameOf: Int32Array, pixelData: Uint8Array): void {
  visit((label, k, from, end) => {
    const frame = frameOf[label * slices + k] ?? -1;
    if (frame < 0) throw new OverreadError('results.inconsistent', { why: `label ${label} has no segment` });
    const bit = (frame * size) % 8;
    setBits(pixelData, Math.floor((frame * size) / 8), bit + from - k * size, bit + end - k * size);
  });
}

/** 1 at `label * nk + k` where slice k holds the label. */
export function findPresent(labels: Uint8Array, size: number, nk: number): Uint8Array {
  const present = new Uint8Array(256 * nk);
  visitRuns(labels, size, nk, (label, k) => (present[label * nk + k] = 1));
  return present;
}

/** A run of pixels: `length` bits from bit `first`, onto as many labels from `start`. */
export interface PixelRun {
  readonly first: number;
  readonly start: number;
  readonly length: number;
}

/** Sets `label` where the bits of a run are 1. */
export function drawBits(bits: BitView, { first, start, length }: PixelRun, labels: Uint8Array, label: number): void {
  const shift = start - first;
  const end = first + length;
  for (let from = findBit(bits, first, end, 1); from < end;) {
    const to = findBit(bits, from, end, 0);
    if (to - from > 16) labels.fill(label, from + shift, to + shift);
    else for (let at = from + shift; at < to + shift; at++) labels[at] = label;
    from = findBit(bits, to, end, 1);
  }
}

/** Whether a bit of a run is 1 where there is a label already. */
export function touchesLabels(bits: BitView, { first, start, length }: PixelRun, view: LabelView): boolean {
  const shift = start - first;
  const end = first + length;
  for (let from = findBit(bits, first, end, 1); from < end;) {
    const to = findBit(bits, from, end, 0);
    if (runEnd(view, from + shift, to + shift, 0) < to + shift) return true;
    from = findBit(bits, to, end, 1);
  }
  return false;
}
