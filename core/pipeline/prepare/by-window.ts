import { boxSize, createSampler, cropGrid, type Grid } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { PreparedInput } from '../prepared.ts';
import type { Channel } from './channels.ts';
import { applySteps } from './point-steps.ts';
import { repetition } from './repeated.ts';
import { resolveStep } from './resolve.ts';
import { stepsOf } from './steps-of.ts';
import { thickAxis } from './thick-axis.ts';
import { checkInside, fillUnset } from './whole.ts';

type Input = Manifest['input'];

const nothing = new Float32Array(0);

/**
 * An input of which each window is sampled as it is read: nothing is held. For steps that look at one voxel at a time.
 * @param maskOf a mask of the manifest on another grid
 */
export function prepareByWindow(
  channels: readonly Channel[],
  input: Input,
  grid: Grid,
  maskOf: (id: string, grid: Grid) => Uint8Array,
): PreparedInput {
  const sources = channels.map(({ sampled, first }, n) => ({
    sampler: createSampler(
      {
        ...sampled,
        outside: input.outside === undefined ? sampled.outside : NaN,
        nearestAxis: thickAxis(sampled.grid, grid, input.nearestAcross),
      },
      input.interpolation,
    ),
    steps: [...first, ...stepsOf(input, n).flatMap((step) => resolveStep(step, n, nothing, () => new Uint8Array(0)))],
  }));
  const isRepeated = repetition(channels, input);
  return {
    grid,
    channels: sources.length,
    bytes: 0,
    read(box, into) {
      checkInside(box, grid);
      const [ni, nj, nk] = boxSize(box);
      const window = cropGrid(grid, box);
      const size = ni * nj * nk;
      sources.forEach(({ sampler, steps }, n) => {
        if (isRepeated(n)) {
          into.copyWithin(n * size, (n - 1) * size, n * size);
          return;
        }
        const values = into.subarray(n * size, (n + 1) * size);
        sampler(window, values);
        applySteps(values, steps, (id) => maskOf(id, window));
        if (input.outside !== undefined) fillUnset(values, input.outside);
      });
    },
  };
}
