import { integerOf, textOf, type Attributes } from '../dicom/index.ts';
import { OverreadError } from '../errors/index.ts';
import { nameOf } from './image-frame.ts';
import type { PixelValues } from './modality-values.ts';
import type { SeriesGeometry, Volume } from './types.ts';

/** The pixels of one frame of a series. */
export interface FramePixels {
  /** Naturalized attributes of the instance. */
  readonly instance: Attributes;
  /** 1-based frame of a multi-frame instance, null for a single-frame one. */
  readonly frameNumber: number | null;
  /** Rows x Columns values, row by row; in colour as many more as the image has samples. Copied, never kept. */
  readonly values: PixelValues;
  /**
   * `stored`: as in PixelData, decoded. `modality`: after the modality transformation, as viewers cache them. `rgb`: red, green and blue of
   * each pixel one after the other, as decoders and viewers make them of any image in colour.
   */
  readonly scale: 'stored' | 'modality' | 'rgb';
}

/** Fills a volume frame by frame, in any order, so that a server need not hold all decoded frames beside it. */
export interface VolumeAssembler {
  /** @throws OverreadError `runtime.out-of-memory`, `volume.frame-missing` (not of this series), `volume.pixel-count`, `volume.unsupported-pixels` */
  add(frame: FramePixels): void;
  /** @throws OverreadError `volume.frame-missing` where slices were not added. */
  finish(): Volume;
}

/** Which frame is which slice, and which are there. */
export class SlicePlaces {
  readonly #geometry: SeriesGeometry;
  readonly #sliceOf: ReadonlyMap<string, number>;
  readonly #added = new Set<number>();

  constructor(geometry: SeriesGeometry) {
    this.#geometry = geometry;
    this.#sliceOf = new Map(
      geometry.slices.map(({ sopInstanceUID, frameNumber }, k) => [frameKey(sopInstanceUID, frameNumber), k]),
    );
  }

  /** @throws OverreadError `volume.frame-missing` for a frame of another series */
  of(instance: Attributes, frameNumber: number | null): { readonly k: number; readonly name: string } {
    const name = nameOf(integerOf(instance, 'InstanceNumber'), frameNumber);
    const k = this.#sliceOf.get(frameKey(textOf(instance, 'SOPInstanceUID') ?? '', frameNumber));
    if (k !== undefined) return { k, name };
    throw new OverreadError('volume.frame-missing', { why: `${name} does not belong to the series` });
  }

  done(k: number): void {
    this.#added.add(k);
  }

  /** @throws OverreadError `volume.frame-missing` that names them */
  expectAll(): void {
    const { slices } = this.#geometry;
    const missing = slices.filter((_, k) => !this.#added.has(k));
    if (missing.length === 0) return;
    const names = missing.slice(0, 6).map((slice) => nameOf(slice.instanceNumber, slice.frameNumber));
    throw new OverreadError('volume.frame-missing', {
      why: `${missing.length} of ${slices.length} slices have no pixels (${names.join(', ')}${missing.length > 6 ? ', …' : ''})`,
      details: { missing: missing.length, slices: slices.length },
    });
  }
}

/** @throws OverreadError `runtime.out-of-memory` with the number of voxels */
export function allocate<T>(make: () => T, voxels: number): T {
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

/** A viewer may call the only frame of a single-frame instance frame 1. */
function frameKey(sopInstanceUID: string, frameNumber: number | null): string {
  return `${sopInstanceUID} ${frameNumber ?? 1}`;
}
