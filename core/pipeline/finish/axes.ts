import { axisTowards, gridSpacing, type Grid, type Vec3 } from '../../geometry/index.ts';

/** Two perpendicular in-plane diameters, as a reader would draw them. */
export interface DiameterAxes {
  /** End points, fractional voxel indices of the source grid. */
  readonly long: readonly [Vec3, Vec3];
  readonly short: readonly [Vec3, Vec3];
  /** mm. */
  readonly longLength: number;
  readonly shortLength: number;
}

/** A point of a slice, mm along its two axes. */
type Point = readonly [number, number];

/**
 * Long and short axis of the largest axial cross-section of a region: the longest distance across it, and the longest chord of its
 * convex outline perpendicular to that (Fleischner Society, Bankier et al., Radiology 285 (2017) 584). Outlines run through the middles of voxel edges.
 * The axial slice is the one across the index axis nearest to the patient's head-foot direction.
 * @param voxels [i, j, k] of the region; null if there are none
 */
export function diameterAxes(voxels: readonly Vec3[], grid: Grid): DiameterAxes | null {
  const through = axisTowards(grid, 'S').axis;
  const [u, v] = ([0, 1, 2] as const).filter((axis) => axis !== through) as [0 | 1 | 2, 0 | 1 | 2];
  const slices = new Map<number, Vec3[]>();
  for (const voxel of voxels) {
    const slice = slices.get(voxel[through]);
    if (slice === undefined) slices.set(voxel[through], [voxel]);
    else slice.push(voxel);
  }
  const largest = [...slices.values()].reduce<Vec3[]>((best, slice) => (slice.length > best.length ? slice : best), []);
  const first = largest[0];
  if (first === undefined) return null;
  const spacing = gridSpacing(grid);
  const outline = convexHull(largest.flatMap((voxel) => edgeMiddles(voxel[u], voxel[v], spacing[u], spacing[v])));
  const long = farthestPair(outline);
  const short = longestChordAcross(outline, long);
  const toIndex = (point: Point): Vec3 => {
    const index: [number, number, number] = [0, 0, 0];
    index[u] = point[0] / spacing[u];
    index[v] = point[1] / spacing[v];
    index[through] = first[through];
    return index;
  };
  return {
    long: [toIndex(long[0]), toIndex(long[1])],
    short: [toIndex(short[0]), toIndex(short[1])],
    longLength: Math.hypot(long[1][0] - long[0][0], long[1][1] - long[0][1]),
    shortLength: Math.hypot(short[1][0] - short[0][0], short[1][1] - short[0][1]),
  };
}

function edgeMiddles(a: number, b: number, stepA: number, stepB: number): Point[] {
  return [
    [(a - 0.5) * stepA, b * stepB],
    [(a + 0.5) * stepA, b * stepB],
    [a * stepA, (b - 0.5) * stepB],
    [a * stepA, (b + 0.5) * stepB],
  ];
}

/** Corners of the convex hull in order (Andrew's monotone chain). */
function convexHull(points: Point[]): Point[] {
  const sorted = [...points].sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  const half = (ordered: readonly Point[]) => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && turn(chain[chain.length - 2]!, chain[chain.length - 1]!, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

function farthestPair(points: readonly Point[]): [Point, Point] {
  let best: [Point, Point] = [points[0]!, points[0]!];
  let longest = -1;
  points.forEach((p, n) => {
    for (const q of points.slice(n + 1)) {
      const length = (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2;
      if (length > longest + 1e-9) [best, longest] = [[p, q], length];
    }
  });
  return best;
}

/** The longest chord of a convex outline perpendicular to the given segment; it passes through a corner. */
function longestChordAcross(outline: readonly Point[], [from, to]: readonly [Point, Point]): [Point, Point] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const along: Point = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  // Coordinates (t along the segment, s across it).
  const turned = outline.map(([x, y]): Point => {
    const [dx, dy] = [x - from[0], y - from[1]];
    return [dx * along[0] + dy * along[1], dy * along[0] - dx * along[1]];
  });
  let best = { t: 0, low: 0, high: 0 };
  for (const [t] of turned) {
    const [low, high] = extentAt(turned, t);
    if (high - low > best.high - best.low) best = { t, low, high };
  }
  const back = (s: number): Point => [
    from[0] + best.t * along[0] - s * along[1],
    from[1] + best.t * along[1] + s * along[0],
  ];
  return [back(best.low), back(best.high)];
}

/** Lowest and highest s of a convex outline at one t. */
function extentAt(outline: readonly Point[], t: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  outline.forEach((p, n) => {
    const q = outline[(n + 1) % outline.length]!;
    if (t < Math.min(p[0], q[0]) || t > Math.max(p[0], q[0])) return;
    const ends = p[0] === q[0] ? [p[1], q[1]] : [p[1] + ((t - p[0]) / (q[0] - p[0])) * (q[1] - p[1])];
    low = Math.min(low, ...ends);
    high = Math.max(high, ...ends);
  });
  return [low, high];
}
