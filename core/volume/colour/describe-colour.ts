import { integerOf, textOf, type Attributes } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { nameOf } from '../image-frame.ts';
import { paletteOf, type Palette } from './palette.ts';

/** How the stored values of an image in colour stand for red, green and blue (PS3.3 C.7.6.3.1.2). */
export type ColourForm =
  | { readonly kind: 'rgb'; readonly planar: boolean }
  /** Luminance and two differences of colour, each of full range. */
  | { readonly kind: 'ybr'; readonly planar: boolean }
  /** As `ybr`, two pixels to one pair of differences: Y Y Cb Cr. */
  | { readonly kind: 'ybr-422' }
  | { readonly kind: 'palette'; readonly palette: Palette };

/** Photometric interpretations of three samples; YBR_RCT and YBR_ICT exist inside JPEG 2000 only, whose decoders undo them. */
const threeSamples: Readonly<Record<string, 'rgb' | 'ybr' | 'ybr-422'>> = {
  RGB: 'rgb',
  YBR_RCT: 'rgb',
  YBR_ICT: 'rgb',
  YBR_FULL: 'ybr',
  YBR_FULL_422: 'ybr-422',
};

/** Whether an image is in colour, going by its photometric interpretation. */
export function isInColour(instance: Attributes): boolean {
  const photometric = textOf(instance, 'PhotometricInterpretation') ?? 'MONOCHROME2';
  return photometric in threeSamples || photometric === 'PALETTE COLOR';
}

/**
 * @param instance naturalized attributes of an image in colour
 * @throws OverreadError `volume.unsupported-pixels` for samples of other than 8 bits, and palettes that are not there in full
 */
export function describeColour(instance: Attributes): ColourForm {
  const name = nameOf(integerOf(instance, 'InstanceNumber'), null);
  const photometric = textOf(instance, 'PhotometricInterpretation') ?? '';
  if (photometric === 'PALETTE COLOR') {
    const palette = paletteOf(instance);
    if (palette !== null) return { kind: 'palette', palette };
    throw new OverreadError('volume.unsupported-pixels', { why: `the palette of ${name} cannot be read` });
  }
  const bits = integerOf(instance, 'BitsAllocated') ?? 8;
  if (bits !== 8) {
    throw new OverreadError('volume.unsupported-pixels', {
      why: `${name} has colours of ${bits} bits`,
      details: { bits },
    });
  }
  const kind = threeSamples[photometric] ?? 'rgb';
  const planar = integerOf(instance, 'PlanarConfiguration') === 1;
  return kind === 'ybr-422' ? { kind } : { kind, planar };
}
