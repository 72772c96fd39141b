import { OverreadError } from '../../errors/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { coarsen, latticeOf } from '../lattice.ts';
import { turnOf } from '../prepare/channels.ts';
import type { Steps } from '../steps.ts';
import { bodyCells } from './body-mask.ts';
import { MaskKeeper, type Mask, type MaskWork } from './keeper.ts';
import { lungCells } from './lung-field.ts';
import { middleOf } from './place.ts';
import { cellStates, refine } from './refine.ts';

export { MaskKeeper } from './keeper.ts';
export { noticesOf } from './notices.ts';
export { placeInLungs, type LungMap, type LungPlace } from './place.ts';

type MaskStep = Manifest['input']['masks'][number];
type BodyStep = Extract<MaskStep, { kind: 'bodyMask' }>;
type ThresholdStep = Extract<MaskStep, { kind: 'threshold' }>;
type LungStep = Extract<MaskStep, { kind: 'lungField' }>;

export type Masks = ReadonlyMap<string, Mask>;

/** Size of the cells in which connectivity and distances are worked out, mm; the edges of the masks are drawn at full resolution. */
const CELL_SIZE = 2.2;
/** HU range of the cells: padding counts as air, metal as dense bone. */
const [LOWEST, HIGHEST] = [-1024, 3071];

/**
 * The masks of a manifest, in its order, from a volume in HU.
 * @param keeper where masks of the same volume may stand already; these are kept there too
 * @throws OverreadError `pipeline.mask-empty` where a mask has no voxel (no patient, no lungs in the series)
 */
export async function computeMasks(
  volume: Volume,
  wanted: readonly MaskStep[],
  steps: Steps,
  keeper = new MaskKeeper(),
): Promise<Masks> {
  const masks = new Map<string, Mask>();
  await steps.tell(0, wanted.length + 1);
  if (wanted.length === 0) return masks;
  const work = keeper.of(volume);
  await steps.tell(1, wanted.length + 1);
  for (const [done, step] of wanted.entries()) {
    const above = wanted.find((other): other is BodyStep => other.id === bodyOf(step))?.above;
    const recipe = JSON.stringify({ ...step, id: '', body: above });
    const mask = work.masks.get(recipe) ?? (await makeMask(step, above, work, steps));
    work.masks.set(recipe, mask);
    masks.set(step.id, mask);
    await steps.tell(done + 2, wanted.length + 1);
  }
  keeper.keep(work);
  return masks;
}

function bodyOf(step: MaskStep): string {
  return step.kind === 'lungField' ? step.body : step.id;
}

function makeMask(step: MaskStep, above: number | undefined, work: MaskWork, steps: Steps): Promise<Mask> {
  switch (step.kind) {
    case 'bodyMask':
      return makeBody(step, work, steps);
    case 'lungField':
      return makeLungs(step, above, work, steps);
    case 'threshold':
      return Promise.resolve(makeThreshold(step, work));
  }
}

function makeThreshold({ id, above }: ThresholdStep, { volume }: MaskWork): Mask {
  const bits = new Uint8Array(volume.samples.length);
  const turned = turnOf(volume);
  // As the graph sees it: above the value once turned is below its counterpart before.
  if (turned === null) for (let v = 0; v < bits.length; v++) bits[v] = volume.samples[v]! > above ? 1 : 0;
  else for (let v = 0; v < bits.length; v++) bits[v] = volume.samples[v]! < turned - above ? 1 : 0;
  return { bits: notEmpty(bits, id, `no voxel lies above ${above}`), lungs: null };
}

async function makeBody({ id, above }: BodyStep, work: MaskWork, steps: Steps): Promise<Mask> {
  const { lattice, cells } = groundOf(work);
  const body = notEmpty(bodyCells(cells, lattice, above), id, 'no patient was found above the threshold');
  work.bodies.set(above, body);
  await steps.pause();
  const states = cellStates(body, body, lattice.dims);
  return { bits: refine(work.volume, lattice, states, { above }), lungs: null };
}

async function makeLungs(step: LungStep, above: number | undefined, work: MaskWork, steps: Steps): Promise<Mask> {
  const { lattice, cells } = groundOf(work);
  const body = (above === undefined ? undefined : work.bodies.get(above)) ?? new Uint8Array(cells.length);
  const lungs = lungCells(cells, body, lattice, step);
  notEmpty(lungs.field, step.id, `no lung of at least ${step.minVolume} mL was found`);
  await steps.pause();
  const states = cellStates(lungs.field, lungs.air, lattice.dims);
  const middles = lungs.parts.map((part) => middleOf(part, lattice.dims));
  const map = { lattice, parts: lungs.parts, middles, bodyMiddle: middleOf(body, lattice.dims) };
  return { bits: refine(work.volume, lattice, states, { below: step.below }), lungs: map };
}

function groundOf(work: MaskWork): NonNullable<MaskWork['ground']> {
  if (work.ground === null) {
    const { samples, grid } = work.volume;
    const lattice = latticeOf(grid, CELL_SIZE);
    work.ground = { lattice, cells: coarsen(samples, grid.dims, lattice, LOWEST, HIGHEST) };
  }
  return work.ground;
}

function notEmpty(mask: Uint8Array, id: string, why: string): Uint8Array {
  if (!mask.includes(1)) throw new OverreadError('pipeline.mask-empty', { why, details: { mask: id } });
  return mask;
}
