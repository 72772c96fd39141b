import * as z from 'zod/mini';
import { field } from './values.ts';

const id = field('Name by which other fields speak of it.', z.string());

export const maskStep = z.discriminatedUnion('kind', [
  field(
    'The patient without table and outside air: the largest connected component above a threshold, its holes filled slice by slice.',
    z.strictObject({
      kind: z.literal('bodyMask'),
      id,
      above: field('Threshold, in modality units (HU for CT).', z.number()),
    }),
  ),
  field(
    'Air inside a body mask: components that touch the border removed, the largest one or two kept, airways excluded, closed by a radius ' +
      'so that nodules and vessels at the wall lie inside.',
    z.strictObject({
      kind: z.literal('lungField'),
      id,
      body: field('Name of the body mask, defined before.', z.string()),
      below: field('Threshold of air, in modality units.', z.number()),
      minVolume: field('Smaller components are no lung, mL.', z.number()),
      closingRadius: field('Radius of the closing, mm.', z.number().check(z.positive(), z.maximum(100))),
    }),
  ),
  field(
    'Every voxel above a value: what MONAI’s CropForeground crops to.',
    z.strictObject({ kind: z.literal('threshold'), id, above: field('In modality units.', z.number()) }),
  ),
]);
