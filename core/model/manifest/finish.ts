import * as z from 'zod/mini';
import { findingKind, millimetres, count } from './values.ts';

const labelValues = z.array(z.int());

const measurement = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('volume'), labels: z.optional(labelValues) }),
  z.strictObject({ kind: z.literal('mean'), labels: z.optional(labelValues) }),
  z.strictObject({ kind: z.literal('shareBelow'), threshold: z.number(), labels: z.optional(labelValues) }),
]);

/** Steps from the stitched outputs to findings and measurements, in order, on the grid of the series. */
export const finishStep = z.discriminatedUnion('kind', [
  /** Replaces the argmax inside a mask: voxels of `mask` that are none of `except` get `label`. */
  z.strictObject({
    kind: z.literal('assignMask'),
    mask: z.string(),
    label: z.int(),
    except: z.optional(labelValues),
  }),
  /** Keeps the `count` largest connected components of each label (26 neighbours; MONAI's KeepLargestConnectedComponent). */
  z.strictObject({
    kind: z.literal('keepLargest'),
    labels: z.optional(labelValues),
    count: z._default(count, 1),
    /** All the labels together count as one thing. */
    together: z._default(z.boolean(), false),
  }),
  /** Removes components smaller than this, mL. */
  z.strictObject({
    kind: z.literal('removeSmall'),
    labels: z.optional(labelValues),
    minVolume: z.number().check(z.positive()),
  }),
  /** Fills what a label encloses, slice by slice. */
  z.strictObject({ kind: z.literal('fillHoles'), labels: z.optional(labelValues) }),
  /** One finding per label with these measurements. */
  z.strictObject({ kind: z.literal('measureLabels'), measurements: z.array(measurement) }),
  /** One finding per connected component of a label: region, axes and volume. */
  z.strictObject({
    kind: z.literal('components'),
    label: z.int(),
    minVolume: z.number().check(z.minimum(0)),
    maxFindings: count,
    finding: findingKind,
  }),
  /**
   * Local maxima of the heat map, non-maximum suppressed, each grown to a region in the volume and measured. The score of a
   * finding is the map's value at the peak times the region's compactness times the share of its surface that borders on air.
   */
  z.strictObject({
    kind: z.literal('peaks'),
    within: z.optional(z.string()),
    minScore: z.number(),
    maxFindings: count,
    minDistance: millimetres,
    /** Smallest and largest equivalent diameter of a finding, mm. */
    minDiameter: millimetres,
    maxDiameter: millimetres,
    finding: findingKind,
  }),
]);
