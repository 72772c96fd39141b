import * as z from 'zod/mini';
import { intensityStep } from './intensity.ts';
import { maskStep } from './masks.ts';
import { patch } from './patch.ts';
import { extents, fewer, field, margins, millimetres, name } from './values.ts';

const seriesChoice = z.strictObject({
  modality: field('Modality (0008,0060).', z.optional(z.string())),
  words: field(
    'Any of these in SeriesDescription (0008,103E) or ProtocolName (0018,1030), as whole words, case ignored: `T2` is in T2w and AX_T2, not in ' +
      'T2 FLAIR, which is another weighting; `T1 post` asks for both words. T1 alone takes no series with contrast agent, T1c or `T1 Gd` only such. ' +
      '`CT`, `PET` and `SUV` ask for a series of that modality, whatever its description says.',
    z.optional(z.array(z.string()).check(z.minLength(1))),
  ),
  contrast: field(
    'Contrast agent, by ContrastBolusAgent (0018,0010) or the description (post, Gd, +C).',
    z.optional(z.enum(['with', 'without'])),
  ),
});

const channel = z.strictObject({
  name: field('Name of the channel, for the reader.', name),
  series: field(
    'How its series is found in the study: every field that is there must hold. It must share the first one’s frame of reference. Where two series ' +
      'serve equally well, the reader says which it is. Absent: by the channel’s name, as one of `words`.',
    z.optional(seriesChoice),
  ),
});

const axes = z.string().check(
  z.regex(/^(?:[LR]|[AP]|[SI]){3}$/, 'must be three letters such as RAS'),
  z.refine(
    (letters) => ['LR', 'AP', 'SI'].every((pair) => pair.split('').some((letter) => letters.includes(letter))),
    'must name left-right, front-back and head-foot once each',
  ),
);

const layout = z.discriminatedUnion('kind', [
  field('[1, C, D, H, W].', z.strictObject({ kind: z.literal('3d') })),
  field('[N, C, H, W].', z.strictObject({ kind: z.literal('2d') })),
  field(
    '[N, C * (2 n + 1), H, W]: the slices from n before to n behind as channels, slice after slice, each with its C (the series’ first and last repeated beyond its ends).',
    z.strictObject({ kind: z.literal('2.5d'), neighbours: field('n: slices on each side.', fewer(128)) }),
  ),
]);

const perAxis = z.tuple([z.nullable(millimetres), z.nullable(millimetres), z.nullable(millimetres)]);

export const input = z.strictObject({
  name: field('Name of the graph input.', z.string()),
  type: field('Element type of the graph input.', z._default(z.enum(['float32', 'float16']), 'float32')),
  layout: field('What a call of the graph is given.', z._default(layout, { kind: '3d' })),
  channels: field(
    'One series as one channel of the input. The first is the series the model is run on; the others are found in its study.',
    z._default(z.array(channel).check(z.minLength(1)), [{ name: 'image' }]),
  ),
  samples: field(
    '`grey`: modality values, MONOCHROME1 turned to MONOCHROME2. `greyAsRgb`: the same three times per series, for networks that were trained on ' +
      'colour (MONAI’s RepeatChanneld). `rgb`: three channels 0 to 255 per series, palettes looked up.',
    z._default(z.enum(['grey', 'greyAsRgb', 'rgb']), 'grey'),
  ),
  orientation: field(
    'Direction in which each spatial axis of the tensor grows, in the tensor’s order: `RAS` means [D, H, W] run to the right, to the front and ' +
      'to the head (what MONAI’s Orientationd(axcodes="RAS") gives). `native`: slices, rows and columns as the series has them. ' +
      'Turned by whole axes; an oblique series keeps its obliqueness unless `straighten`.',
    z._default(z.union([z.literal('native'), axes]), 'native'),
  ),
  straighten: field(
    'Samples an oblique series on axes that run exactly along the patient’s.',
    z._default(z.boolean(), false),
  ),
  spacing: field(
    'Distance between voxels: `native`, one number (isotropic) or one per axis [D, H, W], mm; null keeps that axis as it is.',
    z.union([z.literal('native'), millimetres, perAxis]),
  ),
  respacing: field(
    'How a grid of another spacing lies on the series. `cover`: exactly this spacing over all of it, the overhang shared by both ends. ' +
      '`centres`: exactly this spacing from the centre of the first voxel on (MONAI’s Spacingd). `edges`: from outer edge to outer edge, in the ' +
      'whole number of voxels that comes nearest to this spacing (nnU-Net).',
    z._default(z.enum(['cover', 'centres', 'edges']), 'cover'),
  ),
  size: field(
    'The prepared volume has exactly this size [D, H, W]: cut or padded round the middle of the series, or of the `cropTo` box. Absent: as ' +
      'large as that.',
    z.optional(extents),
  ),
  interpolation: field(
    'How values between voxels are found: trilinear, nearest voxel, or cubic B-spline.',
    z._default(z.enum(['linear', 'nearest', 'cubic']), 'linear'),
  ),
  nearestAcross: field(
    'Where the voxels of the series, or else of the prepared volume, are more than this many times as long along one axis as along another, values ' +
      'come from the nearest slice along it, and `interpolation` holds within slices only (nnU-Net: 3). Absent: all axes alike.',
    z.optional(z.number().check(z.minimum(1))),
  ),
  padding: field(
    'Value beyond the series, in modality units; absent: the series’ own padding, else -1024 for CT and its least value else.',
    z.optional(z.number()),
  ),
  outside: field(
    'What the graph reads beyond the series, in the units that the intensity steps leave; no statistic is taken over it (what padding after the ' +
      'intensity steps gives in MONAI and nnU-Net: 0). Absent: `padding` goes through the steps like any other voxel.',
    z.optional(z.number()),
  ),
  masks: field(
    'Masks computed from the series itself before the graph runs, from the first channel’s modality values (HU for CT).',
    z._default(z.array(maskStep), []),
  ),
  cropTo: field(
    'Name of a mask whose bounding box limits what is prepared and run; absent: everything.',
    z.optional(z.string()),
  ),
  cropMargin: field(
    'Voxels of the prepared volume round that box, beyond the series too (padding). With `crop` blending the halo comes on top.',
    z._default(margins, [0, 0, 0]),
  ),
  cropWithin: field(
    'The box with its margin ends where the series does (MONAI’s CropForegroundd with `allow_smaller`), instead of reaching beyond it.',
    z._default(z.boolean(), false),
  ),
  intensity: field(
    'Steps from modality values to what the graph reads, in order, each channel on its own. Channels that need different ones name them.',
    z._default(z.array(intensityStep), []),
  ),
  patch: field('What one call of the graph is given. Sizes in voxels of the prepared volume.', patch),
});
