import type { LabelMap } from '../../analysis/index.ts';
import { sopClasses, type Dataset } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import type { SegmentationKind } from '../object.ts';
import { findPresent, packFrames, type PackedFrames } from './frames.ts';

/** How a label map is laid down in a SEG. */
export interface SegmentationForm {
  readonly sopClassUID: string;
  readonly packed: PackedFrames;
  /** What the image and segmentation modules say about the pixels. */
  readonly attributes: Dataset;
  /** SegmentNumber of a segment, by its place in the label maps. */
  readonly numberOf: (value: number, ordinal: number) => number;
}

/** Fractions by value in the label map: 0 to 1 on its grid. */
export type Probabilities = ReadonlyMap<number, Float32Array>;

/** @throws OverreadError `results.inconsistent` where labels or probabilities contradict the segments. */
export function formOf(
  kind: SegmentationKind,
  layers: readonly LabelMap[],
  probabilities: Probabilities,
): SegmentationForm {
  switch (kind) {
    case 'binary':
      return {
        sopClassUID: sopClasses.segmentation,
        packed: packFrames(layers),
        attributes: { ...bits(1), SegmentationType: 'BINARY', SegmentsOverlap: overlap(layers) ? 'YES' : 'NO' },
        numberOf: (_, ordinal) => ordinal,
      };
    case 'labelmap':
      return {
        sopClassUID: sopClasses.labelMapSegmentation,
        packed: labelFrames(onlyLayer(layers)),
        attributes: { ...bits(8), SegmentationType: 'LABELMAP', SegmentsOverlap: 'NO', PixelPaddingValue: 0 },
        numberOf: (value) => value,
      };
    case 'fractional':
      return {
        sopClassUID: sopClasses.segmentation,
        packed: fractionFrames(onlyLayer(layers), probabilities),
        attributes: {
          ...bits(8),
          SegmentationType: 'FRACTIONAL',
          SegmentationFractionalType: 'PROBABILITY',
          MaximumFractionalValue: whole,
          SegmentsOverlap: probabilities.size > 0 ? 'UNDEFINED' : 'NO',
        },
        numberOf: (_, ordinal) => ordinal,
      };
  }
}

/** The value that stands for certainty. */
const whole = 255;

const bits = (count: 1 | 8): Dataset => ({ BitsAllocated: count, BitsStored: count, HighBit: count - 1 });

/** Whether a voxel has segments in two of the maps. */
function overlap(layers: readonly LabelMap[]): boolean {
  const [first, ...others] = layers.map(({ labels }) => labels);
  if (first === undefined || others.length === 0) return false;
  return others.some((labels, n) =>
    labels.some((label, v) => label !== 0 && (first[v] !== 0 || others.slice(0, n).some((other) => other[v] !== 0))),
  );
}

function onlyLayer(layers: readonly LabelMap[]): LabelMap {
  const [layer, ...more] = layers;
  if (layer !== undefined && more.length === 0) return layer;
  throw new OverreadError('results.inconsistent', { why: 'overlapping segments are written as binary ones only' });
}

/** The slices that have a label, as they are. */
function labelFrames({ grid, labels }: LabelMap): PackedFrames {
  const size = grid.dims[0] * grid.dims[1];
  const present = Array.from({ length: grid.dims[2] }, (_, k) => k).filter((k) =>
    labels.subarray(k * size, (k + 1) * size).some((label) => label !== 0),
  );
  const used = present.length === 0 ? [0] : present;
  const pixelData = new Uint8Array(evenLength(used.length * size));
  used.forEach((k, frame) => pixelData.set(labels.subarray(k * size, (k + 1) * size), frame * size));
  return { frames: used.map((k) => ({ segment: null, k })), pixelData };
}

/** A byte per pixel for each segment and slice that has any of it. Without probabilities a label is certain. */
function fractionFrames(labelMap: LabelMap, probabilities: Probabilities): PackedFrames {
  const { grid, labels, segments } = labelMap;
  const size = grid.dims[0] * grid.dims[1];
  const present = findPresent(labels, size, grid.dims[2]);
  const kept: { readonly segment: number; readonly k: number; readonly pixels: Uint8Array }[] = [];
  segments.forEach(({ number }, index) => {
    const values = probabilities.get(number);
    if (values !== undefined) checkFractions(values, labels.length, number);
    for (let k = 0; k < grid.dims[2]; k++) {
      if (values === undefined && present[number * grid.dims[2] + k] !== 1) continue;
      const from = k * size;
      const pixels =
        values === undefined
          ? labels.subarray(from, from + size).map((label) => (label === number ? whole : 0))
          : Uint8Array.from(values.subarray(from, from + size), (value) => Math.round(value * whole));
      if (pixels.some((pixel) => pixel !== 0)) kept.push({ segment: index + 1, k, pixels });
    }
  });
  if (kept.length === 0) kept.push({ segment: 1, k: 0, pixels: new Uint8Array(size) });
  const pixelData = new Uint8Array(evenLength(kept.length * size));
  kept.forEach(({ pixels }, frame) => {
    pixelData.set(pixels, frame * size);
  });
  return { frames: kept.map(({ segment, k }) => ({ segment, k })), pixelData };
}

function checkFractions(values: Float32Array, voxels: number, number: number): void {
  if (values.length !== voxels) {
    throw new OverreadError('results.inconsistent', { why: `${values.length} probabilities for ${voxels} voxels` });
  }
  if (!values.every((value) => value >= 0 && value <= 1)) {
    throw new OverreadError('results.inconsistent', { why: `a probability of segment ${number} is not from 0 to 1` });
  }
}

const evenLength = (length: number) => length + (length % 2);
