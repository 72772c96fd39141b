import type { Vec3 } from '@overread/core/geometry';

/** What one call of a shader works on; the fields of `Job` in shaders.ts, in order. What a shader does not read may be left out. */
export interface Job {
  readonly channels: number;
  readonly channel?: number;
  readonly slice?: number;
  readonly row?: number;
  readonly skipped?: Vec3;
  readonly half?: boolean;
  readonly start?: Vec3;
  readonly window?: number;
  readonly size?: Vec3;
  readonly highest: boolean;
  readonly dims: Vec3;
  readonly axis: number;
  readonly thickness: number;
  readonly carried: number;
  readonly least: number;
  readonly cut: number;
  readonly values?: number;
}

export const jobBytes = 112;

/** A job as the shaders read it. */
export function jobWords(job: Job): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(jobBytes / 4);
  const floats = new Float32Array(words.buffer);
  const { channel = 0, slice = 0, row = 0, skipped = [0, 0, 0], half = false } = job;
  const { start = [0, 0, 0], window = 0, size = [0, 0, 0], values = 0 } = job;
  words.set([job.channels, channel, slice, row]);
  words.set([...skipped, Number(half), ...start, window, ...size, Number(job.highest)], 4);
  words.set([...job.dims, job.axis, job.thickness, job.carried], 16);
  floats.set([job.least, job.cut], 22);
  words.set([values], 24);
  return words;
}
