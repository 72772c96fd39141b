import * as z from 'zod/mini';
import { code, colour, count, findingKind, name, share } from './values.ts';

const label = z.strictObject({
  value: z.int().check(z.minimum(1), z.maximum(255)),
  name: z.string(),
  category: code,
  type: code,
  colour,
  /** Where this label may stand: labels outside the mask become background. */
  within: z.optional(z.string()),
});
const labels = z.array(label).check(z.minLength(1));
const activation = z._default(z.enum(['none', 'sigmoid', 'softmax']), 'none');

/**
 * How a detector's boxes come out of the graph: corners or centres and sizes in voxels of the window. x runs along the tensor's last axis (W), y
 * along H, z along its first spatial axis (D): what MONAI calls `xyzxyz` names the first axis first and is `zyxzyx` here.
 */
const boxEncoding = z.discriminatedUnion('kind', [
  /** Boxes as they are. `order` names the numbers of a row: low and high corners (x y x y), or centre and size (cx cy w h; d along z). */
  z.strictObject({
    kind: z.literal('boxes'),
    order: z.enum([
      'xyxy',
      'yxyx',
      'cxcywh',
      'cycxhw',
      'xyxyzz',
      'zyzyxx',
      'xyzxyz',
      'zyxzyx',
      'cxcyczwhd',
      'czcycxdhw',
    ]),
    /** `voxel`: voxels of the window; `relative`: shares of its size. */
    unit: z._default(z.enum(['voxel', 'relative']), 'voxel'),
    /** Where a coordinate of 0 lies: at the outer edge of the window's first voxel (Torchvision) or at its centre (MONAI). */
    origin: z._default(z.enum(['edge', 'centre']), 'edge'),
  }),
  /** Deltas against anchors, as in Faster R-CNN and RetinaNet (3-D in MONAI and nnDetection): levels, then cells (first axis slowest), then anchors. */
  z.strictObject({
    kind: z.literal('anchors'),
    /** Cell size of each level in voxels, in the tensor's order; two numbers for 2-D. */
    levels: z
      .array(
        z.strictObject({
          stride: z.array(count).check(z.minLength(2), z.maxLength(3)),
          /** Size of each anchor in voxels, in the tensor's order. */
          sizes: z.array(z.array(z.number().check(z.positive()))).check(z.minLength(1)),
        }),
      )
      .check(z.minLength(1)),
    /** Divisors of the deltas: centres, then sizes, in the tensor's order. */
    weights: z._default(z.array(z.number().check(z.positive())), []),
    /** Deltas of centre and logarithm of size are given in the tensor's order (`zyx`) or turned (`xyz`). */
    order: z._default(z.enum(['zyx', 'xyz']), 'zyx'),
    /** Where a cell's anchors are centred: in its middle or at its first corner. */
    centred: z._default(z.enum(['middle', 'corner']), 'middle'),
    /** Where a coordinate of 0 lies: at the outer edge of the window's first voxel (Torchvision) or at its centre (MONAI). */
    origin: z._default(z.enum(['edge', 'centre']), 'edge'),
  }),
]);

export const output = z.discriminatedUnion('kind', [
  /**
   * [1, C, D, H, W] (2-D: [N, C, H, W]). `softmax`: C = 1 + labels, channel 0 is background, the largest wins. `sigmoid`: C = labels, each on its own
   * from `threshold` on; where several hold, the later label stands (nnU-Net's regions). `none`: as `sigmoid`, of probabilities that the
   * graph itself gives.
   */
  z.strictObject({
    kind: z.literal('maskLogits'),
    name: z.string(),
    activation: z._default(z.enum(['softmax', 'sigmoid', 'none']), 'softmax'),
    /** Of the probability, for `sigmoid` and `none`. */
    threshold: z._default(share, 0.5),
    labels,
  }),
  /** Labels as whole numbers, chosen inside the graph: [1, 1, D, H, W] or [1, D, H, W]; value n is the n-th label, 0 background. */
  z.strictObject({ kind: z.literal('labelMap'), name: z.string(), labels }),
  /** [1, 1, D, H, W] (2-D: [N, 1, H, W]). */
  z.strictObject({
    kind: z.literal('heatMap'),
    name: z.string(),
    activation: z._default(z.enum(['none', 'sigmoid']), 'none'),
    quantity: code,
    unit: code,
    displayRange: z.tuple([z.number(), z.number()]),
  }),
  /** Boxes [N, 4 or 6] (or [1, N, …]), scores [N, classes] or [N], non-maximum suppressed by the engine within and across windows. */
  z.strictObject({
    kind: z.literal('boxes'),
    name: z.string(),
    scores: z.string(),
    /** Output with one class index per box, where scores are [N]; absent: scores have a column per class. */
    classIndices: z.optional(z.string()),
    encoding: boxEncoding,
    activation,
    /** The first column of the scores is background. */
    background: z._default(z.boolean(), false),
    classes: z.array(findingKind).check(z.minLength(1)),
    minScore: z.number(),
    /** Boxes of one class that overlap more than this (intersection over union) are one. */
    maxOverlap: z._default(share, 0.3),
    maxFindings: z._default(count, 100),
  }),
  /** [N, classes]: whole series (`series`) or one row per slice (`slice`). */
  z.strictObject({
    kind: z.literal('classScores'),
    name: z.string(),
    activation,
    /** The first column is *nothing found* and makes no finding. */
    background: z._default(z.boolean(), false),
    classes: z.array(findingKind).check(z.minLength(1)),
    per: z._default(z.enum(['series', 'slice']), 'series'),
    /** How slices, or windows, become one score of the series. */
    combine: z._default(z.enum(['max', 'mean']), 'max'),
    /** On demand: how much the score falls where a block of this size [D, H, W] is covered with `fill` (prepared units). */
    saliency: z._default(
      z.nullable(
        z.strictObject({
          kind: z.literal('occlusion'),
          size: z.tuple([count, count, count]),
          step: z.tuple([count, count, count]),
          fill: z.number(),
        }),
      ),
      null,
    ),
  }),
  /** [1, values]: one number each, `scale` times the output plus `offset`. */
  z.strictObject({
    kind: z.literal('regression'),
    name: z.string(),
    finding: findingKind,
    values: z
      .array(
        z.strictObject({
          name,
          quantity: code,
          unit: code,
          scale: z._default(z.number(), 1),
          offset: z._default(z.number(), 0),
        }),
      )
      .check(z.minLength(1)),
  }),
]);
