import { textOf } from '../../dicom/index.ts';
import type { Grid, IndexBox, Vec3 } from '../../geometry/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import type { SliceIndex } from '../common/slice-index.ts';
import type { ContentNode } from './content-tree.ts';
import { graphicPoints } from './read-graphic.ts';

/** Graphic types of SCOORD and SCOORD3D (PS3.3 C.18.6.1.2 and C.18.9.1.2). */
const shapes = ['POINT', 'MULTIPOINT', 'POLYLINE', 'POLYGON', 'CIRCLE', 'ELLIPSE', 'ELLIPSOID'] as const;

/** A shape drawn on the series. */
export interface Graphic {
  /**
   * POLYLINE is closed where its last point is its first; CIRCLE is centre and a point on it; ELLIPSE and ELLIPSOID are
   * the two ends of each axis.
   */
  readonly shape: (typeof shapes)[number];
  /** Voxel indices (0-based, fractional). */
  readonly points: readonly Vec3[];
}

const pointCounts: Readonly<Record<Graphic['shape'], (count: number) => boolean>> = {
  POINT: (count) => count === 1,
  MULTIPOINT: (count) => count > 0,
  POLYLINE: (count) => count > 1,
  POLYGON: (count) => count > 2,
  CIRCLE: (count) => count === 2,
  ELLIPSE: (count) => count === 4,
  ELLIPSOID: (count) => count === 6,
};

/** A SCOORD or SCOORD3D on the series; null where it lies elsewhere or is malformed. */
export function graphicOf(node: ContentNode, series: SeriesGeometry, slices: SliceIndex): Graphic | null {
  const type = textOf(node.attributes, 'GraphicType');
  const shape = shapes.find((one) => one === type);
  const points = graphicPoints(node, series, slices);
  if (shape === undefined || points === null || !pointCounts[shape](points.length)) return null;
  return { shape, points };
}

/** The voxels whose centres the graphics enclose, at least the nearest one; null where they lie outside the grid. */
export function boxOfGraphics(graphics: readonly Graphic[], { dims }: Grid): IndexBox | null {
  const ranges = graphics.map(rangeOf);
  const along = (axis: 0 | 1 | 2): readonly [number, number] | null => {
    const low = ranges.reduce((least, [min]) => Math.min(least, min[axis]), Infinity);
    const high = ranges.reduce((most, [, max]) => Math.max(most, max[axis]), -Infinity);
    const last = dims[axis] - 1;
    if (!(high >= -0.5 && low <= last + 0.5)) return null;
    const inside = (value: number) => Math.min(Math.max(value, 0), last);
    const [first, final] = [Math.ceil(low - 1e-6), Math.floor(high + 1e-6)];
    const nearest = Math.round((low + high) / 2);
    return first <= final ? [inside(first), inside(final)] : [inside(nearest), inside(nearest)];
  };
  const [i, j, k] = [along(0), along(1), along(2)];
  if (i === null || j === null || k === null) return null;
  return { min: [i[0], j[0], k[0]], max: [i[1], j[1], k[1]] };
}

/** Least and greatest index of a shape along each axis. */
function rangeOf({ shape, points }: Graphic): readonly [Vec3, Vec3] {
  if (shape === 'CIRCLE') {
    const [centre, rim] = points;
    if (centre !== undefined && rim !== undefined) {
      const radius = Math.hypot(rim[0] - centre[0], rim[1] - centre[1]);
      return around(centre, [radius, radius, 0]);
    }
  }
  if (shape === 'ELLIPSE' || shape === 'ELLIPSOID') {
    const [a, b] = points;
    if (a !== undefined && b !== undefined) {
      const half = (axis: 0 | 1 | 2) => {
        let sum = 0;
        for (let end = 0; end + 1 < points.length; end += 2) {
          sum += (((points[end]?.[axis] ?? 0) - (points[end + 1]?.[axis] ?? 0)) / 2) ** 2;
        }
        return Math.sqrt(sum);
      };
      return around([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2], [half(0), half(1), half(2)]);
    }
  }
  const extreme = (axis: 0 | 1 | 2, choose: (a: number, b: number) => number, start: number) =>
    points.reduce((found, point) => choose(found, point[axis]), start);
  return [
    [extreme(0, Math.min, Infinity), extreme(1, Math.min, Infinity), extreme(2, Math.min, Infinity)],
    [extreme(0, Math.max, -Infinity), extreme(1, Math.max, -Infinity), extreme(2, Math.max, -Infinity)],
  ];
}

function around(centre: Vec3, half: Vec3): readonly [Vec3, Vec3] {
  return [
    [centre[0] - half[0], centre[1] - half[1], centre[2] - half[2]],
    [centre[0] + half[0], centre[1] + half[1], centre[2] + half[2]],
  ];
}
