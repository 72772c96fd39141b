import { OverreadError } from '../../errors/index.ts';
import { mapAxes } from '../vector.ts';
import type { GridSamples, Vec3 } from '../types.ts';

/** Coefficients beyond each end of an axis: what a sample half a voxel outside reaches. */
export const RIM = 2;

/** The cubic B-spline through all samples of a grid: value(x) is the sum of coefficients times B-splines round their places. */
export interface SplineCoefficients {
  /** Counts [ni, nj, nk] of the samples, each with a rim of `RIM` more at both ends. */
  readonly dims: Vec3;
  /** i fastest. */
  readonly data: Float32Array;
}

/** Pole of the recursive filter that inverts sampling a cubic B-spline (Unser, Aldroubi, Eden, IEEE Trans. Signal Process. 41 (1993) 834). */
const POLE = Math.sqrt(3) - 2;
const GAIN = 6;

/**
 * Coefficients of the spline through the samples, which go on beyond the edges with the edge value for ever (the start and end values of
 * the recursions are exact for that). As SciPy's `spline_filter` of order 3 with mode `nearest` has them, there on a finite margin.
 * @throws OverreadError `runtime.out-of-memory` where there is no room for them: four bytes a sample
 */
export function splineCoefficients(samples: GridSamples, source: Vec3): SplineCoefficients {
  const dims = mapAxes((axis) => source[axis] + 2 * RIM);
  const data = spread(samples, source, dims);
  const [ni, nj, nk] = dims;
  const plane = ni * nj;
  // Rows of samples are filtered first; along j and k a whole row at once, so that memory is walked in its order.
  for (let k = RIM; k < nk - RIM; k++) {
    for (let j = RIM; j < nj - RIM; j++) filterRow(data.subarray(k * plane + j * ni, k * plane + (j + 1) * ni));
    filterLines(data, k * plane, nj, ni, ni);
  }
  filterLines(data, 0, nk, plane, plane);
  return { dims, data };
}

function spread(samples: GridSamples, [ni, nj, nk]: Vec3, dims: Vec3): Float32Array {
  const data = allocate(dims[0] * dims[1] * dims[2]);
  for (let k = 0, from = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++, from += ni) {
      data.set(samples.subarray(from, from + ni), ((k + RIM) * dims[1] + j + RIM) * dims[0] + RIM);
    }
  }
  return data;
}

function allocate(count: number): Float32Array {
  try {
    return new Float32Array(count);
  } catch (cause) {
    throw new OverreadError('runtime.out-of-memory', {
      why: `there is no room for ${count} spline coefficients`,
      details: { count },
      cause,
    });
  }
}

/** One row in place: samples from RIM up to before its length - RIM; coefficients everywhere. */
function filterRow(row: Float32Array): void {
  const last = row.length - 1 - RIM;
  const before = row[RIM]! / (1 - POLE);
  const after = row[last]! / (1 - POLE);
  let value = before;
  for (let n = RIM + 1; n <= last; n++) {
    value = row[n]! + POLE * value;
    row[n] = value;
  }
  row[RIM] = before;
  const excess = value - after;
  // Behind the last sample the forward filter settles on `after`, its distance from it shrinking by the pole at each step.
  const backward = (distance: number): number =>
    -POLE * (after / (1 - POLE) + (excess * POLE ** distance) / (1 - POLE * POLE));
  for (let n = 1; n <= RIM; n++) row[last + n] = GAIN * backward(n);
  let next = backward(0);
  row[last] = GAIN * next;
  for (let n = last - 1; n >= 0; n--) {
    const forward = n < RIM ? before : row[n]!;
    next = POLE * (next - forward);
    row[n] = GAIN * next;
  }
}

/** `filterRow` for `width` neighbouring lines at once: element n of line w stands at `from + n * step + w`. */
function filterLines(data: Float32Array, from: number, count: number, step: number, width: number): void {
  const line = (n: number): Float32Array => data.subarray(from + n * step, from + n * step + width);
  const last = count - 1 - RIM;
  const before = Float32Array.from(line(RIM), (value) => value / (1 - POLE));
  const after = Float32Array.from(line(last), (value) => value / (1 - POLE));
  line(RIM).set(before);
  for (let n = RIM + 1; n <= last; n++) addScaled(line(n), line(n - 1), POLE);
  const end = Float32Array.from(line(last));
  for (let n = 0; n <= RIM; n++) writeEnd(line(last + n), end, after, POLE ** n);
  for (let n = last - 1; n >= 0; n--) stepBack(line(n), line(n + 1), n < RIM ? before : line(n));
}

// The innermost loops, each in a function of its own so that the engine optimizes it as such.

function addScaled(target: Float32Array, other: Float32Array, factor: number): void {
  for (let n = 0; n < target.length; n++) target[n] = target[n]! + factor * other[n]!;
}

function writeEnd(target: Float32Array, end: Float32Array, after: Float32Array, decay: number): void {
  for (let n = 0; n < target.length; n++) {
    const excess = end[n]! - after[n]!;
    target[n] = -GAIN * POLE * (after[n]! / (1 - POLE) + (excess * decay) / (1 - POLE * POLE));
  }
}

function stepBack(target: Float32Array, next: Float32Array, forward: Float32Array): void {
  for (let n = 0; n < target.length; n++) target[n] = POLE * (next[n]! - GAIN * forward[n]!);
}
