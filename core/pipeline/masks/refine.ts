import type { Vec3 } from '../../geometry/index.ts';
import type { Volume } from '../../volume/index.ts';
import type { Lattice } from '../lattice.ts';

/** What a lattice cell says of the voxels in it. */
const cellState = { outside: 0, inside: 1, byValue: 2 } as const;

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
  const { rowFactor } = lattice;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      const base = ok[k]! + oj[j]!;
      const row = (k * dims[1] + j) * dims[0];
      for (let i = 0; i < dims[0]; i += rowFactor) {
        const state = states[base + oi[i]!];
        if (state === cellState.outside) continue;
        const end = row + Math.min(dims[0], i + rowFactor);
        for (let voxel = row + i; voxel < end; voxel++) {
          const passes = below ? samples[voxel]! < limit : samples[voxel]! > limit;
          if (passes || state === cellState.inside) mask[voxel] = 1;
        }
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
    const next = current.slice();
    const block = stride * length;
    for (let from = 0; from < mask.length; from += block) {
      combine(next, current, from + stride, from + block, -stride, kind);
      combine(next, current, from, from + block - stride, stride, kind);
    }
    current = next;
    stride = block;
  }
  return current;
}

/** target[v] becomes target[v] | source[v + offset] (`any`) or & (`all`). */
function combine(
  target: Uint8Array,
  source: Uint8Array,
  from: number,
  to: number,
  offset: number,
  kind: 'any' | 'all',
): void {
  if (kind === 'any') for (let v = from; v < to; v++) target[v]! |= source[v + offset]!;
  else for (let v = from; v < to; v++) target[v]! &= source[v + offset]!;
}
