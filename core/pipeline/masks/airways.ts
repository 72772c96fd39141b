import type { Vec3 } from '../../geometry/index.ts';
import { labelComponents } from '../components.ts';
import type { Lattice } from '../lattice.ts';

/** Thresholds tried for the air of the airways, HU, most generous first: the first whose region does not leak into the lungs is taken. */
const THRESHOLDS = [-880, -900, -920, -940, -960];
/** Trachea and main bronchi hold 30 to 80 mL; more means that the region leaked. */
const LARGEST_VOLUME = 120;
/** Cross-section of a trachea, mm². */
const AREA: readonly [number, number] = [40, 900];
/** The trachea lies this near to the middle of the body, mm. */
const OFF_MIDDLE = 45;
/** Share of the body's height, from the top, in which the trachea is looked for. */
const SEARCH_SHARE = 0.5;
/** How far down the trachea must be followed before it counts as one, mm. */
const SHORTEST = 15;

/**
 * Trachea and main bronchi on the lattice, as far as they can be told from the lungs: a round pool of air near the
 * middle of the upper body, followed through the slices, and what is joined to it at a threshold that does not leak.
 * All 0 where no such pool is found.
 */
export function airwayCells(cells: Float32Array, body: Uint8Array, lattice: Lattice): Uint8Array {
  const seed = tracheaSeed(cells, body, lattice);
  if (seed === null) return new Uint8Array(cells.length);
  const cellVolume = (lattice.spacing[0] * lattice.spacing[1] * lattice.spacing[2]) / 1000;
  for (const threshold of THRESHOLDS) {
    const region = grow(cells, body, lattice.dims, seed, threshold, Math.ceil(LARGEST_VOLUME / cellVolume));
    if (region !== null) return region;
  }
  return new Uint8Array(cells.length);
}

/** A cell in the pool of air that is followed furthest downwards from the top; null if none is followed far enough. */
function tracheaSeed(cells: Float32Array, body: Uint8Array, lattice: Lattice): number | null {
  const [nx, ny, nz] = lattice.dims;
  const area = nx * ny;
  let best: { seed: number; length: number } | null = null;
  let open: { x: number; y: number; seed: number; length: number }[] = [];
  for (let z = nz - 1; z >= Math.floor(nz * (1 - SEARCH_SHARE)); z--) {
    const middle = middleOf(body.subarray(z * area, (z + 1) * area), nx);
    if (middle === null) continue;
    const pools = airPools(cells, body, lattice, z).filter(
      (p) => Math.abs(p.x - middle) * lattice.spacing[0] < OFF_MIDDLE,
    );
    open = pools.map((pool) => {
      const above = open.find((o) => distance(o, pool, lattice.spacing) < 2 * lattice.spacing[2] + 4);
      return { x: pool.x, y: pool.y, seed: pool.seed, length: (above?.length ?? 0) + lattice.spacing[2] };
    });
    for (const pool of open) if (pool.length > (best?.length ?? SHORTEST)) best = pool;
  }
  return best?.seed ?? null;
}

/** Roundish components of air in one slice, of the size of a trachea. */
function airPools(
  cells: Float32Array,
  body: Uint8Array,
  lattice: Lattice,
  z: number,
): { x: number; y: number; seed: number }[] {
  const [nx, ny] = lattice.dims;
  const from = z * nx * ny;
  const air = new Uint8Array(nx * ny);
  for (let p = 0; p < air.length; p++) air[p] = body[from + p] !== 0 && cells[from + p]! < THRESHOLDS[0]! ? 1 : 0;
  const components = labelComponents(air, [nx, ny, 1]);
  const cellArea = lattice.spacing[0] * lattice.spacing[1];
  const boxes = Array.from({ length: components.count + 1 }, () => ({
    minX: nx,
    maxX: -1,
    minY: ny,
    maxY: -1,
    seed: -1,
    widest: 0,
  }));
  const { runs } = components;
  for (let r = 0; r < runs.length; r += 3) {
    const box = boxes[runs[r + 2]!]!;
    const [start, length] = [runs[r]!, runs[r + 1]!];
    const [x, y] = [start % nx, Math.floor(start / nx)];
    box.minX = Math.min(box.minX, x);
    box.maxX = Math.max(box.maxX, x + length - 1);
    box.minY = Math.min(box.minY, y);
    box.maxY = Math.max(box.maxY, y);
    if (length > box.widest) [box.widest, box.seed] = [length, from + start + (length >> 1)];
  }
  return boxes.flatMap((box, label) => {
    if (label === 0) return [];
    const size = components.sizes[label]! * cellArea;
    const width = (box.maxX - box.minX + 1) * lattice.spacing[0];
    const height = (box.maxY - box.minY + 1) * lattice.spacing[1];
    const round = size > 0.5 * width * height && Math.max(width, height) < 2.5 * Math.min(width, height);
    if (size < AREA[0] || size > AREA[1] || !round) return [];
    return [{ x: (box.minX + box.maxX) / 2, y: (box.minY + box.maxY) / 2, seed: box.seed }];
  });
}

/** Cells below the threshold joined to the seed (6-connected); null once there are more than `limit`. */
function grow(
  cells: Float32Array,
  body: Uint8Array,
  dims: Vec3,
  seed: number,
  threshold: number,
  limit: number,
): Uint8Array | null {
  const [nx, ny, nz] = dims;
  const region = new Uint8Array(cells.length);
  const queue = [seed];
  region[seed] = 1;
  for (let next = 0; next < queue.length; next++) {
    if (queue.length > limit) return null;
    const cell = queue[next]!;
    const visit = (neighbour: number) => {
      if (region[neighbour] !== 0 || body[neighbour] === 0 || cells[neighbour]! >= threshold) return;
      region[neighbour] = 1;
      queue.push(neighbour);
    };
    const x = cell % nx;
    const y = Math.floor(cell / nx) % ny;
    const z = Math.floor(cell / (nx * ny));
    if (x > 0) visit(cell - 1);
    if (x < nx - 1) visit(cell + 1);
    if (y > 0) visit(cell - nx);
    if (y < ny - 1) visit(cell + nx);
    if (z > 0) visit(cell - nx * ny);
    if (z < nz - 1) visit(cell + nx * ny);
  }
  return region;
}

/** Middle in x of the set pixels of a slice; null if none is set. */
function middleOf(slice: Uint8Array, nx: number): number | null {
  let low = nx;
  let high = -1;
  for (let p = 0; p < slice.length; p++) {
    if (slice[p] === 0) continue;
    low = Math.min(low, p % nx);
    high = Math.max(high, p % nx);
  }
  return high < 0 ? null : (low + high) / 2;
}

function distance(a: { x: number; y: number }, b: { x: number; y: number }, spacing: Vec3): number {
  return Math.hypot((a.x - b.x) * spacing[0], (a.y - b.y) * spacing[1]);
}
