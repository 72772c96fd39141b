import { labelComponents, largestComponents, paintComponent } from '../components.ts';
import type { Lattice } from '../lattice.ts';
import { fillHolesPerSlice } from './holes.ts';
import { dilate, erode } from './morphology.ts';

/** Anything thinner than twice this, mm, does not hold two parts of the body together: the table top, blankets, tubes. */
const OPENING_RADIUS = 4;

/**
 * The patient on the lattice, without table and outside air, air inside filled slice by slice (lungs, airways, bowel).
 * The largest component above the threshold that survives an opening; the opening cuts what only touches the skin.
 * @param cells mean value of each cell, HU
 */
export function bodyCells(cells: Float32Array, lattice: Lattice, above: number): Uint8Array {
  const { dims, spacing } = lattice;
  const tissue = new Uint8Array(cells.length);
  for (let cell = 0; cell < cells.length; cell++) tissue[cell] = cells[cell]! > above ? 1 : 0;
  const core = largest(erode(tissue, dims, spacing, OPENING_RADIUS), lattice);
  const body = dilate(core, dims, spacing, OPENING_RADIUS + Math.max(...spacing) / 2);
  for (let cell = 0; cell < body.length; cell++) body[cell]! &= tissue[cell]!;
  fillHolesPerSlice(body, dims);
  return body;
}

function largest(mask: Uint8Array, lattice: Lattice): Uint8Array {
  const components = labelComponents(mask, lattice.dims);
  const kept = new Uint8Array(mask.length);
  for (const label of largestComponents(components, 1)) paintComponent(components, label, kept);
  return kept;
}
