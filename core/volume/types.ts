import type { Notice } from '../errors/index.ts';
import type { Grid } from '../geometry/index.ts';

/** Which image one slice of a volume came from. */
export interface SliceReference {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  /** 1-based frame of a multi-frame instance; null for a single-frame one. */
  readonly frameNumber: number | null;
  readonly instanceNumber: number | null;
}

export type VolumeSamples = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array;

/** The place of a series on disk and in space, known from its metadata alone. */
export interface SeriesGeometry {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly modality: string;
  readonly frameOfReferenceUID: string | null;
  /** Slices in order of k. */
  readonly slices: readonly SliceReference[];
  readonly grid: Grid;
  readonly warnings: readonly Notice[];
  /** True for images in colour; absent for greyscale. */
  readonly inColour?: true;
}

/**
 * One series as samples in space: modality values (after rescale), MONOCHROME1 not yet inverted for display
 * (values keep their meaning), padding kept and named.
 */
export interface Volume extends SeriesGeometry {
  readonly samples: VolumeSamples;
  /** What a sample means: `HU` for CT, `SUV`/`BQML`… where the source says so, else `1`. */
  readonly unit: string;
  /** Modality value (after rescale) of pixels outside the scanned field; null when the source names none. */
  readonly padding: number | null;
  /**
   * Modality values of the least and the greatest value that could be stored, where low values are shown bright (MONOCHROME1); absent where
   * they are shown dark.
   */
  readonly monochrome1?: readonly [low: number, high: number];
  /** Red, green and blue, 0 to 255, each on the grid, of a series in colour that was read as such; `samples` is then its luminance. */
  readonly colour?: readonly [Uint8Array, Uint8Array, Uint8Array];
}
