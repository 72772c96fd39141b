import type { Vec3 } from '../geometry/index.ts';

/** Squared distance where the mask has no voxel at all. */
export const FAR = 1e20;

/**
 * Exact squared Euclidean distance, mm², from every voxel centre to the nearest set voxel (0 on set voxels; `FAR` everywhere if none is set).
 * Separable lower envelopes of parabolas (Felzenszwalb and Huttenlocher, Theory of Computing 8, 2012).
 * @param dims [nx, ny, nz], x fastest. @param spacing mm along x, y, z.
 * @param of Which voxels count as set: those that are not 0, or those that are 0.
 */
export function squaredDistance(
  mask: Uint8Array,
  dims: Vec3,
  spacing: Vec3,
  of: 'set' | 'unset' = 'set',
): Float32Array {
  const [nx, ny, nz] = dims;
  const distance = new Float32Array(mask.length);
  const [ofSet, ofUnset] = of === 'set' ? [0, FAR] : [FAR, 0];
  for (let v = 0; v < mask.length; v++) distance[v] = mask[v] !== 0 ? ofSet : ofUnset;
  const line = new LineTransform(Math.max(nx, ny, nz));
  for (let row = 0; row < ny * nz; row++) alongRow(distance, row * nx, nx, spacing[0] ** 2);
  for (let z = 0; z < nz; z++) for (let x = 0; x < nx; x++) line.apply(distance, z * nx * ny + x, nx, ny, spacing[1]);
  for (let xy = 0; xy < nx * ny; xy++) line.apply(distance, xy, nx * ny, nz, spacing[2]);
  return distance;
}

/** The first axis holds only 0 and `FAR`: two sweeps count the steps to the nearest 0. */
function alongRow(data: Float32Array, start: number, length: number, scale: number): void {
  const end = start + length;
  let steps = -1;
  for (let at = start; at < end; at++) {
    if (data[at] === 0) steps = 0;
    else if (steps >= 0) data[at] = scale * ++steps * steps;
  }
  steps = -1;
  for (let at = end - 1; at >= start; at--) {
    if (data[at] === 0) steps = 0;
    else if (steps >= 0) data[at] = Math.min(data[at]!, scale * ++steps * steps);
  }
}

class LineTransform {
  private readonly heights: Float64Array;
  private readonly vertices: Int32Array;
  private readonly bounds: Float64Array;

  constructor(length: number) {
    this.heights = new Float64Array(length);
    this.vertices = new Int32Array(length);
    this.bounds = new Float64Array(length + 1);
  }

  apply(data: Float32Array, start: number, stride: number, length: number, spacing: number): void {
    const { heights, vertices, bounds } = this;
    let extent = 0;
    let nearest = FAR;
    for (let q = 0, at = start; q < length; q++, at += stride) {
      const height = data[at]!;
      heights[q] = height;
      if (height > extent) extent = height;
      if (height < nearest) nearest = height;
    }
    // Nothing to find on the line, or nothing to improve.
    if (nearest >= FAR || extent === 0) return;
    const scale = spacing * spacing;
    let top = -1;
    for (let q = 0; q < length; q++) {
      const height = heights[q]!;
      if (height >= FAR) continue;
      let from = -Infinity;
      while (top >= 0) {
        const p = vertices[top]!;
        from = (height - heights[p]! + scale * (q * q - p * p)) / (2 * scale * (q - p));
        if (from > bounds[top]!) break;
        top--;
      }
      top++;
      vertices[top] = q;
      bounds[top] = top === 0 ? -Infinity : from;
    }
    bounds[top + 1] = Infinity;
    let piece = 0;
    for (let q = 0, at = start; q < length; q++, at += stride) {
      while (bounds[piece + 1]! < q) piece++;
      const p = vertices[piece]!;
      data[at] = scale * (q - p) * (q - p) + heights[p]!;
    }
  }
}
