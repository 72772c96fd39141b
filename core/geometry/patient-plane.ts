import { affineFromColumns } from './affine.ts';
import { cross, normalize, scale } from './vector.ts';
import type { Matrix4, Vec3 } from './types.ts';

/** The image plane as PS3.3 C.7.6.2 (Image Plane Module) gives it. */
export interface PatientPlane {
  /** ImagePositionPatient: centre of the first voxel, LPS mm. */
  readonly position: Vec3;
  /** First triple of ImageOrientationPatient: direction of a row, that is of increasing column index i. */
  readonly rowDirection: Vec3;
  /** Second triple: direction of a column, that is of increasing row index j. */
  readonly columnDirection: Vec3;
  /** PixelSpacing as written: [between rows (j), between columns (i)], mm. */
  readonly pixelSpacing: readonly [number, number];
}

/** Unit vector across the plane: row direction x column direction. */
export function planeNormal(plane: Pick<PatientPlane, 'rowDirection' | 'columnDirection'>): Vec3 {
  return normalize(cross(plane.rowDirection, plane.columnDirection));
}

/**
 * Voxel index (i, j, k) of a stack, 0-based, to LPS mm: PS3.3 equation C.7.6.2.1-1 with a third axis.
 * @param step from slice k to slice k + 1: a vector in LPS mm, or a length in mm along the plane's normal
 */
export function affineFromPlane(plane: PatientPlane, step: Vec3 | number): Matrix4 {
  const [betweenRows, betweenColumns] = plane.pixelSpacing;
  return affineFromColumns(
    scale(plane.rowDirection, betweenColumns),
    scale(plane.columnDirection, betweenRows),
    typeof step === 'number' ? scale(planeNormal(plane), step) : step,
    plane.position,
  );
}
