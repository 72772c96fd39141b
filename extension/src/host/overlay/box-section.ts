import type { IndexBox, Vec3 } from '@overread/core/geometry';
import { toCanvas, type ViewPlane } from './view-plane.ts';

/** Corner pairs of the twelve edges; bit 0 of a corner is i, bit 1 j, bit 2 k. */
const edges: readonly (readonly [number, number])[] = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((corner) =>
  [1, 2, 4].filter((axis) => (corner & axis) === 0).map((axis) => [corner, corner | axis] as const),
);

/**
 * Where the plane in view cuts a box: corners of a convex polygon in canvas pixels, in order around it; null where it
 * does not cut it.
 * @param box outer faces, in (fractional) voxel indices
 */
export function boxSection(box: IndexBox, plane: ViewPlane): readonly (readonly [number, number])[] | null {
  const corners = Array.from({ length: 8 }, (_, corner) => {
    const pick = (axis: 0 | 1 | 2): number => ((corner >> axis) & 1 ? box.max : box.min)[axis];
    return toCanvas(plane, [pick(0), pick(1), pick(2)]);
  });
  const points = edges.flatMap(([a, b]) => {
    const crossing = atDepthZero(corners[a]!, corners[b]!);
    return crossing === null ? [] : [crossing];
  });
  if (points.length < 3) return null;
  const centre = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))] as const;
  const angle = ([x, y]: readonly [number, number]): number => Math.atan2(y - centre[1], x - centre[0]);
  return points.sort((p, q) => angle(p) - angle(q));
}

/** Where the segment between two points passes depth 0; a point on the plane belongs to the half space behind it. */
function atDepthZero(a: Vec3, b: Vec3): readonly [number, number] | null {
  if (a[2] > 0 === b[2] > 0) return null;
  const share = a[2] / (a[2] - b[2]);
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
