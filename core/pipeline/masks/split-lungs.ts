import type { Vec3 } from '../../geometry/index.ts';
import { labelComponents, largestComponents, paintComponent } from '../components.ts';
import { squaredDistance } from '../distance.ts';
import { cutOut, putBack, windowAround } from './window.ts';

/** Radii, mm, of the erosions tried: lungs that touch do so along a thin sheet in front of or behind the heart. */
const RADII = [1, 3, 5, 7, 9, 12];

/**
 * Parts two lungs that touch: eroded until two large pieces remain, then every voxel goes to the nearer piece.
 * @param share the smaller piece has at least this share of the larger one
 * @returns the lung alone in an array if it does not come apart
 */
export function splitLungs(lung: Uint8Array, dims: Vec3, spacing: Vec3, share: number): Uint8Array[] {
  const window = windowAround(lung, dims, [1, 1, 1]);
  if (window === null) return [lung];
  const parts = splitAll(cutOut(lung, dims, window), window.size, spacing, share);
  return parts === null ? [lung] : parts.map((part) => putBack(part, dims, window));
}

function splitAll(lung: Uint8Array, dims: Vec3, spacing: Vec3, share: number): Uint8Array[] | null {
  const depth = squaredDistance(lung, dims, spacing, 'unset');
  for (const radius of RADII) {
    const core = new Uint8Array(lung.length);
    for (let v = 0; v < core.length; v++) core[v] = depth[v]! > radius * radius ? 1 : 0;
    const components = labelComponents(core, dims);
    const [first, second] = largestComponents(components, 2);
    if (first === undefined || second === undefined) continue;
    if (components.sizes[second]! < share * components.sizes[first]!) continue;
    const [toFirst, toSecond] = [first, second].map((label) =>
      squaredDistance(paintComponent(components, label, new Uint8Array(lung.length)), dims, spacing),
    ) as [Float32Array, Float32Array];
    const [near, far] = [new Uint8Array(lung.length), new Uint8Array(lung.length)];
    for (let v = 0; v < lung.length; v++) if (lung[v] !== 0) (toFirst[v]! <= toSecond[v]! ? near : far)[v] = 1;
    return [near, far];
  }
  return null;
}
