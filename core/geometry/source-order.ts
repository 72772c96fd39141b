import { sliceAxisMap, type AxisMap, type AxisMaps } from './axis-map.ts';
import { mapAxes } from './vector.ts';
import type { GridSamples, Vec3 } from './types.ts';

/** What sampling along shared axes is given: `maps` say which voxels, `output` holds exactly these, target i fastest. */
export interface AlignedJob {
  readonly maps: AxisMaps;
  readonly outside: number;
  readonly output: GridSamples;
}

/** Voxels along each axis of the target. */
export function dimsOf(maps: AxisMaps): Vec3 {
  return mapAxes((axis) => maps[axis].position.length);
}

/** Side of the blocks that are turned at once: a block's rows, read and written, fit into the fastest cache. */
const BLOCK = 32;

/** Voxels worked out at once before they are turned. */
const VOXELS_AT_ONCE = 2 ** 21;

/**
 * Runs a kernel whose target axes i, j, k run along the source axes i, j, k (either way), so that it walks memory in its order, and turns
 * what it wrote into the order of the target.
 */
export function inSourceOrder<J extends AlignedJob>(job: J, kernel: (job: J) => void): void {
  const { maps } = job;
  const order = mapAxes((source) => maps.findIndex((map) => map.sourceAxis === source)) as readonly [0, 0, 0];
  if (order.every((target, source) => target === source)) {
    kernel(job);
    return;
  }
  const slowest = order[2];
  const dims = dimsOf(maps);
  const plane = (dims[0] * dims[1] * dims[2]) / dims[slowest];
  const count = Math.min(dims[slowest], Math.max(1, Math.floor(VOXELS_AT_ONCE / plane)));
  const buffer = new Float32Array(count * plane);
  for (let start = 0; start < dims[slowest]; start += count) {
    const end = Math.min(dims[slowest], start + count);
    const part = (axis: 0 | 1 | 2): AxisMap => (axis === slowest ? sliceAxisMap(maps[axis], start, end) : maps[axis]);
    const values = buffer.subarray(0, (end - start) * plane);
    kernel({ ...job, maps: [part(order[0]), part(order[1]), part(order[2])], output: values });
    turn(values, order, job.output, dims, start, end);
  }
}

/** @param order target axis of each axis of `values`; of the last one indices `start` up to before `end` are there */
function turn(
  values: Float32Array,
  order: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2],
  output: GridSamples,
  dims: Vec3,
  start: number,
  end: number,
): void {
  const strides: Vec3 = [1, dims[0], dims[0] * dims[1]];
  const counts: Vec3 = [dims[order[0]], dims[order[1]], end - start];
  const steps: Vec3 = [strides[order[0]], strides[order[1]], strides[order[2]]];
  const first = start * steps[2];
  const along: Vec3 = [1, counts[0], counts[0] * counts[1]];
  // `inner` is the axis of `values` that target i follows: the two fastest axes are exchanged block by block.
  const inner = order.indexOf(0) as 0 | 1 | 2;
  const outer = inner === 2 ? 1 : 2;
  if (inner === 0) {
    for (let c = 0; c < counts[2]; c++) {
      for (let b = 0; b < counts[1]; b++) {
        const from = b * along[1] + c * along[2];
        output.set(values.subarray(from, from + counts[0]), first + b * steps[1] + c * steps[2]);
      }
    }
    return;
  }
  for (let n = 0; n < counts[outer]; n++) {
    const from = n * along[outer];
    const to = first + n * steps[outer];
    for (let a = 0; a < counts[0]; a += BLOCK) {
      const lastA = Math.min(counts[0], a + BLOCK);
      for (let b = 0; b < counts[inner]; b += BLOCK) {
        const lastB = Math.min(counts[inner], b + BLOCK);
        for (let m = a; m < lastA; m++) {
          copyLine(values, from + m + b * along[inner], along[inner], output, to + m * steps[0] + b, lastB - b);
        }
      }
    }
  }
}

function copyLine(
  values: Float32Array,
  from: number,
  step: number,
  output: GridSamples,
  to: number,
  count: number,
): void {
  for (let n = 0, at = from; n < count; n++, at += step) output[to + n] = values[at]!;
}
