import { writePart10 } from '@overread/core/dicom';
import { selfTestInput } from '@overread/core/pipeline';
import type { Vec3 } from '@overread/core/geometry';
import { ctSeries, type CtSeries, type CtSeriesOptions } from './ct-series.ts';

export interface PixelSeries extends CtSeries {
  /** Modality values (HU) in order of i, j, k. */
  readonly values: Int16Array;
  /** The images as Part 10 files, uncompressed. */
  readonly files: () => readonly Uint8Array[];
}

/** A CT series of a phantom with seeded structure in its pixels, -1000 to 1000 HU. */
export function pixelSeries(dims: Vec3, options: Omit<CtSeriesOptions, 'dims'> = {}): PixelSeries {
  const series = ctSeries({ ...options, dims });
  const [ni, nj, nk] = dims;
  const values = Int16Array.from(selfTestInput(5, [1, 1, nk, nj, ni], [-1000, 1000]), Math.round);
  const stored = values.map((value) => value + 1024);
  const files = () =>
    series.datasets.map((dataset, k) => {
      const slice = stored.slice(k * ni * nj, (k + 1) * ni * nj);
      return writePart10({ ...dataset, PixelData: new Uint8Array(slice.buffer) });
    });
  return { ...series, values, files };
}
