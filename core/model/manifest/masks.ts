import * as z from 'zod/mini';
import { millimetres } from './values.ts';

/** Masks computed from the series itself, before the graph runs, from the first channel's modality values (HU for CT). */
export const maskStep = z.discriminatedUnion('kind', [
  /** Largest connected component above the threshold, per-slice holes filled: the patient without table and outside air. */
  z.strictObject({ kind: z.literal('bodyMask'), id: z.string(), above: z.number() }),
  /** Air inside a body mask: components that touch the border removed, the largest one or two kept, airways excluded, closed by a radius so that nodules and vessels at the wall lie inside. */
  z.strictObject({
    kind: z.literal('lungField'),
    id: z.string(),
    body: z.string(),
    below: z.number(),
    minVolume: z.number(),
    closingRadius: millimetres,
  }),
  /** Every voxel above the value: what MONAI's CropForeground crops to. */
  z.strictObject({ kind: z.literal('threshold'), id: z.string(), above: z.number() }),
]);
