import { axisMaps, type AxisMap, type AxisMaps } from '../axis-map.ts';
import type { ResampleJob } from '../resample-job.ts';
import { forEachRow } from '../resample-affine.ts';
import type { Vec3 } from '../types.ts';
import { mapAxes } from '../vector.ts';
import { RIM, type SplineCoefficients } from './coefficients.ts';
import { splineWeights } from './weights.ts';

/** What is sampled: coefficients in place of samples. */
export type SplineJob = Omit<ResampleJob, 'samples'> & { readonly coefficients: SplineCoefficients };

/** Cubic B-spline resampling between grids in any position to each other. */
export function sampleSpline(job: SplineJob): void {
  const maps = axisMaps(job.from, job.to);
  if (maps === null) affineSpline(job);
  else alignedSpline(job, maps);
}

/** What rounding may push a position over the outer edge, in source voxels. */
const edge = 1e-6;

function affineSpline(job: SplineJob): void {
  forEachRow(job, (offset, count, start, step) => splineRow(job, offset, count, start, step));
}

/** 64 coefficients per voxel. */
function splineRow(
  { coefficients: { data, dims }, from, output, outside }: SplineJob,
  offset: number,
  count: number,
  [x0, y0, z0]: Vec3,
  [dx, dy, dz]: Vec3,
): void {
  const low = -0.5 - edge;
  const [highX, highY, highZ] = mapAxes((axis) => from.dims[axis] - 0.5 + edge);
  const [ni, nj] = dims;
  const [u, v, w] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
  for (let n = 0; n < count; n++) {
    const x = x0 + n * dx;
    const y = y0 + n * dy;
    const z = z0 + n * dz;
    if (!(x >= low && x <= highX && y >= low && y <= highY && z >= low && z <= highZ)) {
      output[offset + n] = outside;
      continue;
    }
    const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    splineWeights(x - i, u);
    splineWeights(y - j, v);
    splineWeights(z - k, w);
    // Coefficients begin RIM before the samples, the first B-spline one before the voxel.
    const first = ((k + RIM - 1) * nj + j + RIM - 1) * ni + i + RIM - 1;
    let sum = 0;
    for (let c = 0; c < 4; c++) {
      let inPlane = 0;
      for (let b = 0; b < 4; b++) {
        const at = first + (c * nj + b) * ni;
        inPlane += v[b]! * (u[0]! * data[at]! + u[1]! * data[at + 1]! + u[2]! * data[at + 2]! + u[3]! * data[at + 3]!);
      }
      sum += w[c]! * inPlane;
    }
    output[offset + n] = sum;
  }
}

/** Along shared axes: a slice of coefficients is mixed over k, a row of it over j, a voxel of that over i. */
function alignedSpline(job: SplineJob, [alongI, alongJ, alongK]: AxisMaps): void {
  const { output, outside, to, coefficients } = job;
  const [width, height] = to.dims;
  const strides: Vec3 = [1, coefficients.dims[0], coefficients.dims[0] * coefficients.dims[1]];
  const [i, j, k] = [tapsOf(alongI), tapsOf(alongJ), tapsOf(alongK)];
  const [countI, countJ] = [coefficients.dims[alongI.sourceAxis], coefficients.dims[alongJ.sourceAxis]];
  const slice = new Float32Array(countI * countJ);
  const row = new Float32Array(countI);
  for (let n = job.kStart; n < job.kEnd; n++) {
    const base = (n - job.kStart) * width * height;
    output.fill(outside, base, base + width * height);
    if (n < alongK.begin || n >= alongK.end) continue;
    mixSlice(coefficients.data, slice, countI, strides[alongI.sourceAxis], strides[alongJ.sourceAxis], strides[alongK.sourceAxis], k.first[n]!, k.weights.subarray(4 * n, 4 * n + 4)); // prettier-ignore
    for (let m = alongJ.begin; m < alongJ.end; m++) {
      mixRows(slice, row, j.first[m]!, j.weights.subarray(4 * m, 4 * m + 4));
      const at = base + m * width;
      mixVoxels(row, i, alongI.begin, output.subarray(at + alongI.begin, at + alongI.end));
    }
  }
}

interface Taps {
  /** Per target index: the first of the four coefficients. */
  readonly first: Int32Array;
  /** Four per target index. */
  readonly weights: Float32Array;
}

function tapsOf({ position }: AxisMap): Taps {
  const taps = { first: new Int32Array(position.length), weights: new Float32Array(4 * position.length) };
  const weights = new Float64Array(4);
  position.forEach((place, index) => {
    const voxel = Math.floor(place);
    splineWeights(place - voxel, weights);
    taps.first[index] = voxel + RIM - 1;
    taps.weights.set(weights, 4 * index);
  });
  return taps;
}

function mixSlice(
  data: Float32Array,
  slice: Float32Array,
  width: number,
  alongI: number,
  alongJ: number,
  alongK: number,
  first: number,
  weights: Float32Array,
): void {
  const [a, b, c, d] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!];
  for (let row = 0; row < slice.length; row += width) {
    let at = first * alongK + (row / width) * alongJ;
    for (let n = row; n < row + width; n++, at += alongI) {
      slice[n] = a * data[at]! + b * data[at + alongK]! + c * data[at + 2 * alongK]! + d * data[at + 3 * alongK]!;
    }
  }
}

function mixRows(slice: Float32Array, row: Float32Array, first: number, weights: Float32Array): void {
  const [a, b, c, d] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!];
  const width = row.length;
  let at = first * width;
  for (let n = 0; n < width; n++, at++) {
    row[n] = a * slice[at]! + b * slice[at + width]! + c * slice[at + 2 * width]! + d * slice[at + 3 * width]!;
  }
}

function mixVoxels(row: Float32Array, { first, weights }: Taps, begin: number, output: SplineJob['output']): void {
  for (let n = 0; n < output.length; n++) {
    const at = first[begin + n]!;
    const w = 4 * (begin + n);
    output[n] =
      weights[w]! * row[at]! +
      weights[w + 1]! * row[at + 1]! +
      weights[w + 2]! * row[at + 2]! +
      weights[w + 3]! * row[at + 3]!;
  }
}
