import { textOf, type Attributes, type Dataset } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import type { SliceReference } from '../../volume/index.ts';

/** An image, or one frame of it, that a presentation state applies to. */
export interface PresentedSlice {
  readonly slice: SliceReference;
  /** Of the whole instance. */
  readonly attributes: Attributes;
}

/** @throws OverreadError `results.not-presentable` where the attributes of an image are not at hand. */
export function presentedSlices(
  slices: readonly SliceReference[],
  images: readonly Attributes[],
): readonly PresentedSlice[] {
  const byUID = new Map(images.map((attributes) => [textOf(attributes, 'SOPInstanceUID'), attributes]));
  return slices.map((slice) => {
    const attributes = byUID.get(slice.sopInstanceUID);
    if (attributes === undefined) throw notPresentable(`the attributes of image ${slice.sopInstanceUID} are missing`);
    return { slice, attributes };
  });
}

/** Items of a Referenced Image Sequence: one per instance, its frames together (PS3.3 table 10-3). */
export function referencesTo(slices: readonly SliceReference[]): readonly Dataset[] {
  const instances = new Map<string, SliceReference[]>();
  for (const slice of slices) {
    const own = instances.get(slice.sopInstanceUID);
    if (own === undefined) instances.set(slice.sopInstanceUID, [slice]);
    else own.push(slice);
  }
  return [...instances].map(([sopInstanceUID, own]) => {
    const frames = own.map((slice) => slice.frameNumber).filter((frame) => frame !== null);
    return {
      ReferencedSOPClassUID: own[0]?.sopClassUID ?? null,
      ReferencedSOPInstanceUID: sopInstanceUID,
      ...(frames.length === 0 ? {} : { ReferencedFrameNumber: frames }),
    };
  });
}

export function notPresentable(why: string): OverreadError {
  return new OverreadError('results.not-presentable', { why });
}
