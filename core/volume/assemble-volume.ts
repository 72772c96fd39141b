import { integerOf, textOf, type Attributes } from '../dicom/index.ts';
import { OverreadError } from '../errors/index.ts';
import { voxelCount } from '../geometry/index.ts';
import { nameOf } from './image-frame.ts';
import { isWhole, paddingValueOf, writeSlice, type PixelValues } from './modality-values.ts';
import { describePixels, type PixelDescription } from './pixel-description.ts';
import type { SeriesGeometry, Volume } from './types.ts';

/** The pixels of one frame of a series. */
export interface FramePixels {
  /** Naturalized attributes of the instance. */
  readonly instance: Attributes;
  /** 1-based frame of a multi-frame instance, null for a single-frame one. */
  readonly frameNumber: number | null;
  /** Rows x Columns values, row by row. Copied, never kept. */
  readonly values: PixelValues;
  /** `stored`: as in PixelData, decoded. `modality`: after the modality transformation, as viewers cache them. */
  readonly scale: 'stored' | 'modality';
}

/** Fills a volume frame by frame, in any order, so that a server need not hold all decoded frames beside it. */
export interface VolumeAssembler {
  /** @throws OverreadError `runtime.out-of-memory`, `volume.frame-missing` (not of this series), `volume.pixel-count`, `volume.unsupported-pixels` */
  add(frame: FramePixels): void;
  /** @throws OverreadError `volume.frame-missing` where slices were not added. */
  finish(): Volume;
}

/**
 * A series as modality values, slices in order of k of `geometry`.
 *
 * Values are slope x stored + intercept of their own frame: int16 where slopes and intercepts are whole and every value
 * fits, else float32. The values decide, not the range that BitsStored allows: CT of 16 bits with an intercept of -1024
 * would never fit. MONOCHROME1 stays as it is: the photometric interpretation says how to show values, not what they
 * mean.
 * All values of a padding range become the one padding value of the volume.
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
  const sliceSize = geometry.grid.dims[0] * geometry.grid.dims[1];
  const sliceOf = new Map(geometry.slices.map((slice, k) => [frameKey(slice.sopInstanceUID, slice.frameNumber), k]));
  const descriptions = describeSlices(geometry, instances);
  const first = descriptions.find((description) => description !== undefined);
  const padding = firstPadding(descriptions);
  const added = new Set<number>();
  const startsInt16 = descriptions.every((description) => description === undefined || isWhole(description));
  const count = voxelCount(geometry.grid);
  let samples = allocate<Int16Array | Float32Array>(
    () => (startsInt16 ? new Int16Array(count) : new Float32Array(count)),
    count,
  );

  return {
    add({ instance, frameNumber, values, scale }) {
      const k = sliceOf.get(frameKey(textOf(instance, 'SOPInstanceUID') ?? '', frameNumber));
      const description = k === undefined ? undefined : descriptions[k];
      const name = nameOf(integerOf(instance, 'InstanceNumber'), frameNumber);
      if (k === undefined || !description) {
        throw new OverreadError('volume.frame-missing', { why: `${name} does not belong to the series` });
      }
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
      added.add(k);
    },
    finish() {
      const missing = geometry.slices.filter((_, k) => !added.has(k));
      if (missing.length > 0) {
        const names = missing.slice(0, 6).map((slice) => nameOf(slice.instanceNumber, slice.frameNumber));
        throw new OverreadError('volume.frame-missing', {
          why: `${missing.length} of ${geometry.slices.length} slices have no pixels (${names.join(', ')}${missing.length > 6 ? ', …' : ''})`,
          details: { missing: missing.length, slices: geometry.slices.length },
        });
      }
      return { ...geometry, samples, unit: first?.unit ?? '1', padding };
    },
  };
}

function allocate<T>(make: () => T, voxels: number): T {
  try {
    return make();
  } catch (cause) {
    throw new OverreadError('runtime.out-of-memory', {
      why: `there is no room for a volume of ${voxels} voxels`,
      details: { voxels },
      cause,
    });
  }
}

/** What the values of each slice mean, in order of k; undefined where its instance is not among those given. */
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

/** A viewer may call the only frame of a single-frame instance frame 1. */
function frameKey(sopInstanceUID: string, frameNumber: number | null): string {
  return `${sopInstanceUID} ${frameNumber ?? 1}`;
}
