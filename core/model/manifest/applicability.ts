import * as z from 'zod/mini';
import { count, field, millimetres } from './values.ts';

const texts = z.array(z.string());
const contrast = z.enum(['with', 'without']);
const plane = z.enum(['axial', 'coronal', 'sagittal']);

export const applicability = z.strictObject({
  modalities: field('Modality (0008,0060), any of.', texts.check(z.minLength(1))),
  bodyParts: field('BodyPartExamined (0018,0015), any of.', z.optional(texts)),
  views: field('ViewPosition (0018,5101), any of, for projection images.', z.optional(texts)),
  planes: field('Plane that the slices are nearest to, any of.', z.optional(z.array(plane).check(z.minLength(1)))),
  contrast: field('Contrast agent, by ContrastBolusAgent (0018,0010).', z.optional(contrast)),
  sopClasses: field('SOPClassUID (0008,0016), any of.', z.optional(texts)),
  minSlices: field('Fewest slices.', z.optional(count)),
  maxSlices: field('Most slices.', z.optional(count)),
  minSliceSpacing: field('Smallest distance between neighbouring slices, mm.', z.optional(millimetres)),
  maxSliceSpacing: field('Largest distance between neighbouring slices, mm.', z.optional(millimetres)),
  minPixelSpacing: field('Smallest in-plane pixel spacing, mm.', z.optional(millimetres)),
  maxPixelSpacing: field('Largest in-plane pixel spacing, mm.', z.optional(millimetres)),
  minExtent: field('Smallest extent along the slice normal, mm.', z.optional(millimetres)),
});
