import { textOf, type Attributes, type Dataset } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import type { SliceReference } from '../../volume/index.ts';

/** An instance that the presentation state applies to, with its attributes. */
export interface PresentedImage {
  readonly slices: readonly SliceReference[];
  readonly attributes: Attributes;
}

/** @throws OverreadError `results.not-presentable` where the attributes of an image are not at hand. */
export function presentedReferences(
  slices: readonly SliceReference[],
  images: readonly Attributes[],
): readonly PresentedImage[] {
  const byUID = new Map(images.map((attributes) => [textOf(attributes, 'SOPInstanceUID'), attributes]));
  return byInstance(slices).map((own) => {
    const uid = own[0].sopInstanceUID;
    const attributes = byUID.get(uid);
    if (attributes === undefined) {
      throw new OverreadError('results.not-presentable', { why: `the attributes of image ${uid} are missing` });
    }
    return { slices: own, attributes };
  });
}

/** Items of a Referenced Image Sequence: one per instance, its frames together (PS3.3 table 10-3). */
export function referencesTo(slices: readonly SliceReference[]): readonly Dataset[] {
  return byInstance(slices).map((own) => {
    const frames = own.map((slice) => slice.frameNumber).filter((frame) => frame !== null);
    return {
      ReferencedSOPClassUID: own[0].sopClassUID,
      ReferencedSOPInstanceUID: own[0].sopInstanceUID,
      ...(frames.length === 0 ? {} : { ReferencedFrameNumber: frames }),
    };
  });
}

type OneOrMore<T> = [T, ...T[]];

function byInstance(slices: readonly SliceReference[]): readonly OneOrMore<SliceReference>[] {
  const found = new Map<string, OneOrMore<SliceReference>>();
  for (const slice of slices) {
    const own = found.get(slice.sopInstanceUID);
    if (own === undefined) found.set(slice.sopInstanceUID, [slice]);
    else own.push(slice);
  }
  return [...found.values()];
}
