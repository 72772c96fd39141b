import { bytesOf, textOf, type Dataset } from '../../dicom/index.ts';
import { notPresentable, type PresentedSlice } from './presented-images.ts';
import { srgbProfile } from './srgb-profile.ts';

const grayscale: readonly (string | null)[] = ['MONOCHROME1', 'MONOCHROME2'];
const colour: readonly (string | null)[] = [
  'RGB',
  'PALETTE COLOR',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_PARTIAL_420',
  'YBR_ICT',
  'YBR_RCT',
  'XYB',
];

/** @throws OverreadError `results.not-presentable` where the image does not say how its samples are meant. */
export function isColour({ attributes }: PresentedSlice): boolean {
  const photometric = textOf(attributes, 'PhotometricInterpretation');
  if (grayscale.includes(photometric)) return false;
  if (colour.includes(photometric)) return true;
  throw notPresentable(`the images are ${photometric ?? 'of no photometric interpretation'}`);
}

/**
 * ICC Profile (PS3.3 C.11.15) of an image: its own, else sRGB, which is what displays take an image for that names none.
 * A colour presentation state has no lookup tables.
 */
export function colourTransform({ attributes }: PresentedSlice): Dataset {
  const space = textOf(attributes, 'ColorSpace');
  const own = bytesOf(attributes, 'ICCProfile');
  if (own === null) return { ICCProfile: srgbProfile(), ColorSpace: 'SRGB' };
  return { ICCProfile: own, ...(space === null ? {} : { ColorSpace: space }) };
}
