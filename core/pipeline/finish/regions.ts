import { transformPoint, type Matrix4, type Vec3 } from '../../geometry/index.ts';
import type { Volume } from '../../volume/index.ts';
import { growRegion, type Contrast, type Grown } from './grow.ts';
import { neighbourhoodOf, type Neighbourhood } from './neighbourhood.ts';
import type { Peak } from './peaks.ts';
import { shapeOf, type Shape } from './shape.ts';

/** A peak with the region grown from it. */
export interface Candidate {
  readonly near: Neighbourhood;
  readonly grown: Grown;
  readonly shape: Shape;
  /** Response of the peak, times compactness, times the share of the surface that is free. */
  readonly score: number;
  /** Centre of the widest ball in the region, voxel [i, j, k] of the source. */
  readonly centre: Vec3;
  /** Radius of that ball, mm. */
  readonly radius: number;
}

/** Most regions end within this of their peak, mm; only what reaches further is grown again in the larger box. */
const FIRST_REACH = 9;

/**
 * Grows the region of a peak and rates it. Null where nothing dense is there.
 * @param toSource index in the map to index in the source
 * @param reach how far a region may extend from its peak, mm
 */
export function candidateAt(
  peak: Peak,
  toSource: Matrix4,
  volume: Volume,
  mask: Uint8Array | null,
  reach: number,
  contrast: Contrast,
): Candidate | null {
  const at = transformPoint(toSource, peak.voxel);
  for (const distance of [Math.min(FIRST_REACH, reach), reach]) {
    const near = neighbourhoodOf(volume, mask, at, distance);
    const { origin, dims } = near;
    const local = at.map((index, axis) => {
      const a = axis as 0 | 1 | 2;
      return Math.min(dims[a] - 1, Math.max(0, Math.round(index) - origin[a]));
    }) as unknown as Vec3;
    const grown = growRegion(near, local, contrast);
    if (grown === null) return null;
    const shape = shapeOf(near, grown);
    if (shape.cut && distance < reach) continue;
    const { core, radius } = grown;
    const centre: Vec3 = [core[0] + origin[0], core[1] + origin[1], core[2] + origin[2]];
    return { near, grown, shape, score: peak.value * shape.compactness * shape.free, centre, radius };
  }
  return null;
}

/**
 * Writes regions into a label map, 1 for the first. A voxel that two of them claim goes to the one whose centre is nearer, counted in
 * radii (a watershed between two balls).
 */
export function paintRegions(candidates: readonly Candidate[], labels: Uint8Array, dims: Vec3): void {
  candidates.forEach((candidate, n) => {
    forVoxels(candidate, ([i, j, k]) => {
      const voxel = (k * dims[1] + j) * dims[0] + i;
      const other = candidates[labels[voxel]! - 1];
      if (other === undefined || nearness(candidate, [i, j, k]) < nearness(other, [i, j, k])) labels[voxel] = n + 1;
    });
  });
}

/** Calls back for every voxel [i, j, k] (source) of a candidate's region. */
export function forVoxels({ near, grown }: Candidate, visit: (voxel: Vec3) => void): void {
  const [ni, nj] = near.dims;
  grown.mask.forEach((set, v) => {
    if (set === 0) return;
    visit([
      (v % ni) + near.origin[0],
      (Math.floor(v / ni) % nj) + near.origin[1],
      Math.floor(v / (ni * nj)) + near.origin[2],
    ]);
  });
}

/** Distance of a source voxel from the candidate's centre, in radii. */
function nearness({ centre, radius, near: { spacing } }: Candidate, voxel: Vec3): number {
  const [x, y, z] = [0, 1, 2].map((axis) => (voxel[axis as 0] - centre[axis as 0]) * spacing[axis as 0]) as [
    number,
    number,
    number,
  ];
  return Math.hypot(x, y, z) / radius;
}
