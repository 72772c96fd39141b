import type { SegmentationKind } from '@overread/core/results';
import * as z from 'zod/mini';

/** What a Save writes beside the SR. The SR alone is the result; the rest draws it, or repeats it for other displays. */
export interface StoredKinds {
  /**
   * The mask as a SEG, and of which kind. `binary` is taken by every archive. A mask is certain of each voxel:
   * `fractional` gives it the full value there, for displays that read nothing else.
   */
  readonly segmentation: SegmentationKind | false;
  /** The heat map as a Parametric Map, so that it comes back with the result; true: as `mapForm` finds best. */
  readonly heatMap: boolean | 'own-grid';
  /** Boxes and labels as a Presentation State, for displays that read no SR. Written anew with each Save. */
  readonly presentationState: boolean;
  /** Pictures of the slices that matter with everything burned in, for displays that know nothing better. */
  readonly secondaryCapture: boolean;
  /** A Key Object Selection of the slices that matter. */
  readonly keyObjects: boolean;
}

/** Reads one setting: its value where it is sound, else what holds instead, and the fault is told. */
export type ReadField = <T>(name: string, value: unknown, schema: z.ZodMiniType<T>, fallback: T) => T;

const defaults: StoredKinds = {
  segmentation: 'binary',
  heatMap: true,
  presentationState: false,
  secondaryCapture: false,
  keyObjects: false,
};

export const storeFields = Object.keys(defaults);

const kind = z.union([z.boolean(), z.enum(['binary', 'labelmap', 'fractional'])]);
const grid = z.union([z.boolean(), z.literal('own-grid')]);

/**
 * @param given `store` of the site's settings.
 * @param segmentation The setting `segmentation` beside it, true or false, which came before `store` and still holds where
 *   that says nothing.
 */
export function readStoredKinds(
  given: Readonly<Record<string, unknown>>,
  segmentation: unknown,
  read: ReadField,
): StoredKinds {
  const former = read('segmentation', segmentation, z.boolean(), true);
  const mask = read('store.segmentation', given['segmentation'], kind, former);
  const flag = (name: Exclude<keyof StoredKinds, 'segmentation' | 'heatMap'>) =>
    read(`store.${name}`, given[name], z.boolean(), defaults[name]);
  return {
    segmentation: mask === true ? 'binary' : mask,
    heatMap: read('store.heatMap', given['heatMap'], grid, defaults.heatMap),
    presentationState: flag('presentationState'),
    secondaryCapture: flag('secondaryCapture'),
    keyObjects: flag('keyObjects'),
  };
}
