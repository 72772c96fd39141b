import * as z from 'zod/mini';
import { share } from './values.ts';

/**
 * Which voxels a statistic is taken over: everything that is prepared, what is not exactly 0, or a mask. Statistics are of the whole
 * prepared volume of one channel as the steps before left it, never of a tile.
 */
const over = z._default(z.union([z.literal('all'), z.literal('nonzero'), z.strictObject({ mask: z.string() })]), 'all');

/** Steps from modality values to what the graph reads, in order, each channel on its own. */
export const intensityStep = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clip'), min: z.number(), max: z.number() }),
  /** Linear map of [fromMin, fromMax] to [toMin, toMax], not clipped. */
  z.strictObject({
    kind: z.literal('scale'),
    fromMin: z.number(),
    fromMax: z.number(),
    toMin: z.number(),
    toMax: z.number(),
  }),
  /** A display window, linear: centre - width / 2 becomes `toMin`, centre + width / 2 `toMax`, clipped. */
  z.strictObject({
    kind: z.literal('window'),
    centre: z.number(),
    width: z.number().check(z.positive()),
    toMin: z._default(z.number(), 0),
    toMax: z._default(z.number(), 1),
  }),
  /** The least and the greatest value become `toMin` and `toMax`. */
  z.strictObject({
    kind: z.literal('minMax'),
    over,
    toMin: z._default(z.number(), 0),
    toMax: z._default(z.number(), 1),
  }),
  /** Two quantiles (0 to 1, linear interpolation between ranks) become `toMin` and `toMax`. */
  z.strictObject({
    kind: z.literal('percentiles'),
    lower: share,
    upper: share,
    over,
    toMin: z._default(z.number(), 0),
    toMax: z._default(z.number(), 1),
    clip: z._default(z.boolean(), true),
  }),
  /** Mean 0 and deviation 1 (population) over those voxels; the others stay as they are where `over` is not `all`. */
  z.strictObject({ kind: z.literal('zScore'), over }),
  /** (value - mean) / deviation with fixed numbers; one number for all channels, or one per channel. */
  z.strictObject({
    kind: z.literal('normalize'),
    mean: z.union([z.number(), z.array(z.number())]),
    deviation: z.union([z.number(), z.array(z.number())]),
  }),
  /** Voxels outside the named mask become `value` (in the units before this step). */
  z.strictObject({ kind: z.literal('fillOutside'), mask: z.string(), value: z.number() }),
]);
