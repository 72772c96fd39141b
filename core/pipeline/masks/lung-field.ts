import { labelComponents, largestComponents, paintComponent, type Components } from '../components.ts';
import type { Lattice } from '../lattice.ts';
import { airwayCells } from './airways.ts';
import { close, dilate } from './morphology.ts';
import { splitLungs } from './split-lungs.ts';

export interface LungFieldOptions {
  /** Air is below this, HU. */
  readonly below: number;
  /** Smallest lung, mL. */
  readonly minVolume: number;
  /** Radius of the closing, mm: pits in the wall narrower than twice this (nodules, vessels) come to lie inside. */
  readonly closingRadius: number;
}

/** The lungs on the lattice. */
export interface LungField {
  /** 1 in the closed lungs. */
  readonly field: Uint8Array;
  /** 1 in the air of the lungs, before the closing. */
  readonly air: Uint8Array;
  /** `field` again, one array per lung (one array if only one was found, or both are joined inseparably). */
  readonly parts: readonly Uint8Array[];
}

/** A second component is the other lung, and not gas in the stomach, when it has this share of the first one's volume. */
const SECOND_LUNG_SHARE = 0.2;
/** Airways keep this distance, mm, from the lung they end in: their wall and its partial volume. */
const AIRWAY_RIM = 2;

/** Finds the lungs among the air inside a body; `parts` is empty where there are none. @param cells mean value of each cell, HU */
export function lungCells(
  cells: Float32Array,
  body: Uint8Array,
  lattice: Lattice,
  options: LungFieldOptions,
): LungField {
  const { dims, spacing } = lattice;
  const airways = dilate(airwayCells(cells, body, lattice), dims, spacing, AIRWAY_RIM);
  const inner = new Uint8Array(cells.length);
  for (let cell = 0; cell < cells.length; cell++) {
    inner[cell] = body[cell] !== 0 && airways[cell] === 0 && cells[cell]! < options.below ? 1 : 0;
  }
  const components = labelComponents(inner, dims);
  const cellVolume = (spacing[0] * spacing[1] * spacing[2]) / 1000;
  const air = new Uint8Array(cells.length);
  const field = new Uint8Array(cells.length);
  const lungs = lungLabels(components, options.minVolume / cellVolume).map((label) => {
    paintComponent(components, label, air);
    return paintComponent(components, label, new Uint8Array(cells.length));
  });
  const [only] = lungs;
  const apart = lungs.length === 1 && only ? splitLungs(only, dims, spacing, SECOND_LUNG_SHARE) : lungs;
  // Each lung is closed alone, or the closing would bridge the mediastinum.
  const parts = apart.map((lung) => {
    const closed = close(lung, dims, spacing, options.closingRadius);
    for (let cell = 0; cell < closed.length; cell++) {
      closed[cell] = closed[cell] !== 0 && body[cell] !== 0 && airways[cell] === 0 ? 1 : 0;
      field[cell]! |= closed[cell]!;
    }
    return closed;
  });
  return { field, air, parts };
}

function lungLabels(components: Components, minCells: number): number[] {
  const [first, second] = largestComponents(components, 2);
  if (first === undefined || components.sizes[first]! < minCells) return [];
  const isLung =
    second !== undefined &&
    components.sizes[second]! >= Math.max(minCells, SECOND_LUNG_SHARE * components.sizes[first]!);
  return isLung ? [first, second] : [first];
}
