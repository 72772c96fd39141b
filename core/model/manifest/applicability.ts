import * as z from 'zod/mini';
import { count, millimetres } from './values.ts';

/** Which series a model may be run on. Every field that is there must hold; what a series does not say is not held against it. */
export const applicability = z.strictObject({
  modalities: z.array(z.string()).check(z.minLength(1), z.describe('Modality (0008,0060), any of.')),
  bodyParts: z.optional(z.array(z.string()).check(z.describe('BodyPartExamined (0018,0015), any of.'))),
  views: z.optional(z.array(z.string()).check(z.describe('ViewPosition (0018,5101), any of, for projection images.'))),
  planes: z.optional(
    z
      .array(z.enum(['axial', 'coronal', 'sagittal']))
      .check(z.minLength(1), z.describe('Plane that the slices are nearest to, any of.')),
  ),
  contrast: z.optional(
    z.enum(['with', 'without']).check(z.describe('Contrast agent, by ContrastBolusAgent (0018,0010).')),
  ),
  sopClasses: z.optional(z.array(z.string()).check(z.describe('SOPClassUID (0008,0016), any of.'))),
  minSlices: z.optional(count),
  maxSlices: z.optional(count),
  minSliceSpacing: z.optional(millimetres.check(z.describe('Smallest distance between neighbouring slices, mm.'))),
  maxSliceSpacing: z.optional(millimetres.check(z.describe('Largest distance between neighbouring slices, mm.'))),
  minPixelSpacing: z.optional(millimetres.check(z.describe('Smallest in-plane pixel spacing, mm.'))),
  maxPixelSpacing: z.optional(millimetres.check(z.describe('Largest in-plane pixel spacing, mm.'))),
  minExtent: z.optional(millimetres.check(z.describe('Smallest extent along the slice normal, mm.'))),
});
