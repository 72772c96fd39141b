import { OverreadError } from '../../errors/index.ts';
import { boxSize, createSampler, cropGrid, voxelCount, type Grid, type IndexBox } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { PreparedInput } from '../prepared.ts';
import type { Steps } from '../steps.ts';
import type { Channel } from './channels.ts';
import { applySteps, type MaskOf } from './point-steps.ts';
import { repetition } from './repeated.ts';
import { resolveStep } from './resolve.ts';
import { stepsOf } from './steps-of.ts';
import { thickAxis } from './thick-axis.ts';

type Input = Manifest['input'];

/** Voxels prepared between two looks at whether the run was cancelled. */
const VOXELS_AT_ONCE = 4e6;

/**
 * All of the input, worked out once and held: 4 bytes per voxel and channel.
 * @throws OverreadError `pipeline.flat-input`, `runtime.out-of-memory`, `run.cancelled`
 */
export async function prepareWhole(
  channels: readonly Channel[],
  input: Input,
  grid: Grid,
  maskOf: (id: string, grid: Grid) => Uint8Array,
  steps: Steps,
): Promise<PreparedInput> {
  const masks = new Map<string, Uint8Array>();
  const maskHere: MaskOf = (id) => {
    const mask = masks.get(id) ?? maskOf(id, grid);
    masks.set(id, mask);
    return mask;
  };
  const planes: Float32Array[] = [];
  const isRepeated = repetition(channels, input);
  for (const [n, channel] of channels.entries()) {
    if (isRepeated(n)) {
      planes.push(planes[n - 1]!);
      continue;
    }
    const values = allocate(voxelCount(grid));
    await sample(channel, input, grid, values, steps);
    applySteps(values, channel.first, maskHere);
    for (const step of stepsOf(input, n)) {
      applySteps(values, resolveStep(step, n, values, maskHere), maskHere);
      await steps.pause();
    }
    if (input.outside !== undefined) fillUnset(values, input.outside);
    planes.push(values);
  }
  return heldInput(grid, planes);
}

async function sample(channel: Channel, input: Input, grid: Grid, values: Float32Array, steps: Steps): Promise<void> {
  const outside = input.outside === undefined ? channel.sampled.outside : NaN;
  const nearestAxis = thickAxis(channel.sampled.grid, grid, input.nearestAcross);
  const sampler = createSampler({ ...channel.sampled, outside, nearestAxis }, input.interpolation);
  const [ni, nj, nk] = grid.dims;
  const slices = Math.max(1, Math.floor(VOXELS_AT_ONCE / (ni * nj)));
  for (let k = 0; k < nk; k += slices) {
    const end = Math.min(nk, k + slices);
    const slab = cropGrid(grid, { min: [0, 0, k], max: [ni - 1, nj - 1, end - 1] });
    sampler(slab, values.subarray(k * ni * nj, end * ni * nj));
    await steps.pause();
  }
}

/** Values beyond the series were no numbers until here, so that no step saw them. */
export function fillUnset(values: Float32Array, value: number): void {
  for (let n = 0; n < values.length; n++) if (Number.isNaN(values[n])) values[n] = value;
}

function heldInput(grid: Grid, planes: readonly Float32Array[]): PreparedInput {
  return {
    grid,
    channels: planes.length,
    bytes: [...new Set(planes)].reduce((sum, { byteLength }) => sum + byteLength, 0),
    read(box, into) {
      checkInside(box, grid);
      const [width, height, depth] = boxSize(box);
      const [ni, nj] = grid.dims;
      // Rows that stand one behind the other in the volume, and slices, are copied in one go.
      const rows = width < ni ? 1 : height < nj ? height : height * depth;
      let to = 0;
      for (const plane of planes) {
        for (let row = 0; row < height * depth; row += rows, to += rows * width) {
          const j = box.min[1] + (row % height);
          const from = ((box.min[2] + Math.floor(row / height)) * nj + j) * ni + box.min[0];
          into.set(plane.subarray(from, from + rows * width), to);
        }
      }
    },
  };
}

/** A box that reaches beyond would be read from the wrong rows. */
export function checkInside({ min, max }: IndexBox, { dims }: Grid): void {
  if (([0, 1, 2] as const).every((axis) => min[axis] >= 0 && max[axis] < dims[axis])) return;
  throw new OverreadError('internal.unexpected', {
    why: `a window from [${min.join(', ')}] to [${max.join(', ')}] is not part of a volume of ${dims.join(' x ')}`,
  });
}

function allocate(count: number): Float32Array {
  try {
    return new Float32Array(count);
  } catch (cause) {
    throw new OverreadError('runtime.out-of-memory', {
      why: `there is no room for a prepared volume of ${count} voxels`,
      details: { count },
      cause,
    });
  }
}
