import * as z from 'zod/mini';
import { count, field, findingKind, millimetres } from './values.ts';

const labelValues = z.array(z.int());
const ofLabels = field('Only for labels of these values; absent: for all.', z.optional(labelValues));
const onlyLabels = field('Only labels of these values; absent: all.', z.optional(labelValues));

const measurement = z.discriminatedUnion('kind', [
  field('Volume, mL.', z.strictObject({ kind: z.literal('volume'), labels: ofLabels })),
  field('Mean of the modality values, in their unit.', z.strictObject({ kind: z.literal('mean'), labels: ofLabels })),
  field(
    'Share of the volume whose modality value is below a threshold, percent.',
    z.strictObject({
      kind: z.literal('shareBelow'),
      threshold: field('In modality units (HU for CT).', z.number()),
      labels: ofLabels,
    }),
  ),
]);

export const finishStep = z.discriminatedUnion('kind', [
  field(
    'Replaces the argmax inside a mask: its voxels get one label.',
    z.strictObject({
      kind: z.literal('assignMask'),
      mask: field('Name of a mask of `input.masks`.', z.string()),
      label: field('Value that its voxels get.', z.int()),
      except: field('Values of labels that stay as they are.', z.optional(labelValues)),
    }),
  ),
  field(
    'Keeps the largest connected components of each label (26 neighbours; MONAI: KeepLargestConnectedComponent).',
    z.strictObject({
      kind: z.literal('keepLargest'),
      labels: onlyLabels,
      count: field('How many.', z._default(count, 1)),
      together: field('All the labels together count as one thing.', z._default(z.boolean(), false)),
    }),
  ),
  field(
    'Removes small connected components.',
    z.strictObject({
      kind: z.literal('removeSmall'),
      labels: onlyLabels,
      minVolume: field('Components smaller than this go, mL.', z.number().check(z.positive())),
    }),
  ),
  field(
    'Background that a label encloses becomes that label; other labels inside stay.',
    z.strictObject({
      kind: z.literal('fillHoles'),
      labels: onlyLabels,
      across: field(
        'Enclosed within a slice of the series, or in all three dimensions (MONAI: FillHoles).',
        z._default(z.enum(['slice', 'volume']), 'slice'),
      ),
    }),
  ),
  field(
    'One finding per label, with measurements.',
    z.strictObject({
      kind: z.literal('measureLabels'),
      measurements: field('What is measured.', z.array(measurement)),
    }),
  ),
  field(
    'One finding per connected component of a label: region, axes and volume.',
    z.strictObject({
      kind: z.literal('components'),
      label: field('Value of the label.', z.int()),
      minVolume: field('Smaller components are left out, mL.', z.number().check(z.minimum(0))),
      maxFindings: field('The largest are kept.', count),
      finding: field('What each one is.', findingKind),
    }),
  ),
  field(
    'Local maxima of the heat map, non-maximum suppressed, each grown to a region in the volume and measured. The score of a finding is ' +
      'the map’s value at the peak times the region’s compactness times the share of its surface that borders on air.',
    z.strictObject({
      kind: z.literal('peaks'),
      output: field('Name of the heat map’s output; absent: the only one.', z.exactOptional(z.string())),
      within: field('Name of a mask of `input.masks` that a peak must lie in.', z.optional(z.string())),
      minScore: field('Least value of a peak.', z.number()),
      maxFindings: field('The highest scores are kept.', count),
      minDistance: field('Nearer peaks are one, mm.', millimetres),
      minDiameter: field('Smallest equivalent diameter of a finding, mm.', millimetres),
      maxDiameter: field('Largest equivalent diameter of a finding, mm.', millimetres),
      background: field(
        'What lies round a finding, in modality units: its region ends half the way from there to what it is made of. Air in lung (CT) unless said otherwise.',
        z._default(z.number(), -850),
      ),
      densest: field(
        'More than this, in modality units, does not raise that half way: calcium in a nodule (CT) unless said otherwise.',
        z._default(z.number(), 50),
      ),
      finding: field('What each one is.', findingKind),
    }),
  ),
]);
