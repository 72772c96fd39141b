import * as z from 'zod/mini';
import { count, field } from './values.ts';

const origin = field(
  'Where a coordinate of 0 lies: at the outer edge of the window’s first voxel (Torchvision) or at its centre (MONAI).',
  z._default(z.enum(['edge', 'centre']), 'edge'),
);

const level = z.strictObject({
  stride: field(
    'Size of a cell in voxels, in the tensor’s order; two numbers for 2-D.',
    z.array(count).check(z.minLength(2), z.maxLength(3)),
  ),
  sizes: field(
    'Size of each anchor in voxels, in the tensor’s order.',
    z.array(z.array(z.number().check(z.positive()))).check(z.minLength(1)),
  ),
});

export const boxEncoding = z.discriminatedUnion('kind', [
  field(
    'Boxes as they are.',
    z.strictObject({
      kind: z.literal('boxes'),
      order: field(
        'What the numbers of a row are: low and high corners (x y x y), or centre and size (cx cy w h; d along z).',
        z.enum(['xyxy', 'yxyx', 'cxcywh', 'cycxhw', 'xyxyzz', 'zyzyxx', 'xyzxyz', 'zyxzyx', 'cxcyczwhd', 'czcycxdhw']),
      ),
      unit: field(
        '`voxel`: voxels of the window; `relative`: shares of its size.',
        z._default(z.enum(['voxel', 'relative']), 'voxel'),
      ),
      origin,
    }),
  ),
  field(
    'Deltas against anchors, as in Faster R-CNN and RetinaNet (3-D in MONAI and nnDetection): levels, then cells (first axis slowest), then anchors.',
    z.strictObject({
      kind: z.literal('anchors'),
      levels: field('The levels of the feature pyramid.', z.array(level).check(z.minLength(1))),
      weights: field(
        'Divisors of the deltas: centres, then sizes, in the tensor’s order; empty: 1.',
        z._default(z.array(z.number().check(z.positive())), []),
      ),
      order: field(
        'Deltas of centre and logarithm of size are given in the tensor’s order (`zyx`) or turned (`xyz`).',
        z._default(z.enum(['zyx', 'xyz']), 'zyx'),
      ),
      centred: field(
        'Where a cell’s anchors are centred: in its middle or at its first corner.',
        z._default(z.enum(['middle', 'corner']), 'middle'),
      ),
      origin,
    }),
  ),
]);
