import type { Grid } from '../geometry/index.ts';
import type { InputShapes } from '../graph/index.ts';
import { inputChannels, type Manifest } from '../model/index.ts';
import type { Volume } from '../volume/index.ts';
import { maskOn } from './intensity.ts';
import type { Masks } from './masks/index.ts';
import { channelsOf } from './prepare/channels.ts';
import { checkFinite } from './prepare/finite-samples.ts';
import { prepareByWindow } from './prepare/by-window.ts';
import { preparedGrid } from './prepare/grid.ts';
import type { PreparedKeeper } from './prepare/keeper.ts';
import { isStatistic } from './prepare/resolve.ts';
import { prepareWhole } from './prepare/whole.ts';
import type { PreparedInput } from './prepared.ts';
import type { Steps } from './steps.ts';

export { PreparedKeeper } from './prepare/keeper.ts';

type Input = Manifest['input'];

export interface PrepareRequest {
  /** One series per channel of the manifest, in its order. The first one is the series that the model is run on. */
  readonly volumes: readonly [Volume, ...Volume[]];
  readonly input: Input;
  /** On the first volume's grid. */
  readonly masks: Masks;
  /** Where the same input may stand from an earlier run, and is kept for the next; absent: nothing is kept. */
  readonly keeper?: PreparedKeeper | undefined;
}

/**
 * The input of a manifest, made ready to be read window by window: held as a whole where a step looks at all of it or windows would sample
 * the same place again and again, else sampled as it is read.
 * @throws OverreadError `pipeline.other-space`, `pipeline.flat-input`, `volume.colour`, `volume.not-finite`,
 *   `runtime.out-of-memory`, `run.cancelled`
 */
export async function prepareInput(request: PrepareRequest, steps: Steps): Promise<PreparedInput> {
  const { volumes, input, masks, keeper } = request;
  const kept = keeper?.of(volumes, input);
  if (kept) return kept;
  if (input.outside !== undefined) checkFinite(volumes);
  const source = volumes[0].grid;
  const grid = preparedGrid(input, source, masks);
  const channels = channelsOf(volumes, input);
  const maskOf = (id: string, on: Grid): Uint8Array => maskOn(masks, id, source, on);
  await steps.pause();
  if (!gainsFromHolding(input)) return prepareByWindow(channels, input, grid, maskOf);
  const prepared = await prepareWhole(channels, input, grid, maskOf, steps);
  keeper?.keep(volumes, input, prepared);
  return prepared;
}

function gainsFromHolding(input: Input): boolean {
  if (input.intensity.some(isStatistic) || input.interpolation === 'cubic') return true;
  const interpolated = input.spacing !== 'native' || input.straighten || input.channels.length > 1;
  return interpolated && readsTwice(input);
}

/** Whether windows read the same voxels more than once, the rims of windows that are cut off aside. */
function readsTwice({ patch, layout }: Input): boolean {
  if (layout.kind === '2.5d') return true;
  if (patch.mode !== 'slidingWindow') return false;
  return patch.mirror.length > 0 || (patch.blending.kind !== 'crop' && patch.blending.overlap > 0);
}

/**
 * What all calls of the graph have in common: 3-D [1, C, D, H, W], the spatial axes free unless all windows are of one size; 2-D and 2.5-D
 * [N, C, H, W], the number of slices free too.
 */
export function inputShapes(input: Input): InputShapes {
  const { name, layout, patch } = input;
  const planes = inputChannels(input);
  if (layout.kind !== '3d') {
    const slices = layout.kind === '2.5d' ? 2 * layout.neighbours + 1 : 1;
    return { [name]: [null, planes * slices, null, null] };
  }
  // Windows that keep a halo end at the volume's faces; all others have one size.
  const fixed = patch.mode === 'slidingWindow' && patch.blending.kind !== 'crop';
  return { [name]: [1, planes, ...(fixed ? patch.size : [null, null, null])] };
}
