import * as z from 'zod/mini';
import { boxEncoding } from './boxes.ts';
import { code, colour, count, field, findingKind, name, share } from './values.ts';

const label = z.strictObject({
  value: field('Value in the label map and number of the segment.', z.int().check(z.minimum(1), z.maximum(255))),
  name: field('Name on screen.', z.string()),
  category: field('SegmentedPropertyCategory (0062,0003).', code),
  type: field('SegmentedPropertyType (0062,000F).', code),
  modifier: field('What narrows the type down, e.g. (24028007, SCT, Right); absent: nothing.', z.exactOptional(code)),
  anatomicRegion: field(
    'Where in the body, of a type that does not say it itself; absent: nowhere.',
    z.exactOptional(code),
  ),
  colour,
  within: field('Name of a mask where this label may stand: outside it becomes background.', z.optional(z.string())),
});
const labels = field(
  'What each channel or number means. Values differ between the outputs of a model, too.',
  z.array(label).check(z.minLength(1)),
);
const outputName = field('Name of the graph output.', z.string());
const activation = field('Applied to the scores.', z._default(z.enum(['none', 'sigmoid', 'softmax']), 'none'));
const classes = field('What each class is, in the order of the columns.', z.array(findingKind).check(z.minLength(1)));
const background = field('The first column is *nothing found* and makes no finding.', z._default(z.boolean(), false));

const occlusion = z.strictObject({
  kind: z.literal('occlusion'),
  size: field('Size of the block [D, H, W], voxels.', z.tuple([count, count, count])),
  step: field('Distance between blocks [D, H, W], voxels.', z.tuple([count, count, count])),
  fill: field('Value that covers the block, in prepared units.', z.number()),
});

const regressionValue = z.strictObject({
  name: field('Name on screen.', name),
  quantity: field('What it is.', code),
  unit: field('Its unit (UCUM).', code),
  scale: field('Factor of the output.', z._default(z.number(), 1)),
  offset: field('Added to the product.', z._default(z.number(), 0)),
});

export const output = z.discriminatedUnion('kind', [
  field(
    'Scores per voxel and label, [1, C, D, H, W] (2-D: [N, C, H, W]). `softmax`: C = 1 + labels, channel 0 is background, the largest wins. ' +
      '`sigmoid`: C = labels, each on its own. `none`: as `sigmoid`, of probabilities that the graph itself gives.',
    z.strictObject({
      kind: z.literal('maskLogits'),
      name: outputName,
      activation: field(
        'What makes probabilities of them.',
        z._default(z.enum(['softmax', 'sigmoid', 'none']), 'softmax'),
      ),
      threshold: field('Least probability of a label, for `sigmoid` and `none`.', z._default(share, 0.5)),
      overlap: field(
        'Where several labels of `sigmoid` or `none` hold. `kept`: each keeps its voxels, in the result and in what is stored of it. ' +
          '`later`: the later label alone stands (nnU-Net’s regions, whose labels are what one region has and the next has not).',
        z._default(z.enum(['kept', 'later']), 'kept'),
      ),
      labels,
    }),
  ),
  field(
    'Labels as whole numbers, chosen inside the graph: [1, 1, D, H, W] or [1, D, H, W]; number n is the n-th label, 0 background.',
    z.strictObject({ kind: z.literal('labelMap'), name: outputName, labels }),
  ),
  field(
    'One value per voxel, [1, 1, D, H, W] (2-D: [N, 1, H, W]).',
    z.strictObject({
      kind: z.literal('heatMap'),
      name: outputName,
      activation: field('Applied to the values.', z._default(z.enum(['none', 'sigmoid']), 'none')),
      label: field('Name on screen; absent: what the value is.', z.exactOptional(name)),
      quantity: field('What the value is.', code),
      unit: field('Its unit (UCUM).', code),
      displayRange: field('Values drawn with the least and the greatest colour.', z.tuple([z.number(), z.number()])),
    }),
  ),
  field(
    'Boxes [N, 4 or 6] (or [1, N, …]) with scores [N, classes] or [N], non-maximum suppressed by the engine within and across windows.',
    z.strictObject({
      kind: z.literal('boxes'),
      name: outputName,
      scores: field('Name of the graph output with the scores.', z.string()),
      classIndices: field(
        'Name of the graph output with one class index per box, where scores are [N]; absent: scores have a column per class.',
        z.optional(z.string()),
      ),
      encoding: field(
        'How boxes come out of the graph: corners or centres and sizes in voxels of the window. x runs along the tensor’s last axis (W), ' +
          'y along H, z along its first spatial axis (D): what MONAI calls `xyzxyz` names the first axis first and is `zyxzyx` here.',
        boxEncoding,
      ),
      activation,
      background: field('The first column of the scores is background.', z._default(z.boolean(), false)),
      classes,
      minScore: field('Boxes below this are no findings.', z.number()),
      maxOverlap: field(
        'Boxes of one class that overlap more than this (intersection over union) are one.',
        z._default(share, 0.3),
      ),
      joinGap: field(
        'Boxes of a 2-D detector that lie over each other (by more than `maxOverlap`) in neighbouring slices are one finding; so many slices ' +
          'between may lack theirs. null: every slice has findings of its own.',
        z._default(z.nullable(z.int().check(z.minimum(0), z.maximum(10))), 0),
      ),
      maxFindings: field('The highest scores are kept.', z._default(count, 100)),
    }),
  ),
  field(
    'Scores of the whole series, or one row per slice: [N, classes].',
    z.strictObject({
      kind: z.literal('classScores'),
      name: outputName,
      activation,
      background,
      classes,
      per: field('What a row is about.', z._default(z.enum(['series', 'slice']), 'series')),
      combine: field(
        'How slices, or windows, become one score of the series.',
        z._default(z.enum(['max', 'mean']), 'max'),
      ),
      saliency: field(
        'On demand: how much the score falls where a block of the input is covered.',
        z._default(z.nullable(occlusion), null),
      ),
    }),
  ),
  field(
    'Numbers, [1, values]: `scale` times the output plus `offset`.',
    z.strictObject({
      kind: z.literal('regression'),
      name: outputName,
      finding: field('What the numbers are about.', findingKind),
      values: field('What each number is.', z.array(regressionValue).check(z.minLength(1))),
    }),
  ),
]);
