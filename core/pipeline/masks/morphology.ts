import type { Vec3 } from '../../geometry/index.ts';
import { squaredDistance } from '../distance.ts';

/** Voxels within `radius` mm of a set voxel. */
export function dilate(mask: Uint8Array, dims: Vec3, spacing: Vec3, radius: number): Uint8Array {
  return select(squaredDistance(mask, dims, spacing), (d) => d <= radius * radius);
}

/** Set voxels farther than `radius` mm from every unset voxel; what lies beyond the edge of the array counts as set. */
export function erode(mask: Uint8Array, dims: Vec3, spacing: Vec3, radius: number): Uint8Array {
  return select(squaredDistance(mask, dims, spacing, 'unset'), (d) => d > radius * radius);
}

/**
 * Dilation and then erosion by a ball of `radius` mm: pits and holes narrower than the ball are filled.
 * Worked on the box of the mask with a rim of the radius, so that the edge of the array does not hold the dilation back.
 */
export function close(mask: Uint8Array, dims: Vec3, spacing: Vec3, radius: number): Uint8Array {
  const closed = new Uint8Array(mask.length);
  const box = boundingBox(mask, dims);
  if (box === null) return closed;
  const rim = spacing.map((s) => Math.ceil(radius / s) + 1) as unknown as Vec3;
  const size = box.max.map((m, a) => m - box.min[a as 0] + 1 + 2 * rim[a as 0]) as unknown as Vec3;
  const part = new Uint8Array(size[0] * size[1] * size[2]);
  copyBox(mask, dims, box, part, size, rim, false);
  const wide = dilate(part, size, spacing, radius);
  copyBox(closed, dims, box, erode(wide, size, spacing, radius), size, rim, true);
  return closed;
}

/** Smallest box around the set voxels, both ends included; null if none is set. */
export function boundingBox(mask: Uint8Array, dims: Vec3): { min: Vec3; max: Vec3 } | null {
  const [nx, ny, nz] = dims;
  const min = [nx, ny, nz];
  const max = [-1, -1, -1];
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = (z * ny + y) * nx;
      let first = row;
      while (first < row + nx && mask[first] === 0) first++;
      if (first === row + nx) continue;
      let last = row + nx - 1;
      while (mask[last] === 0) last--;
      min[0] = Math.min(min[0]!, first - row);
      max[0] = Math.max(max[0]!, last - row);
      min[1] = Math.min(min[1]!, y);
      max[1] = Math.max(max[1]!, y);
      min[2] = Math.min(min[2]!, z);
      max[2] = z;
    }
  }
  return max[2]! < 0 ? null : { min: min as unknown as Vec3, max: max as unknown as Vec3 };
}

function copyBox(
  whole: Uint8Array,
  dims: Vec3,
  box: { min: Vec3; max: Vec3 },
  part: Uint8Array,
  size: Vec3,
  rim: Vec3,
  back: boolean,
): void {
  const length = box.max[0] - box.min[0] + 1;
  for (let z = box.min[2]; z <= box.max[2]; z++) {
    for (let y = box.min[1]; y <= box.max[1]; y++) {
      const inWhole = (z * dims[1] + y) * dims[0] + box.min[0];
      const inPart = ((z - box.min[2] + rim[2]) * size[1] + y - box.min[1] + rim[1]) * size[0] + rim[0];
      if (back) whole.set(part.subarray(inPart, inPart + length), inWhole);
      else part.set(whole.subarray(inWhole, inWhole + length), inPart);
    }
  }
}

function select(distance: Float32Array, keep: (squared: number) => boolean): Uint8Array {
  const mask = new Uint8Array(distance.length);
  for (let v = 0; v < mask.length; v++) mask[v] = keep(distance[v]!) ? 1 : 0;
  return mask;
}
