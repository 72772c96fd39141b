import type { Vec3 } from '../../geometry/index.ts';
import { labelComponents, paintComponent } from '../components.ts';
import { squaredDistance } from '../distance.ts';
import type { Neighbourhood } from './neighbourhood.ts';

/** Nothing thinner than this share of the widest ball in the region belongs to it: vessels that lead in and out. */
const NECK = 0.6;
/** How far from the peak the widest ball may lie, mm. */
const SEARCH = 4;
/** A region ends this many radii of its widest ball away from it. */
const EXTENT = 3;

/** Between which values a region ends, modality units: half the way from what lies round it to what it is made of. */
export interface Contrast {
  /** What lies round it: the foot of the half height. */
  readonly background: number;
  /** More than this adds nothing: calcium must not raise the threshold into a nodule's soft rim. */
  readonly densest: number;
}

/** A region grown from a peak. */
export interface Grown {
  /** 1 in the region, on the neighbourhood. */
  readonly mask: Uint8Array;
  /** Centre of the widest ball that fits in, voxel of the neighbourhood. */
  readonly core: Vec3;
  /** Its radius, mm. */
  readonly radius: number;
  /** HU from which a voxel was taken. */
  readonly threshold: number;
}

/**
 * The dense spot at `peak` (voxel of the neighbourhood): voxels above half the height between background and spot, opened
 * by a ball of a share of the widest one that fits in, so that vessels fall off, and what of that holds the peak's core.
 * Null where nothing dense is near the peak.
 */
export function growRegion(near: Neighbourhood, peak: Vec3, { background, densest }: Contrast): Grown | null {
  const { dims, spacing, values, allowed } = near;
  const smooth = smoothInPlane(values, dims);
  const threshold = (background + Math.min(densest, highestNear(near, smooth, peak, 2))) / 2;
  const dense = new Uint8Array(values.length);
  for (let v = 0; v < dense.length; v++) dense[v] = allowed[v] !== 0 && smooth[v]! > threshold ? 1 : 0;
  const depth = squaredDistance(dense, dims, spacing, 'unset');
  const core = deepestNear(near, depth, peak, SEARCH);
  if (core === null) return null;
  // The distance runs to the centre of the first voxel outside; the surface lies half a voxel before it.
  const radius = Math.max(0.1, Math.sqrt(depth[core]!) - Math.min(...spacing) / 2);
  const neck = NECK * radius;
  const position = positionOf(core, dims);

  const opened = new Uint8Array(values.length);
  for (let v = 0; v < opened.length; v++)
    opened[v] = depth[v]! >= neck * neck && within(v, dims, spacing, position, EXTENT * radius) ? 1 : 0;
  const kernel = componentAt(opened, dims, core);
  const reach = squaredDistance(kernel, dims, spacing);
  const margin = neck + Math.max(...spacing) / 2;
  const mask = new Uint8Array(values.length);
  for (let v = 0; v < mask.length; v++) mask[v] = dense[v] !== 0 && reach[v]! <= margin * margin ? 1 : 0;
  return { mask: componentAt(mask, dims, core), core: position, radius, threshold };
}

/** 3x3 mean in i and j against noise. */
function smoothInPlane(values: Float32Array, [ni, nj, nk]: Vec3): Float32Array {
  const out = new Float32Array(values.length);
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++) {
        let sum = 0;
        let count = 0;
        for (let b = Math.max(0, j - 1); b <= Math.min(nj - 1, j + 1); b++) {
          for (let a = Math.max(0, i - 1); a <= Math.min(ni - 1, i + 1); a++) {
            sum += values[(k * nj + b) * ni + a]!;
            count++;
          }
        }
        out[(k * nj + j) * ni + i] = sum / count;
      }
    }
  }
  return out;
}

function highestNear(near: Neighbourhood, values: Float32Array, point: Vec3, distance: number): number {
  let highest = -Infinity;
  for (let v = 0; v < values.length; v++) {
    if (near.allowed[v] !== 0 && values[v]! > highest && within(v, near.dims, near.spacing, point, distance))
      highest = values[v]!;
  }
  return highest;
}

function deepestNear(near: Neighbourhood, depth: Float32Array, point: Vec3, distance: number): number | null {
  let deepest = 0;
  let best: number | null = null;
  for (let v = 0; v < depth.length; v++) {
    if (depth[v]! > deepest && within(v, near.dims, near.spacing, point, distance)) [best, deepest] = [v, depth[v]!];
  }
  return best;
}

function componentAt(mask: Uint8Array, dims: Vec3, voxel: number): Uint8Array {
  const components = labelComponents(mask, dims, 26);
  const { runs } = components;
  for (let r = 0; r < runs.length; r += 3) {
    if (voxel >= runs[r]! && voxel < runs[r]! + runs[r + 1]!) {
      return paintComponent(components, runs[r + 2]!, new Uint8Array(mask.length));
    }
  }
  return new Uint8Array(mask.length);
}

function positionOf(voxel: number, [ni, nj]: Vec3): Vec3 {
  return [voxel % ni, Math.floor(voxel / ni) % nj, Math.floor(voxel / (ni * nj))];
}

function within(voxel: number, dims: Vec3, spacing: Vec3, point: Vec3, distance: number): boolean {
  const [i, j, k] = positionOf(voxel, dims);
  const [x, y, z] = [(i - point[0]) * spacing[0], (j - point[1]) * spacing[1], (k - point[2]) * spacing[2]];
  return x * x + y * y + z * z <= distance * distance;
}
