import { OverreadError } from '../../errors/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { coarsen, latticeOf } from '../lattice.ts';
import type { Steps } from '../steps.ts';
import { bodyCells } from './body-mask.ts';
import { lungCells } from './lung-field.ts';
import { middleOfBody, type LungMap } from './place.ts';
import { cellStates, refine } from './refine.ts';

export { noticesOf } from './notices.ts';
export { placeInLungs, type LungMap, type LungPlace } from './place.ts';

type MaskStep = Manifest['input']['masks'][number];

/** A mask on the voxels of the source grid. */
export interface Mask {
  readonly bits: Uint8Array;
  /** Where the mask is a lung field. */
  readonly lungs: LungMap | null;
}

export type Masks = ReadonlyMap<string, Mask>;

/** Size of the cells in which connectivity and distances are worked out, mm; the edges of the masks are drawn at full resolution. */
const CELL_SIZE = 2.2;
/** HU range of the cells: padding counts as air, metal as dense bone. */
const [LOWEST, HIGHEST] = [-1024, 3071];

/**
 * The masks of a manifest, in its order, from a volume in HU.
 * @throws OverreadError `pipeline.mask-empty` where a mask has no voxel (no patient, no lungs in the series)
 */
export async function computeMasks(volume: Volume, wanted: readonly MaskStep[], steps: Steps): Promise<Masks> {
  const masks = new Map<string, Mask>();
  await steps.tell(0, wanted.length + 1);
  if (wanted.length === 0) return masks;
  const lattice = latticeOf(volume.grid, CELL_SIZE);
  const cells = coarsen(volume.samples, volume.grid.dims, lattice, LOWEST, HIGHEST);
  const bodies = new Map<string, Uint8Array>();
  await steps.tell(1, wanted.length + 1);
  for (const [done, step] of wanted.entries()) {
    if (step.kind === 'bodyMask') {
      const body = notEmpty(bodyCells(cells, lattice, step.above), step.id, 'no patient was found above the threshold');
      bodies.set(step.id, body);
      await steps.pause();
      const states = cellStates(body, body, lattice.dims);
      masks.set(step.id, { bits: refine(volume, lattice, states, { above: step.above }), lungs: null });
    } else {
      const body = bodies.get(step.body) ?? new Uint8Array(cells.length);
      const lungs = lungCells(cells, body, lattice, step);
      notEmpty(lungs.field, step.id, `no lung of at least ${step.minVolume} mL was found`);
      await steps.pause();
      const states = cellStates(lungs.field, lungs.air, lattice.dims);
      const map = { lattice, parts: lungs.parts, bodyMiddle: middleOfBody(body, lattice.dims) };
      masks.set(step.id, { bits: refine(volume, lattice, states, { below: step.below }), lungs: map });
    }
    await steps.tell(done + 2, wanted.length + 1);
  }
  return masks;
}

function notEmpty(mask: Uint8Array, id: string, why: string): Uint8Array {
  if (!mask.includes(1)) throw new OverreadError('pipeline.mask-empty', { why, details: { mask: id } });
  return mask;
}
