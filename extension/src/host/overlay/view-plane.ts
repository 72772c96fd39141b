import {
  affineColumn,
  affineFromColumns,
  invert,
  multiply,
  sameGrid,
  type Grid,
  type Matrix4,
  type Vec3,
} from '@overread/core/geometry';

/**
 * What a viewport shows of a series, as one affine map: canvas (x right, y down, CSS pixels from the top left corner;
 * depth, away from the plane in view) to voxel index of the series' grid (fractional, 0-based, centre of a voxel at
 * whole numbers). Every overlay is drawn from this map alone, so flips, rotations, zoom and oblique planes need no care.
 */
export interface ViewPlane {
  /** (x, y, depth) to (i, j, k). */
  readonly toIndex: Matrix4;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Three points of the plane, each as canvas position and voxel index, and the direction of depth in index steps. */
export function viewPlane(
  size: readonly [number, number],
  corners: { readonly origin: Vec3; readonly right: Vec3; readonly down: Vec3 },
  depth: Vec3,
): ViewPlane {
  const [width, height] = size;
  const step = (to: Vec3, pixels: number): Vec3 => [
    (to[0] - corners.origin[0]) / pixels,
    (to[1] - corners.origin[1]) / pixels,
    (to[2] - corners.origin[2]) / pixels,
  ];
  const toIndex = affineFromColumns(step(corners.right, width), step(corners.down, height), depth, corners.origin);
  return { toIndex, width, height };
}

/** Whether two views are the same to the last bit. */
export function samePlane(a: ViewPlane, b: ViewPlane): boolean {
  return a.width === b.width && a.height === b.height && a.toIndex.every((value, n) => value === b.toIndex[n]);
}

/** The same view of another grid in the same space. */
export function planeOnGrid(plane: ViewPlane, from: Grid, to: Grid): ViewPlane {
  if (sameGrid(from, to)) return plane;
  const change = multiply(invert(to.indexToWorld), from.indexToWorld);
  return { ...plane, toIndex: multiply(change, plane.toIndex) };
}

/**
 * How far an index lies from the plane, in voxels along the grid axis that the view looks along; the voxel is cut by the
 * plane where this is at most one half.
 */
export function voxelsFromPlane(plane: ViewPlane, ijk: Vec3): number {
  const depth = affineColumn(plane.toIndex, 2);
  const perUnit = Math.max(...depth.map(Math.abs));
  return Math.abs(toCanvas(plane, ijk)[2]) * perUnit;
}

/** Canvas position and depth of a voxel index. */
export function toCanvas(plane: ViewPlane, [i, j, k]: Vec3): Vec3 {
  const inverse = invert(plane.toIndex);
  const row = (r: number): number =>
    inverse[r * 4]! * i + inverse[r * 4 + 1]! * j + inverse[r * 4 + 2]! * k + inverse[r * 4 + 3]!;
  return [row(0), row(1), row(2)];
}
