import { at } from './affine.ts';
import { indexToIndexMatrix } from './grid.ts';
import type { ResampleJob } from './resample-job.ts';
import type { GridSamples, Vec3 } from './types.ts';

/** Trilinear resampling between grids in any position to each other: eight source samples per target voxel. */
export function affineLinear(job: ResampleJob): void {
  const { samples, from, output } = job;
  forEachRow(job, (offset, count, start, step) => {
    linearRow(samples, from.dims, output, offset, count, start, step, job.outside);
  });
}

/** Nearest-neighbour resampling between grids in any position to each other. */
export function affineNearest(job: ResampleJob): void {
  const { samples, from, output } = job;
  forEachRow(job, (offset, count, start, step) => {
    nearestRow(samples, from.dims, output, offset, count, start, step, job.outside);
  });
}

/** Each target row: its place in the output, its length, the source index (fractional) of its first voxel and the step per voxel. */
export function forEachRow(
  job: Pick<ResampleJob, 'from' | 'to' | 'kStart' | 'kEnd'>,
  row: (offset: number, count: number, start: Vec3, step: Vec3) => void,
): void {
  const { from, to } = job;
  const matrix = indexToIndexMatrix(to, from);
  const [width, height] = to.dims;
  const step: Vec3 = [at(matrix, 0, 0), at(matrix, 1, 0), at(matrix, 2, 0)];
  const start = (r: number, j: number, k: number): number =>
    at(matrix, r, 1) * j + at(matrix, r, 2) * k + at(matrix, r, 3);
  for (let k = job.kStart; k < job.kEnd; k++) {
    for (let j = 0; j < height; j++) {
      const offset = ((k - job.kStart) * height + j) * width;
      row(offset, width, [start(0, j, k), start(1, j, k), start(2, j, k)], step);
    }
  }
}

/** What rounding may push a position over the outer edge, in source voxels. */
const edge = 1e-6;

function linearRow(
  samples: GridSamples,
  [ni, nj, nk]: Vec3,
  output: GridSamples,
  offset: number,
  count: number,
  [x0, y0, z0]: Vec3,
  [dx, dy, dz]: Vec3,
  outside: number,
): void {
  const low = -0.5 - edge;
  const [highX, highY, highZ] = [ni - 0.5 + edge, nj - 0.5 + edge, nk - 0.5 + edge];
  const plane = ni * nj;
  for (let n = 0; n < count; n++) {
    const px = x0 + n * dx;
    const py = y0 + n * dy;
    const pz = z0 + n * dz;
    if (!(px >= low && px <= highX && py >= low && py <= highY && pz >= low && pz <= highZ)) {
      output[offset + n] = outside;
      continue;
    }
    const x = px < 0 ? 0 : px > ni - 1 ? ni - 1 : px;
    const y = py < 0 ? 0 : py > nj - 1 ? nj - 1 : py;
    const z = pz < 0 ? 0 : pz > nk - 1 ? nk - 1 : pz;
    const i = Math.floor(x);
    const j = Math.floor(y);
    const k = Math.floor(z);
    // At the last voxel the weight is 0, and its neighbour is itself.
    const nextI = i < ni - 1 ? 1 : 0;
    const nextJ = j < nj - 1 ? ni : 0;
    const nextK = k < nk - 1 ? plane : 0;
    const u = x - i;
    const v = y - j;
    const w = z - k;
    const p = i + ni * (j + nj * k);
    const q = p + nextK;
    const a0 = samples[p]!;
    const a1 = samples[p + nextJ]!;
    const b0 = samples[q]!;
    const b1 = samples[q + nextJ]!;
    const a = lerp(lerp(a0, samples[p + nextI]!, u), lerp(a1, samples[p + nextJ + nextI]!, u), v);
    const b = lerp(lerp(b0, samples[q + nextI]!, u), lerp(b1, samples[q + nextJ + nextI]!, u), v);
    output[offset + n] = lerp(a, b, w);
  }
}

function lerp(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function nearestRow(
  samples: GridSamples,
  [ni, nj, nk]: Vec3,
  output: GridSamples,
  offset: number,
  count: number,
  [x0, y0, z0]: Vec3,
  [dx, dy, dz]: Vec3,
  outside: number,
): void {
  const low = -0.5 - edge;
  const [highX, highY, highZ] = [ni - 0.5 + edge, nj - 0.5 + edge, nk - 0.5 + edge];
  for (let n = 0; n < count; n++) {
    const x = x0 + n * dx;
    const y = y0 + n * dy;
    const z = z0 + n * dz;
    if (!(x >= low && x <= highX && y >= low && y <= highY && z >= low && z <= highZ)) {
      output[offset + n] = outside;
      continue;
    }
    const i = clampIndex(Math.floor(x + 0.5), ni);
    const j = clampIndex(Math.floor(y + 0.5), nj);
    const k = clampIndex(Math.floor(z + 0.5), nk);
    output[offset + n] = samples[i + ni * (j + nj * k)]!;
  }
}

function clampIndex(index: number, count: number): number {
  return index < 0 ? 0 : index >= count ? count - 1 : index;
}
