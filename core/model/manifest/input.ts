import * as z from 'zod/mini';
import { intensityStep } from './intensity.ts';
import { maskStep } from './masks.ts';
import { patch } from './patch.ts';
import { count, extents, margins, millimetres, name } from './values.ts';

/** One series as one channel of the input. The first is the series the model is run on; the others are found in its study. */
const channel = z.strictObject({
  name,
  /** How the series is found: every field that is there must hold. It must share the first one's frame of reference. */
  series: z.optional(
    z.strictObject({
      modality: z.optional(z.string()),
      /** Any of these words in SeriesDescription (0008,103E) or ProtocolName (0018,1030), case ignored. */
      words: z.optional(z.array(z.string()).check(z.minLength(1))),
      contrast: z.optional(z.enum(['with', 'without'])),
    }),
  ),
});

const axes = z.string().check(
  z.regex(/^(?:[LR]|[AP]|[SI]){3}$/, 'must be three letters such as RAS'),
  z.refine(
    (letters) => ['LR', 'AP', 'SI'].every((pair) => [...pair].some((letter) => letters.includes(letter))),
    'must name left-right, front-back and head-foot once each',
  ),
);

export const input = z.strictObject({
  name: z.string().check(z.describe('Name of the graph input.')),
  type: z._default(z.enum(['float32', 'float16']), 'float32'),
  /**
   * What a call is given: `3d` [1, C, D, H, W]; `2d` [N, C, H, W]; `2.5d` [N, C * (2 n + 1), H, W], the slices from n before to n behind
   * as channels, slice after slice, each with its C (the series' first and last repeated beyond its ends).
   */
  layout: z._default(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('3d') }),
      z.strictObject({ kind: z.literal('2d') }),
      z.strictObject({ kind: z.literal('2.5d'), neighbours: count }),
    ]),
    { kind: '3d' },
  ),
  channels: z._default(z.array(channel).check(z.minLength(1)), [{ name: 'image' }]),
  /** `grey`: modality values, MONOCHROME1 turned to MONOCHROME2. `rgb`: three channels 0 to 255 per series, palettes looked up. */
  samples: z._default(z.enum(['grey', 'rgb']), 'grey'),
  /**
   * Direction in which each spatial axis of the tensor grows, in the tensor's order: `RAS` means [D, H, W] run to the right, to the front and
   * to the head (what MONAI's Orientationd(axcodes="RAS") gives). `native`: slices, rows and columns as the series has them.
   * Turned by whole axes; an oblique series keeps its obliqueness unless `straighten`.
   */
  orientation: z._default(z.union([z.literal('native'), axes]), 'native'),
  /** Samples an oblique series on axes that run exactly along the patient's. */
  straighten: z._default(z.boolean(), false),
  /** `native`, one number (isotropic) or one per axis [D, H, W], mm; null keeps that axis as it is. */
  spacing: z.union([
    z.literal('native'),
    millimetres,
    z.tuple([z.nullable(millimetres), z.nullable(millimetres), z.nullable(millimetres)]),
  ]),
  /** The prepared volume has exactly this size [D, H, W]: cut or padded round the middle of the series. Absent: as large as the series. */
  size: z.optional(extents),
  interpolation: z._default(z.enum(['linear', 'nearest', 'cubic']), 'linear'),
  /** Value beyond the series, in modality units; absent: the series' own padding, else -1024 for CT and its least value else. */
  padding: z.optional(z.number()),
  masks: z._default(z.array(maskStep), []),
  /** Mask whose bounding box limits what is prepared and run; absent: everything. */
  cropTo: z.optional(z.string()),
  /** Voxels of the prepared volume round that box, beyond the series too (padding). With `crop` blending the halo comes on top. */
  cropMargin: z._default(margins, [0, 0, 0]),
  intensity: z._default(z.array(intensityStep), []),
  patch,
});
