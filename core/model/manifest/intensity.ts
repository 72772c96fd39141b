import * as z from 'zod/mini';
import { field, name, share } from './values.ts';

const over = field(
  'Voxels that the statistic is taken over: `all` that are prepared, those that are not exactly 0 (`nonzero`), or those of a mask of ' +
    '`input.masks`. Statistics are of the whole prepared volume of one channel as the steps before left it, never of a window.',
  z._default(
    z.union([
      z.literal('all'),
      z.literal('nonzero'),
      z.strictObject({ mask: field('Name of a mask of `input.masks`.', z.string()) }),
    ]),
    'all',
  ),
);

const channels = field(
  'Names of the channels of `input.channels` that the step is for; the others stay as they are. Absent: all.',
  z.optional(z.array(name).check(z.minLength(1))),
);
const toMin = field('What the lower end becomes.', z.number());
const toMax = field('What the upper end becomes.', z.number());
const fromZero = field('What the lower end becomes.', z._default(z.number(), 0));
const toOne = field('What the upper end becomes.', z._default(z.number(), 1));
const numbers = z.union([z.number(), z.array(z.number())]);

export const intensityStep = z.discriminatedUnion('kind', [
  field(
    'Limits values to a range.',
    z.strictObject({
      kind: z.literal('clip'),
      min: field('Lower values become this.', z.number()),
      max: field('Higher values become this.', z.number()),
      channels,
    }),
  ),
  field(
    'Linear map of one range to another, not clipped.',
    z.strictObject({
      kind: z.literal('scale'),
      fromMin: field('Lower end.', z.number()),
      fromMax: field('Upper end.', z.number()),
      toMin,
      toMax,
      channels,
    }),
  ),
  field(
    'A display window, linear and clipped: centre - width / 2 is the lower end, centre + width / 2 the upper.',
    z.strictObject({
      kind: z.literal('window'),
      centre: field('Centre, in the units before this step.', z.number()),
      width: field('Width, in the units before this step.', z.number().check(z.positive())),
      toMin: fromZero,
      toMax: toOne,
      channels,
    }),
  ),
  field(
    'The least and the greatest value become the ends of a range.',
    z.strictObject({ kind: z.literal('minMax'), over, toMin: fromZero, toMax: toOne, channels }),
  ),
  field(
    'Two quantiles (linear interpolation between ranks) become the ends of a range.',
    z.strictObject({
      kind: z.literal('percentiles'),
      lower: field('Lower quantile, 0 to 1.', share),
      upper: field('Upper quantile, 0 to 1.', share),
      over,
      toMin: fromZero,
      toMax: toOne,
      clip: field('Values beyond become the ends.', z._default(z.boolean(), true)),
      channels,
    }),
  ),
  field(
    'Mean 0 and deviation 1 (population) over those voxels; the others stay as they are where `over` is not `all`.',
    z.strictObject({ kind: z.literal('zScore'), over, channels }),
  ),
  field(
    '(value - mean) / deviation with fixed numbers.',
    z.strictObject({
      kind: z.literal('normalize'),
      mean: field('One number for all channels, or one per channel.', numbers),
      deviation: field('One number for all channels, or one per channel.', numbers),
      channels,
    }),
  ),
  field(
    'Voxels outside a mask become one value.',
    z.strictObject({
      kind: z.literal('fillOutside'),
      mask: field('Name of a mask of `input.masks`.', z.string()),
      value: field('In the units before this step.', z.number()),
      channels,
    }),
  ),
]);
