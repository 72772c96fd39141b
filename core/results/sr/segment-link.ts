import type { Analysis } from '../../analysis/index.ts';
import type { ObjectReference } from '../object.ts';
import { segmentNumbers } from '../seg/forms.ts';

/** The SEG that the documents refer to, with its own segment numbers. */
export interface SegmentLink {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  /** SegmentNumber in the SEG by value in the label maps. */
  readonly numbers: ReadonlyMap<number, number>;
}

export function segmentLink({ labelMaps }: Analysis, segmentation: ObjectReference | null): SegmentLink | null {
  if (segmentation === null || labelMaps.length === 0) return null;
  const { sopClassUID, sopInstanceUID } = segmentation;
  return { sopClassUID, sopInstanceUID, numbers: segmentNumbers(labelMaps, sopClassUID) };
}
