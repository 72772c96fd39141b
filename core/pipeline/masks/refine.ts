import type { Vec3 } from '../../geometry/index.ts';
import type { Volume } from '../../volume/index.ts';
import type { Lattice } from '../lattice.ts';

/** What a lattice cell says of the voxels in it. */
export const cellState = { outside: 0, inside: 1, byValue: 2 } as const;

/**
 * Marks the cells whose voxels the lattice cannot decide: those of `uncertain` or beside one (26 neighbours) that are not well inside the mask.
 * The result holds a `cellState` per cell.
 */
export function cellStates(mask: Uint8Array, uncertain: Uint8Array, dims: Vec3): Uint8Array {
  const states = new Uint8Array(mask.length);
  const nearUncertain = neighbourhood(uncertain, dims, 'any');
  const wellInside = neighbourhood(mask, dims, 'all');
  for (let cell = 0; cell < states.length; cell++) {
    if (wellInside[cell] !== 0) states[cell] = cellState.inside;
    else if (nearUncertain[cell] !== 0 && (uncertain[cell] !== 0 || mask[cell] === 0)) states[cell] = cellState.byValue;
    else states[cell] = mask[cell] !== 0 ? cellState.inside : cellState.outside;
  }
  return states;
}

/** A mask on the voxels of the volume from states on the lattice; `byValue` cells take the voxels that pass `below` or `above`. */
export function refine(
  { samples, grid: { dims } }: Pick<Volume, 'samples' | 'grid'>,
  lattice: Lattice,
  states: Uint8Array,
  threshold: { readonly below: number } | { readonly above: number },
): Uint8Array {
  const [oi, oj, ok] = lattice.offsets;
  const below = 'below' in threshold;
  const limit = below ? threshold.below : threshold.above;
  const mask = new Uint8Array(samples.length);
  let voxel = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      const base = ok[k]! + oj[j]!;
      for (let i = 0; i < dims[0]; i++, voxel++) {
        const state = states[base + oi[i]!];
        if (state === cellState.outside) continue;
        if (state === cellState.inside || (below ? samples[voxel]! < limit : samples[voxel]! > limit)) mask[voxel] = 1;
      }
    }
  }
  return mask;
}

/** 3x3x3 maximum (`any`) or minimum (`all`), separable; beyond the edge of the array nothing is known and nothing counts. */
function neighbourhood(mask: Uint8Array, dims: Vec3, kind: 'any' | 'all'): Uint8Array {
  let current = mask;
  let stride = 1;
  for (const length of dims) {
    const next = new Uint8Array(mask.length);
    for (let cell = 0; cell < mask.length; cell++) {
      const position = Math.floor(cell / stride) % length;
      const own = current[cell]!;
      const before = position > 0 ? current[cell - stride]! : own;
      const after = position < length - 1 ? current[cell + stride]! : own;
      next[cell] = kind === 'any' ? own | before | after : own & before & after;
    }
    current = next;
    stride *= length;
  }
  return current;
}
