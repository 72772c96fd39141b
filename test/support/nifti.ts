import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Matrix4, Vec3 } from '@overread/core/geometry';
import type { Volume } from '@overread/core/volume';

/** Datatype codes of NIfTI-1 (`datatype`, byte 70) that the samples use. */
const readers = { 2: Uint8Array, 4: Int16Array, 16: Float32Array } as const;

/**
 * A NIfTI-1 file (`.nii.gz`, little-endian, one volume, sform) as an MR volume. NIfTI's x and y grow to the right and to
 * the front; patient space here is LPS, so both change their sign.
 */
export function loadNifti(path: string): Volume {
  const file = gunzipSync(readFileSync(path));
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const dims: Vec3 = [view.getInt16(42, true), view.getInt16(44, true), view.getInt16(46, true)];
  const datatype = view.getInt16(70, true);
  if (!(datatype in readers)) throw new Error(`NIfTI datatype ${datatype} is not read here.`);
  const Samples = readers[datatype as keyof typeof readers];
  const start = file.byteOffset + view.getFloat32(108, true);
  const length = dims[0] * dims[1] * dims[2];
  const samples = new Samples(file.buffer.slice(start, start + length * Samples.BYTES_PER_ELEMENT));
  const row = (at: number, sign: 1 | -1): number[] =>
    [0, 4, 8, 12].map((offset) => sign * view.getFloat32(at + offset, true));
  const indexToWorld: Matrix4 = [...row(280, -1), ...row(296, -1), ...row(312, 1), 0, 0, 0, 1];
  return {
    studyInstanceUID: '2.25.1',
    seriesInstanceUID: '2.25.2',
    modality: 'MR',
    frameOfReferenceUID: '2.25.3',
    grid: { dims, indexToWorld },
    slices: Array.from({ length: dims[2] }, (_, k) => ({
      sopClassUID: '1.2.840.10008.5.1.4.1.1.4',
      sopInstanceUID: `2.25.4.${k + 1}`,
      frameNumber: null,
      instanceNumber: k + 1,
    })),
    warnings: [],
    samples,
    unit: '1',
    padding: null,
  };
}
