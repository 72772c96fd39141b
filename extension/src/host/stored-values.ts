import type { VolumeSamples } from '@overread/core/volume';
import type { CornerstoneImage, ImageSamples, PreScale } from './cornerstone.ts';

/**
 * The one rule by which voxels are read: what the file stores, recovered exactly, and rescaled once by us. What cannot be
 * proven exact is not taken from the cache but loaded once more, unscaled.
 *
 * The viewer's image loader scales on load, and what it then keeps may have lost values without a sign of it: cut to
 * integers where the smallest and the largest scaled value happen to be whole (in a volume those come back as float32),
 * wrapped into int16 where a volume was promised to be that, quantised to 16 bits for rendering without a GPU, and for PT
 * multiplied by an SUV factor.
 */

/** What was scaled, how: `scaled = suv * (stored * slope + intercept)`. */
interface Scaling {
  readonly slope: number;
  readonly intercept: number;
  readonly suv: number;
}

/** BitsAllocated and PixelRepresentation: which values the file can hold at all. */
export interface StoredRange {
  readonly bitsAllocated: number;
  readonly signed: boolean;
}

/** The image's pixels in full resolution, or null where what is cached is something else (a preview, another size, colour). */
export function usablePixels(image: CornerstoneImage, rows: number, columns: number): ImageSamples | null {
  const fullResolution = image.imageQualityStatus === undefined || image.imageQualityStatus >= 8;
  if (!fullResolution || image.rows !== rows || image.columns !== columns) return null;
  if (image.color === true || (image.numberOfComponents ?? 1) !== 1) return null;
  const pixels = image.voxelManager?.getScalarData() ?? image.getPixelData();
  return pixels.length === rows * columns ? pixels : null;
}

/**
 * Stored values out of an image as the viewer holds it, in an array of our own.
 * @returns null where they cannot be told exactly.
 */
export function storedValues(
  pixels: ImageSamples,
  preScale: PreScale | undefined,
  range: StoredRange,
): VolumeSamples | null {
  if (preScale?.scaled !== true) {
    // Parameters without the mark: the data was swapped after scaling, for display.
    const isSwapped = preScale?.scalingParameters !== undefined && preScale.enabled !== false;
    return isSwapped || !isWithin(pixels, range) ? null : asStored(pixels);
  }
  const scaling = scalingOf(preScale.scalingParameters);
  if (scaling === null) return null;
  const stored = unscaled(pixels, scaling);
  if (stored === null || !isWithin(stored, range)) return null;
  const isWhole = Math.abs(scaling.slope) === 1 && scaling.suv === 1 && Number.isInteger(scaling.intercept);
  // Whole steps lose nothing but by wrapping, which lands outside the range. In other steps a value with a fraction
  // proves that this image was never cut to integers; an image without one proves nothing.
  return isWhole || hasFraction(pixels) ? stored : null;
}

function scalingOf(parameters: PreScale['scalingParameters']): Scaling | null {
  if (parameters === undefined) return null;
  const { modality, suvbw, doseGridScaling, rescaleSlope: slope = 1, rescaleIntercept: intercept = 0 } = parameters;
  if (modality === 'RTDOSE' && doseGridScaling !== undefined) return { slope: doseGridScaling, intercept: 0, suv: 1 };
  const suv = modality === 'PT' && suvbw !== undefined && !Number.isNaN(suvbw) ? suvbw : 1;
  const isUsable = slope !== 0 && suv !== 0 && Number.isFinite(slope * suv) && Number.isFinite(intercept);
  return isUsable ? { slope, intercept, suv } : null;
}

/**
 * The scaling undone. What is stored is whole, so a value that does not come out whole shows that the inverse is not exact:
 * float32 keeps 24 bits, enough for 16 stored ones unless the intercept dwarfs the slope.
 */
function unscaled(pixels: ImageSamples, { slope, intercept, suv }: Scaling): Int32Array | null {
  const stored = new Int32Array(pixels.length);
  const factor = 1 / (slope * suv);
  const offset = intercept / slope;
  for (let n = 0; n < stored.length; n++) {
    const value = pixels[n]! * factor - offset;
    const whole = Math.round(value);
    // `!(<=)` so that NaN counts as an error.
    if (!(Math.abs(value - whole) <= 0.125)) return null;
    stored[n] = whole;
  }
  return stored;
}

function isWithin(values: ImageSamples, { bitsAllocated, signed }: StoredRange): boolean {
  const low = signed ? -(2 ** (bitsAllocated - 1)) : 0;
  const high = low + 2 ** bitsAllocated - 1;
  for (let n = 0; n < values.length; n++) {
    if (!(values[n]! >= low && values[n]! <= high)) return false;
  }
  return true;
}

function hasFraction(pixels: ImageSamples): boolean {
  return pixels instanceof Float32Array && pixels.some((value) => !Number.isInteger(value));
}

/** Values of an image that was loaded unscaled, in an array of our own. */
export function asStored(pixels: ImageSamples): VolumeSamples {
  if (pixels instanceof Uint8ClampedArray) return new Uint8Array(pixels);
  if (pixels instanceof Uint32Array) return Int32Array.from(pixels);
  return pixels.slice();
}
