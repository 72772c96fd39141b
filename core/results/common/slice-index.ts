import { integerOf, textOf, type Attributes } from '../../dicom/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';

/** Slice index (0-based k) by image, for one series. */
export type SliceIndex = ReadonlyMap<string, number>;

const keyOf = (sopInstanceUID: string, frame: number | null) => `${sopInstanceUID}#${frame ?? 1}`;

export function sliceIndex(series: SeriesGeometry): SliceIndex {
  return new Map(series.slices.map((slice, k) => [keyOf(slice.sopInstanceUID, slice.frameNumber), k]));
}

/** Slice that an image reference names; null where it is none of the series. */
export function sliceOf(reference: Attributes | null, slices: SliceIndex): number | null {
  const uid = reference === null ? null : textOf(reference, 'ReferencedSOPInstanceUID');
  if (reference === null || uid === null) return null;
  return slices.get(keyOf(uid, integerOf(reference, 'ReferencedFrameNumber'))) ?? null;
}
