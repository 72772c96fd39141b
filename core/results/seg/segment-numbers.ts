import type { LabelMap } from '../../analysis/index.ts';
import { sopClasses } from '../../dicom/index.ts';

/** SegmentNumbers in what is stored: a label map keeps its values, the others count their segments from 1. */
export function segmentNumbers(layers: readonly LabelMap[], sopClassUID: string): ReadonlyMap<number, number> {
  const kept = sopClassUID === sopClasses.labelMapSegmentation;
  const segments = layers.flatMap((layer) => layer.segments);
  return new Map(segments.map((segment, index) => [segment.number, kept ? segment.number : index + 1]));
}
