import { fillNormal } from '../random.ts';

/** Smooth random variation over space, mean 0, standard deviation near 1: tissue is never of one value. */
export type Texture = (x: number, y: number, z: number) => number;

const bits = 6;
const mask = (1 << bits) - 1;

/**
 * Values on a lattice that repeats every 64 points, in between by trilinear interpolation.
 * @param scale millimetres over which the texture changes.
 */
export function texture(seed: number, scale: number): Texture {
  const lattice = new Float32Array(1 << (3 * bits));
  fillNormal(lattice, seed);
  // Averaging neighbours takes variance away; this gives it back.
  for (let at = 0; at < lattice.length; at += 1) lattice[at]! *= 1.6;
  const inverse = 1 / scale;
  return (x, y, z) => {
    // Shifted so that truncation is the floor.
    const u = x * inverse + 4096;
    const v = y * inverse + 4096;
    const w = z * inverse + 4096;
    const i = u | 0;
    const j = v | 0;
    const k = w | 0;
    const a = u - i;
    const b = v - j;
    const c = w - k;
    const i0 = i & mask;
    const i1 = (i + 1) & mask;
    const j0 = (j & mask) << bits;
    const j1 = ((j + 1) & mask) << bits;
    const k0 = (k & mask) << (2 * bits);
    const k1 = ((k + 1) & mask) << (2 * bits);
    const p = lattice[i0 | j0 | k0]!;
    const q = lattice[i0 | j1 | k0]!;
    const r = lattice[i0 | j0 | k1]!;
    const s = lattice[i0 | j1 | k1]!;
    const front = p + (lattice[i1 | j0 | k0]! - p) * a;
    const back = q + (lattice[i1 | j1 | k0]! - q) * a;
    const frontUp = r + (lattice[i1 | j0 | k1]! - r) * a;
    const backUp = s + (lattice[i1 | j1 | k1]! - s) * a;
    const low = front + (back - front) * b;
    return low + (frontUp + (backUp - frontUp) * b - low) * c;
  };
}
