import { integerOf, itemOf, numberOf, textOf, type Attributes } from '../dicom/index.ts';
import { OverreadError } from '../errors/index.ts';
import { macro, nameOf } from './image-frame.ts';

/** What the stored values of one frame mean (PS3.3 C.7.6.3, C.11.1, C.7.5.1.1.2). */
export interface PixelDescription {
  /** Modality value = slope x stored value + intercept. */
  readonly slope: number;
  readonly intercept: number;
  /** BitsStored and PixelRepresentation. */
  readonly bitsStored: number;
  readonly signed: boolean;
  /** Low values are shown bright. */
  readonly monochrome1: boolean;
  /** PixelPaddingValue to PixelPaddingRangeLimit, stored values, both ends included; `value` is PixelPaddingValue. */
  readonly padding: { readonly value: number; readonly low: number; readonly high: number } | null;
  /** What a modality value counts: `HU`, the Units of PET, RescaleType; `1` where nothing is said. */
  readonly unit: string;
}

/**
 * Reads it from a naturalized instance.
 * @param frameNumber 1-based frame of a multi-frame instance, null for a single-frame one
 * @throws OverreadError `volume.colour`, `volume.unsupported-pixels`
 */
export function describePixels(instance: Attributes, frameNumber: number | null): PixelDescription {
  const name = nameOf(integerOf(instance, 'InstanceNumber'), frameNumber);
  const photometric = textOf(instance, 'PhotometricInterpretation') ?? 'MONOCHROME2';
  const samplesPerPixel = integerOf(instance, 'SamplesPerPixel') ?? 1;
  if (samplesPerPixel !== 1 || !photometric.startsWith('MONOCHROME')) {
    throw new OverreadError('volume.colour', {
      why: `${name} is ${photometric} with ${samplesPerPixel} samples per pixel`,
      details: { photometricInterpretation: photometric, samplesPerPixel },
    });
  }
  const transformation = macro(instance, frameNumber, 'PixelValueTransformationSequence');
  if (itemOf(instance, 'ModalityLUTSequence')) {
    throw new OverreadError('volume.unsupported-pixels', {
      why: `${name} has a Modality LUT, a table in place of a slope and an intercept`,
    });
  }
  // A multi-frame instance of an old kind has them on its top level.
  const slope = numberOf(transformation, 'RescaleSlope') ?? numberOf(instance, 'RescaleSlope') ?? 1;
  const intercept = numberOf(transformation, 'RescaleIntercept') ?? numberOf(instance, 'RescaleIntercept') ?? 0;
  if (slope === 0) {
    throw new OverreadError('volume.unsupported-pixels', { why: `the RescaleSlope of ${name} is 0` });
  }
  const signed = integerOf(instance, 'PixelRepresentation') === 1;
  const bitsAllocated = integerOf(instance, 'BitsAllocated') ?? 16;
  return {
    slope,
    intercept,
    bitsStored: integerOf(instance, 'BitsStored') ?? bitsAllocated,
    signed,
    monochrome1: photometric === 'MONOCHROME1',
    padding: paddingOf(instance, signed, bitsAllocated),
    unit: unitOf(instance, textOf(transformation, 'RescaleType') ?? textOf(instance, 'RescaleType')),
  };
}

function paddingOf(instance: Attributes, signed: boolean, bits: number): PixelDescription['padding'] {
  const value = numberOf(instance, 'PixelPaddingValue');
  if (value === null) return null;
  // The VR of the attribute follows PixelRepresentation; readers that do not know it hand out the other reading.
  const repair = (number: number): number => {
    if (signed) return number >= 2 ** (bits - 1) ? number - 2 ** bits : number;
    return number < 0 ? number + 2 ** bits : number;
  };
  const [from, to] = [repair(value), repair(numberOf(instance, 'PixelPaddingRangeLimit') ?? value)];
  return { value: from, low: Math.min(from, to), high: Math.max(from, to) };
}

function unitOf(instance: Attributes, rescaleType: string | null): string {
  const modality = textOf(instance, 'Modality');
  // PS3.3 C.8.15.3.1.2: PET names its unit in Units (0054,1001). Never computed here: SUV needs dose and weight.
  if (modality === 'PT') return textOf(instance, 'Units') ?? '1';
  // PS3.3 C.8.2.1: CT is in HU unless RescaleType says otherwise; US means unspecified.
  if (rescaleType === null) return modality === 'CT' ? 'HU' : '1';
  return rescaleType === 'US' ? '1' : rescaleType;
}
