import type { Vec3 } from '../../geometry/index.ts';
import { labelComponents, largestComponents, paintComponent } from '../components.ts';
import { squaredDistance } from '../distance.ts';

/** Radii, mm, of the erosions tried: lungs that touch do so along a thin sheet in front of or behind the heart. */
const RADII = [1, 3, 5, 7, 9, 12];

/**
 * Parts two lungs that touch: eroded until two large pieces remain, then every voxel goes to the nearer piece.
 * @param share the smaller piece has at least this share of the larger one
 * @returns the lung alone in an array if it does not come apart
 */
export function splitLungs(lung: Uint8Array, dims: Vec3, spacing: Vec3, share: number): Uint8Array[] {
  const depth = squaredDistance(lung, dims, spacing, 'unset');
  for (const radius of RADII) {
    const core = new Uint8Array(lung.length);
    for (let v = 0; v < core.length; v++) core[v] = depth[v]! > radius * radius ? 1 : 0;
    const components = labelComponents(core, dims);
    const [first, second] = largestComponents(components, 2);
    if (first === undefined || second === undefined) continue;
    if (components.sizes[second]! < share * components.sizes[first]!) continue;
    const distances = [first, second].map((label) => {
      const seed = new Uint8Array(lung.length);
      paintComponent(components, label, seed);
      return squaredDistance(seed, dims, spacing);
    }) as [Float32Array, Float32Array];
    return [0, 1].map((side) =>
      lung.map((set, v) => (set !== 0 && distances[0][v]! <= distances[1][v]! === (side === 0) ? 1 : 0)),
    );
  }
  return [lung];
}
