import { makeGrid, mapAxes, voxelCount, type Grid, type Vec3 } from '@overread/core/geometry';
import type { Volume } from '@overread/core/volume';

/** A dense ball in the thorax. Centre and radius in LPS mm. */
export interface Ball {
  readonly centre: Vec3;
  readonly radius: number;
}

export interface ThoraxOptions {
  readonly balls?: readonly Ball[];
  /** Half the gap between the lungs, mm. */
  readonly gap?: number;
  /** The lungs touch along a thin sheet in front of the heart. */
  readonly bridge?: boolean;
  readonly table?: boolean;
  readonly trachea?: boolean;
  readonly spacing?: Vec3;
  /** Direction of increasing i, j, k in LPS. */
  readonly directions?: readonly [Vec3, Vec3, Vec3];
}

const axial: readonly [Vec3, Vec3, Vec3] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Half size of the scanned box, LPS mm; its centre is (0, 0, 0). */
const half: Vec3 = [150, 110, 120];
/** Lungs: two ellipsoids of these half axes, centred left and right. */
export const lungHalf: Vec3 = [50, 65, 95];
const lungCentre = (gap: number): number => lungHalf[0] + gap;

/** True inside the right (side -1) or left (side 1) lung of a thorax, vessels and nodules included. */
export function inLung(side: -1 | 1, [x, y, z]: Vec3, gap = 12): boolean {
  return inside([(x - side * lungCentre(gap)) / lungHalf[0], y / lungHalf[1], z / lungHalf[2]]);
}

/** HU at a point of a thorax: body ellipse, two lungs, trachea, table under the back, dense balls. Sharp edges, no noise. */
function thoraxValue(
  point: Vec3,
  { balls = [], gap = 12, bridge = false, table = true, trachea = true }: ThoraxOptions,
): number {
  const [x, y, z] = point;
  if (balls.some(({ centre, radius }) => inside(mapAxes((a) => (point[a] - centre[a]) / radius)))) return 40;
  if (trachea && z > 20 && Math.hypot(x, y + 10) < 8) return -1000;
  if (inLung(-1, point, gap) || inLung(1, point, gap)) return -850;
  if (bridge && Math.abs(x) < 40 && Math.abs(y + 30) < 4 && Math.abs(z + 20) < 25) return -850;
  if (inside([x / 135, y / 90, 0])) return 40;
  // Touches the back along its whole length.
  return table && y > 88 && y < 92 && Math.abs(x) < 120 ? 100 : -1000;
}

/** A synthetic chest CT on any grid orientation: the patient is the same, the way it is stored is not. */
export function thorax(options: ThoraxOptions = {}): Volume {
  const { spacing = [3, 3, 3], directions = axial } = options;
  const extent = directions.map(
    (d) => Math.abs(d[0]) * half[0] + Math.abs(d[1]) * half[1] + Math.abs(d[2]) * half[2],
  ) as unknown as Vec3;
  const dims = mapAxes((a) => Math.round((2 * extent[a]) / spacing[a]));
  const origin = mapAxes(
    (a) => -directions.reduce((sum, d, n) => sum + (d[a] * (dims[n as 0] - 1) * spacing[n as 0]) / 2, 0),
  );
  const grid = makeGrid(dims, spacing, directions, origin);
  const samples = new Int16Array(voxelCount(grid));
  forWorld(grid, (point, voxel) => (samples[voxel] = thoraxValue(point, options)));
  return {
    studyInstanceUID: '2.25.11',
    seriesInstanceUID: '2.25.12',
    modality: 'CT',
    frameOfReferenceUID: '2.25.13',
    slices: Array.from({ length: dims[2] }, (_, k) => ({
      sopClassUID: '1.2.840.10008.5.1.4.1.1.2',
      sopInstanceUID: `2.25.14.${k + 1}`,
      frameNumber: null,
      instanceNumber: k + 1,
    })),
    grid,
    warnings: [],
    samples,
    unit: 'HU',
    padding: null,
  };
}

/** Visits every voxel centre in LPS mm with its index in memory. */
export function forWorld({ dims, indexToWorld: m }: Grid, visit: (point: Vec3, voxel: number) => void): void {
  let voxel = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++) {
        const at = (row: number) => m[row * 4]! * i + m[row * 4 + 1]! * j + m[row * 4 + 2]! * k + m[row * 4 + 3]!;
        visit([at(0), at(1), at(2)], voxel++);
      }
    }
  }
}

/** 2 |A and B| / (|A| + |B|). */
export function dice(a: Uint8Array, b: Uint8Array): number {
  let both = 0;
  let sum = 0;
  for (let v = 0; v < a.length; v++) {
    if (a[v] !== 0) sum++;
    if (b[v] !== 0) sum++;
    if (a[v] !== 0 && b[v] !== 0) both++;
  }
  return (2 * both) / sum;
}

function inside([x, y, z]: Vec3): boolean {
  return x * x + y * y + z * z < 1;
}
