import * as z from 'zod/mini';
import { count, extents, margins, share } from './values.ts';

/**
 * Whose window positions and weights. `monai`: windows stand at whole steps of size x (1 - overlap), the last one moved back to the end; the
 * Gaussian is centred between the two middle voxels and nowhere less than 0.001. `nnunet`: windows are spread evenly; the Gaussian is
 * centred on a voxel (size / 2, rounded down).
 */
const convention = z._default(z.enum(['monai', 'nnunet']), 'monai');

/**
 * How outputs of neighbouring windows become one. Blended is what the graph answers, before any activation. Windows that are blended have
 * exactly `size`; a smaller volume is padded on both sides with 0 (in the units that the intensity steps leave).
 */
const blending = z.discriminatedUnion('kind', [
  /** `halo` voxels on each side are context and cut off: exact where the halo holds the network's receptive field. Windows are clamped to the volume. */
  z.strictObject({ kind: z.literal('crop'), halo: margins }),
  /** Mean of all windows over a voxel. */
  z.strictObject({ kind: z.literal('constant'), overlap: share, convention }),
  /** As `constant`, weighted by a Gaussian round the window's centre with `sigma` times its size (MONAI and nnU-Net: 0.125). */
  z.strictObject({
    kind: z.literal('gaussian'),
    overlap: share,
    sigma: z._default(z.number().check(z.positive()), 0.125),
    convention,
  }),
]);

/** What one call of the graph is given. Sizes in voxels of the prepared volume, in the tensor's order [D, H, W]. */
export const patch = z.discriminatedUnion('mode', [
  /**
   * Everything at once; `multipleOf` pads each axis at its end, with 0, to a multiple of this (what the network's strides need). A
   * convolutional graph that would need too much memory runs in windows that give exactly the same answer.
   */
  z.strictObject({ mode: z.literal('whole'), multipleOf: z._default(extents, [1, 1, 1]) }),
  z.strictObject({
    mode: z.literal('slidingWindow'),
    size: extents,
    /** Sizes that serve too where memory is short, largest first; a network that takes one size has none. */
    smaller: z._default(z.array(extents), []),
    blending,
    /** Test-time mirroring: the mean of what the graph answers (before any activation) to every combination of these axes, flipped back. */
    mirror: z._default(z.array(z.enum(['D', 'H', 'W'])), []),
    /** Windows whose kept part holds no voxel of this mask are not run; they are background (0), and counted in the result. */
    onlyWhere: z.optional(z.string()),
    /** Windows whose every prepared value is at most this (air, padding) are not run; as above. */
    skipBelow: z.optional(z.number()),
  }),
  /** 2-D and 2.5-D networks: slice by slice along the tensor's first spatial axis, always `batch` slices a call (the last call's rest is 0). */
  z.strictObject({
    mode: z.literal('slices'),
    batch: z._default(count, 1),
    /** Pads H and W at their ends, with 0, to a multiple of this. */
    multipleOf: z._default(z.tuple([count, count]), [1, 1]),
  }),
]);
