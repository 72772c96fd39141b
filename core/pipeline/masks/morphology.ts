import { mapAxes, type Vec3 } from '../../geometry/index.ts';
import { cutOut, putBack, windowAround } from './window.ts';
import { withinReach } from './within-reach.ts';

/** Voxels within `radius` mm of a set voxel. */
export function dilate(mask: Uint8Array, dims: Vec3, spacing: Vec3, radius: number): Uint8Array {
  const window = windowAround(mask, dims, reachOf(radius, spacing));
  if (window === null) return new Uint8Array(mask.length);
  return putBack(withinReach(cutOut(mask, dims, window), window.size, spacing, radius), dims, window);
}

/** Set voxels farther than `radius` mm from every unset voxel; what lies beyond the edge of the array counts as set. */
export function erode(mask: Uint8Array, dims: Vec3, spacing: Vec3, radius: number): Uint8Array {
  const eroded = withinReach(mask, dims, spacing, radius, 'unset');
  for (let v = 0; v < eroded.length; v++) eroded[v]! ^= 1;
  return eroded;
}

/**
 * Dilation and then erosion by a ball of `radius` mm: pits and holes narrower than the ball are filled.
 * The edge of the array does not hold the dilation back.
 */
export function close(mask: Uint8Array, dims: Vec3, spacing: Vec3, radius: number): Uint8Array {
  const window = windowAround(mask, dims, reachOf(radius, spacing));
  if (window === null) return new Uint8Array(mask.length);
  const wide = withinReach(cutOut(mask, dims, window), window.size, spacing, radius);
  return putBack(erode(wide, window.size, spacing, radius), dims, window);
}

/** Voxels that hold a length, along each axis, and one more. */
function reachOf(radius: number, spacing: Vec3): Vec3 {
  return mapAxes((a) => Math.ceil(radius / spacing[a]) + 1);
}
