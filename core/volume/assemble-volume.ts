import { textOf, type Attributes } from '../dicom/index.ts';
import { OverreadError } from '../errors/index.ts';
import { voxelCount } from '../geometry/index.ts';
import { createColourAssembler } from './colour/assemble-colour.ts';
import { isWhole, paddingValueOf, storedRange, writeSlice } from './modality-values.ts';
import { describePixels, type PixelDescription } from './pixel-description.ts';
import { allocate, SlicePlaces, type FramePixels, type VolumeAssembler } from './slice-places.ts';
import type { SeriesGeometry, Volume } from './types.ts';

/**
 * A series as modality values, slices in order of k of `geometry`.
 *
 * Values are slope x stored + intercept of their own frame: int16 where slopes and intercepts are whole and every value
 * fits, else float32. The values decide, not the range that BitsStored allows: CT of 16 bits with an intercept of -1024
 * would never fit. MONOCHROME1 stays as it is, and is named: the photometric interpretation says how to show values, not
 * what they mean.
 * All values of a padding range become the one padding value of the volume.
 * Of a series in colour: red, green and blue, and as samples their luminance.
 * @throws OverreadError `volume.frame-missing`, `volume.pixel-count`, `volume.unsupported-pixels`, `runtime.out-of-memory`
 */
export function assembleVolume(geometry: SeriesGeometry, frames: readonly FramePixels[]): Volume {
  const assembler = createVolumeAssembler(
    geometry,
    frames.map((frame) => frame.instance),
  );
  for (const frame of frames) assembler.add(frame);
  return assembler.finish();
}

/**
 * @param geometry from `describeSeries`
 * @param instances naturalized attributes of every instance of the series: the type of the samples depends on all
 */
export function createVolumeAssembler(geometry: SeriesGeometry, instances: readonly Attributes[]): VolumeAssembler {
  if (geometry.inColour === true) return createColourAssembler(geometry);
  const places = new SlicePlaces(geometry);
  const sliceSize = geometry.grid.dims[0] * geometry.grid.dims[1];
  const descriptions = describeSlices(geometry, instances);
  const first = descriptions.find((description) => description !== undefined);
  const padding = firstPadding(descriptions);
  const startsInt16 = descriptions.every((description) => description === undefined || isWhole(description));
  const count = voxelCount(geometry.grid);
  let samples = allocate<Int16Array | Float32Array>(
    () => (startsInt16 ? new Int16Array(count) : new Float32Array(count)),
    count,
  );

  return {
    add({ instance, frameNumber, values, scale }) {
      const { k, name } = places.of(instance, frameNumber);
      const description = descriptions[k];
      if (!description)
        throw new OverreadError('volume.frame-missing', { why: `${name} does not belong to the series` });
      if (scale === 'rgb') throw new OverreadError('volume.colour', { why: `${name} came in colour` });
      if (values.length !== sliceSize) {
        throw new OverreadError('volume.pixel-count', {
          why: `${name} has ${values.length} pixels instead of ${sliceSize}`,
          details: { found: values.length, expected: sliceSize, slice: k },
        });
      }
      const slice = { values, scale, description, padding };
      let fits = writeSlice(samples, k * sliceSize, slice);
      if (!fits && samples instanceof Int16Array) {
        // A value that int16 cannot hold: never wrapped, the whole volume becomes float32.
        const whole = samples;
        samples = allocate(() => new Float32Array(whole), count);
        fits = writeSlice(samples, k * sliceSize, slice);
      }
      if (!fits) {
        throw new OverreadError('volume.unsupported-pixels', { why: `${name} holds values that are no numbers` });
      }
      places.done(k);
    },
    finish() {
      places.expectAll();
      return { ...geometry, samples, unit: first?.unit ?? '1', padding, ...brightLow(descriptions) };
    },
  };
}

/** What each slice's values mean, in order of k; undefined where its instance is not among those given. */
function describeSlices(
  geometry: SeriesGeometry,
  instances: readonly Attributes[],
): readonly (PixelDescription | undefined)[] {
  const byUID = new Map(instances.map((instance) => [textOf(instance, 'SOPInstanceUID'), instance]));
  return geometry.slices.map(({ sopInstanceUID, frameNumber }) => {
    const instance = byUID.get(sopInstanceUID);
    return instance && describePixels(instance, frameNumber);
  });
}

function firstPadding(descriptions: readonly (PixelDescription | undefined)[]): number | null {
  const padded = descriptions.find((description) => description?.padding);
  return padded ? paddingValueOf(padded) : null;
}

/**
 * The range that MONOCHROME1 is turned in.
 * @throws OverreadError `volume.unsupported-pixels` where some images of the series are shown the other way round
 */
function brightLow(descriptions: readonly (PixelDescription | undefined)[]): Pick<Volume, 'monochrome1'> {
  const known = descriptions.filter((description) => description !== undefined);
  const turned = known.filter(({ monochrome1 }) => monochrome1);
  if (turned.length === 0) return {};
  if (turned.length < known.length) {
    throw new OverreadError('volume.unsupported-pixels', {
      why: `${turned.length} of ${known.length} images are MONOCHROME1, the others MONOCHROME2`,
    });
  }
  const ranges = turned.map(storedRange);
  return { monochrome1: [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))] };
}
