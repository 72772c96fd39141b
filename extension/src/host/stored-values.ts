import type { VolumeSamples } from '@overread/core/volume';
import type { CornerstoneImage, ImageSamples, PreScale } from './cornerstone.ts';

/**
 * The one rule by which voxels are read: what the file stores, recovered exactly, and rescaled once by us.
 *
 * The viewer's image loader scales on load, into a type chosen from the smallest and largest value: integers where those
 * two happen to be whole (a fractional slope then loses the values between), float32 elsewhere, and for PT it multiplies by
 * an SUV factor as well. A CPU-rendered image is swapped for a 16-bit form quantised to its range. What DICOM stores is an
 * integer, so an exact inverse can be told from a lossy one: the values it gives are integers.
 */

/** What was scaled, how: `scaled = suv * (stored * slope + intercept)`. */
interface Scaling {
  readonly slope: number;
  readonly intercept: number;
  readonly suv: number;
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
 * @returns null where they cannot be told exactly; the image must then be loaded unscaled.
 */
export function storedValues(pixels: ImageSamples, preScale: PreScale | undefined): VolumeSamples | null {
  if (preScale?.scalingParameters === undefined || preScale.enabled === false) {
    return preScale?.scaled === true ? null : copy(pixels);
  }
  // Parameters without the mark: the data was swapped after scaling, for display.
  if (preScale.scaled !== true) return null;
  const scaling = scalingOf(preScale.scalingParameters);
  if (scaling === null) return null;
  return pixels instanceof Float32Array ? fromFloats(pixels, scaling) : fromIntegers(pixels, scaling);
}

function scalingOf(parameters: NonNullable<PreScale['scalingParameters']>): Scaling | null {
  const { modality, suvbw, doseGridScaling, rescaleSlope: slope = 1, rescaleIntercept: intercept = 0 } = parameters;
  if (modality === 'RTDOSE' && doseGridScaling !== undefined) return { slope: doseGridScaling, intercept: 0, suv: 1 };
  const suv = modality === 'PT' && suvbw !== undefined && !Number.isNaN(suvbw) ? suvbw : 1;
  return slope !== 0 && suv !== 0 && Number.isFinite(slope * suv) && Number.isFinite(intercept)
    ? { slope, intercept, suv }
    : null;
}

/** Whole numbers scaled by whole numbers: nothing was lost. Anything fractional was cut off. */
function fromIntegers(pixels: ImageSamples, { slope, intercept, suv }: Scaling): VolumeSamples | null {
  if (!Number.isInteger(slope) || !Number.isInteger(intercept) || suv !== 1) return null;
  const stored = new Int32Array(pixels.length);
  for (let n = 0; n < stored.length; n++) stored[n] = (pixels[n]! - intercept) / slope;
  return stored;
}

/** float32 has 24 bits: stored integers of 16 bits come back exactly unless the intercept dwarfs the slope. */
function fromFloats(pixels: Float32Array, { slope, intercept, suv }: Scaling): VolumeSamples | null {
  const stored = new Int32Array(pixels.length);
  const factor = 1 / (slope * suv);
  const offset = intercept / slope;
  let worst = 0;
  for (let n = 0; n < stored.length; n++) {
    const value = pixels[n]! * factor - offset;
    const whole = Math.round(value);
    const error = Math.abs(value - whole);
    // `!(<=)` so that NaN counts as an error.
    if (!(error <= worst)) worst = error;
    stored[n] = whole;
  }
  return worst <= 0.125 ? stored : null;
}

function copy(pixels: ImageSamples): VolumeSamples {
  if (pixels instanceof Uint8ClampedArray) return new Uint8Array(pixels);
  if (pixels instanceof Uint32Array) return Int32Array.from(pixels);
  return pixels.slice();
}
