import type { Vec3 } from '../../geometry/index.ts';
import type { Volume } from '../../volume/index.ts';
import type { Lattice } from '../lattice.ts';

/** What a lattice cell says of the voxels in it. */
const cellState = { outside: 0, inside: 1, byValue: 2 } as const;

/** What a cell passes on to its neighbours. */
const flag = { uncertain: 1, outside: 2 } as const;

/**
 * Marks the cells whose voxels the lattice cannot decide: those of `uncertain` or beside one (26 neighbours) that are not well inside the mask.
 * The result holds a `cellState` per cell.
 */
export function cellStates(mask: Uint8Array, uncertain: Uint8Array, dims: Vec3): Uint8Array {
  const states = new Uint8Array(mask.length);
  for (let cell = 0; cell < states.length; cell++)
    states[cell] = (uncertain[cell] !== 0 ? flag.uncertain : 0) | (mask[cell] !== 0 ? 0 : flag.outside);
  const around = spread(states, dims);
  for (let cell = 0; cell < states.length; cell++) {
    const inMask = mask[cell] !== 0;
    if ((around[cell]! & flag.outside) === 0) states[cell] = cellState.inside;
    else if ((around[cell]! & flag.uncertain) !== 0 && (uncertain[cell] !== 0 || !inMask))
      states[cell] = cellState.byValue;
    else states[cell] = inMask ? cellState.inside : cellState.outside;
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
  const [ni, nj, nk] = dims;
  const [oi, oj, ok] = lattice.offsets;
  const below = 'below' in threshold;
  const limit = below ? threshold.below : threshold.above;
  const mask = new Uint8Array(samples.length);
  const { rowFactor } = lattice;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const base = ok[k]! + oj[j]!;
      const row = (k * nj + j) * ni;
      // Neighbouring cells of one state are one run: most rows are a few long ones.
      for (let i = 0, end; i < ni; i = end) {
        const state = states[base + oi[i]!]!;
        for (end = i + rowFactor; end < ni && states[base + oi[end]!] === state;) end += rowFactor;
        end = Math.min(end, ni);
        if (state === cellState.outside) continue;
        if (state === cellState.inside) mask.fill(1, row + i, row + end);
        else if (below) for (let v = row + i; v < row + end; v++) mask[v] = samples[v]! < limit ? 1 : 0;
        else for (let v = row + i; v < row + end; v++) mask[v] = samples[v]! > limit ? 1 : 0;
      }
    }
  }
  return mask;
}

/** Every cell with the flags of its 26 neighbours joined to its own; beyond the edge of the array there are none. One axis after the other. */
function spread(flags: Uint8Array, dims: Vec3): Uint8Array {
  let current = flags;
  let stride = 1;
  for (const length of dims) {
    const next = current.slice();
    const block = stride * length;
    for (let from = 0; length > 1 && from < flags.length; from += block) {
      const [second, last, end] = [from + stride, from + block - stride, from + block];
      for (let v = from; v < second; v++) next[v] = current[v]! | current[v + stride]!;
      for (let v = second; v < last; v++) next[v] = current[v - stride]! | current[v]! | current[v + stride]!;
      for (let v = last; v < end; v++) next[v] = current[v - stride]! | current[v]!;
    }
    current = next;
    stride = block;
  }
  return current;
}
