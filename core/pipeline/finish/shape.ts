import type { Grown } from './grow.ts';
import type { Neighbourhood } from './neighbourhood.ts';

/** How much a region is a ball of its own in lung. */
export interface Shape {
  /** mm³. */
  readonly volume: number;
  /** Diameter of the ball of that volume, mm. */
  readonly equivalentDiameter: number;
  /** Diameter of the widest ball inside over `equivalentDiameter`: 1 for a ball, less for what is long or ragged. */
  readonly compactness: number;
  /** Share of the surface behind which lies air, and not a vessel or the chest wall. */
  readonly free: number;
  /** True where the region reaches the edge of the neighbourhood, and not that of the volume. */
  readonly cut: boolean;
}

export function shapeOf(near: Neighbourhood, grown: Grown): Shape {
  const { mask } = grown;
  const { dims, spacing, values } = near;
  const [ni, nj] = dims;
  const steps = [1, ni, ni * nj] as const;
  const faces = [spacing[1] * spacing[2], spacing[0] * spacing[2], spacing[0] * spacing[1]] as const;
  let voxels = 0;
  let surface = 0;
  let air = 0;
  let cut = false;
  for (let v = 0; v < mask.length; v++) {
    if (mask[v] === 0) continue;
    voxels++;
    const position = [v % ni, Math.floor(v / ni) % nj, Math.floor(v / (ni * nj))] as const;
    for (const axis of [0, 1, 2] as const) {
      for (const side of [-1, 1] as const) {
        const at = position[axis] + side;
        const outside = at < 0 || at >= dims[axis];
        if (!outside && mask[v + side * steps[axis]] !== 0) continue;
        surface += faces[axis];
        if (outside) cut ||= !near.atVolumeEdge[axis][side === 1 ? 1 : 0];
        else if (values[v + side * steps[axis]]! <= grown.threshold + NOISE) air += faces[axis];
      }
    }
  }
  const volume = voxels * spacing[0] * spacing[1] * spacing[2];
  const equivalentDiameter = 2 * Math.cbrt((3 * volume) / (4 * Math.PI));
  const compactness = Math.min(1, (2 * grown.radius) / Math.max(equivalentDiameter, 1e-6));
  return { volume, equivalentDiameter, compactness, free: surface === 0 ? 0 : air / surface, cut };
}

/** A voxel this far above the threshold still counts as air: the threshold was applied to smoothed values. */
const NOISE = 100;
