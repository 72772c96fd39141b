import { axisMaps, nearestAlong, sliceAxisMap, type AxisMap } from '../axis-map.ts';
import type { ResampleJob } from '../resample-job.ts';
import { forEachRow } from '../resample-affine.ts';
import { dimsOf, inSourceOrder, type AlignedJob } from '../source-order.ts';
import type { Vec3 } from '../types.ts';
import { mapAxes } from '../vector.ts';
import { RIM, type SplineCoefficients } from './coefficients.ts';
import { splineWeights } from './weights.ts';

/** What is sampled: coefficients in place of samples. */
export type SplineJob = Omit<ResampleJob, 'samples'> & {
  readonly coefficients: SplineCoefficients;
  /** As of `Resampling`: at a sample's own place along an axis the spline is that of its slice alone. */
  readonly nearestAxis?: 0 | 1 | 2 | undefined;
};

/** Cubic B-spline resampling between grids in any position to each other. */
export function sampleSpline(job: SplineJob): void {
  const maps = axisMaps(job.from, job.to);
  if (maps === null) {
    affineSpline(job);
    return;
  }
  const [i, j, k] = job.nearestAxis === undefined ? maps : nearestAlong(maps, job.nearestAxis);
  const { coefficients, outside, output } = job;
  const within = sliceAxisMap(k, job.kStart, job.kEnd);
  inSourceOrder<AlignedSplineJob>({ coefficients, outside, output, maps: [i, j, within] }, alignedSpline);
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

type AlignedSplineJob = AlignedJob & Pick<SplineJob, 'coefficients'>;

/** Along shared axes: a slice of coefficients is mixed over k, a row of it over j, a voxel of that over i. */
function alignedSpline({ output, outside, maps, coefficients }: AlignedSplineJob): void {
  const [alongI, alongJ, alongK] = maps;
  const [width, height, depth] = dimsOf(maps);
  const [i, j, k] = [tapsOf(alongI), tapsOf(alongJ), tapsOf(alongK)];
  const [columns, rows] = coefficients.dims;
  const slice = new Float32Array(columns * rows);
  const row = new Float32Array(columns);
  for (let n = 0; n < depth; n++) {
    const base = n * width * height;
    output.fill(outside, base, base + width * height);
    if (n < alongK.begin || n >= alongK.end) continue;
    mixRows(coefficients.data, slice, k.first[n]!, k.weights.subarray(4 * n, 4 * n + 4));
    for (let m = alongJ.begin; m < alongJ.end; m++) {
      mixRows(slice, row, j.first[m]!, j.weights.subarray(4 * m, 4 * m + 4));
      const at = base + m * width;
      mixVoxels(row, i, alongI.begin, output, at + alongI.begin, alongI.end - alongI.begin);
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

/** Four neighbouring rows (or slices, which are long rows) of `from`, weighed and added. */
function mixRows(from: Float32Array, row: Float32Array, first: number, weights: Float32Array): void {
  const [a, b, c, d] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!];
  const width = row.length;
  let at = first * width;
  for (let n = 0; n < width; n++, at++) {
    row[n] = a * from[at]! + b * from[at + width]! + c * from[at + 2 * width]! + d * from[at + 3 * width]!;
  }
}

function mixVoxels(
  row: Float32Array,
  { first, weights }: Taps,
  begin: number,
  output: SplineJob['output'],
  to: number,
  count: number,
): void {
  for (let n = 0; n < count; n++) {
    const at = first[begin + n]!;
    const w = 4 * (begin + n);
    output[to + n] =
      weights[w]! * row[at]! +
      weights[w + 1]! * row[at + 1]! +
      weights[w + 2]! * row[at + 2]! +
      weights[w + 3]! * row[at + 3]!;
  }
}
