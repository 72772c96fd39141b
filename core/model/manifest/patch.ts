import * as z from 'zod/mini';
import { extents, fewer, field, margins } from './values.ts';

/** What padding to a multiple adds stays within the memory of a volume. */
const multiple = fewer(1024);

const overlap = field(
  'Share of a window that its neighbour covers too; all of it would be no step.',
  z.number().check(z.minimum(0), z.lt(1)),
);

const convention = field(
  'Whose window positions and weights. `monai`: windows stand at whole steps of size x (1 - overlap), the last one moved back to the end; the ' +
    'Gaussian is centred between the two middle voxels and nowhere less than 0.001. `nnunet`: windows are spread evenly; the Gaussian is ' +
    'centred on a voxel (size / 2, rounded down).',
  z._default(z.enum(['monai', 'nnunet']), 'monai'),
);

const blending = z.discriminatedUnion('kind', [
  field(
    'The outermost voxels of a window are context and cut off: exact where the halo holds the network’s receptive field. Windows are clamped to the volume.',
    z.strictObject({ kind: z.literal('crop'), halo: field('Voxels cut off on each side.', margins) }),
  ),
  field('Mean of all windows over a voxel.', z.strictObject({ kind: z.literal('constant'), overlap, convention })),
  field(
    'As `constant`, weighted by a Gaussian round the window’s centre.',
    z.strictObject({
      kind: z.literal('gaussian'),
      overlap,
      sigma: field(
        'Sigma, as a share of the window’s size (MONAI and nnU-Net: 0.125).',
        z._default(z.number().check(z.positive()), 0.125),
      ),
      convention,
    }),
  ),
]);

export const patch = z.discriminatedUnion('mode', [
  field(
    'Everything at once. A convolutional graph that would need too much memory runs in windows that give exactly the same answer.',
    z.strictObject({
      mode: z.literal('whole'),
      multipleOf: field(
        'Pads each axis at its end, with 0, to a multiple of this: what the network’s strides need.',
        z._default(z.tuple([multiple, multiple, multiple]), [1, 1, 1]),
      ),
    }),
  ),
  field(
    'Window by window.',
    z.strictObject({
      mode: z.literal('slidingWindow'),
      size: field('Size of a window, voxels of the prepared volume [D, H, W].', extents),
      smaller: field(
        'Sizes that serve too where memory is short, largest first; a network that takes one size has none. The answer is not the same to the bit: it ' +
          'differs near the seams, which lie elsewhere, and throughout where the network takes statistics over its window (InstanceNorm). The result says ' +
          'so. Importers fill in three quarters and half of `size`, in whole steps of the strides, where a network of convolutions takes these.',
        z._default(z.array(extents), []),
      ),
      blending: field(
        'How outputs of neighbouring windows become one. Blended is what the graph answers, before any activation. Windows that are blended ' +
          'have exactly `size`; a smaller volume is padded on both sides with 0 (in the units that the intensity steps leave).',
        blending,
      ),
      mirror: field(
        'Test-time mirroring: the mean of what the graph answers (before any activation) to every combination of these axes, flipped back.',
        z._default(z.array(z.enum(['D', 'H', 'W'])), []),
      ),
      onlyWhere: field(
        'Name of a mask: windows whose kept part holds none of its voxels are not run; they are background (0), and counted in the result.',
        z.optional(z.string()),
      ),
      skipBelow: field(
        'Windows whose every prepared value is at most this (air, padding) are not run; as above.',
        z.optional(z.number()),
      ),
    }),
  ),
  field(
    'Slice by slice along the tensor’s first spatial axis: 2-D and 2.5-D networks.',
    z.strictObject({
      mode: z.literal('slices'),
      batch: field('Slices a call, always so many: the last call’s rest is 0.', z._default(fewer(4096), 1)),
      multipleOf: field(
        'Pads H and W at their ends, with 0, to a multiple of this.',
        z._default(z.tuple([multiple, multiple]), [1, 1]),
      ),
    }),
  ),
]);
