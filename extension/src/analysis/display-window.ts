import { numbersOf, textOf } from '@overread/core/dicom';
import type { CapturedPixels } from '@overread/core/results';
import type { VolumeSamples } from '@overread/core/volume';

/** How many samples are looked at for the range of a series that names no window. */
const looked = 100_000;

/**
 * From black to white, in modality values: the first window that an image of the series names (PS3.3 C.11.2.1.2), else the
 * range of its values.
 * @param attributes Naturalized attributes of one image.
 */
export function displayWindow(
  attributes: Readonly<Record<string, unknown>>,
  samples: VolumeSamples,
): Pick<CapturedPixels, 'window' | 'inverted'> {
  const inverted = textOf(attributes, 'PhotometricInterpretation') === 'MONOCHROME1';
  const centre = numbersOf(attributes, 'WindowCenter')?.[0];
  const width = numbersOf(attributes, 'WindowWidth')?.[0];
  if (centre !== undefined && width !== undefined && width >= 1) return { window: { centre, width }, inverted };
  let [low, high] = [Infinity, -Infinity];
  const step = Math.max(1, Math.floor(samples.length / looked));
  for (let n = 0; n < samples.length; n += step) {
    low = Math.min(low, samples[n]!);
    high = Math.max(high, samples[n]!);
  }
  return high > low
    ? { window: { centre: (low + high) / 2, width: high - low }, inverted }
    : { window: { centre: samples[0] ?? 0, width: 1 }, inverted };
}
