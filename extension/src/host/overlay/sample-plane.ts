import type { Vec3 } from '@overread/core/geometry';
import type { ViewPlane } from './view-plane.ts';

/** Samples per drawing at most: 0.6 million take about 4 ms. */
const maxSamples = 600_000;

/**
 * Half a voxel more, so that cutting off the fraction is rounding. A plane right between two slices, as reformations begin with, shows the
 * upper one however its numbers were rounded: the one that a mark set there is taken to lie on.
 */
const half = 0.5 + 1e-6;

/** Size of the picture that a plane is sampled to: a sample per CSS pixel, fewer in very large viewports. */
export function sampleSize({ width, height }: ViewPlane): readonly [number, number] {
  const shrink = Math.min(1, Math.sqrt(maxSamples / Math.max(1, width * height)));
  return [Math.max(1, Math.round(width * shrink)), Math.max(1, Math.round(height * shrink))];
}

/**
 * Nearest voxel under each sample of some rows of the plane.
 * @param voxels i fastest, then j, k, of size `dims`
 * @param into columns x rows bytes, row by row; 0 outside the grid
 * @param band first row and the one after the last
 */
export function samplePlane(
  voxels: Uint8Array,
  dims: Vec3,
  plane: ViewPlane,
  [columns, rows]: readonly [number, number],
  into: Uint8Array,
  [first, end]: readonly [number, number],
): void {
  const [ni, nj, nk] = dims;
  const m = plane.toIndex;
  const sx = plane.width / columns;
  const sy = plane.height / rows;
  const [di, dj, dk] = [m[0]! * sx, m[4]! * sx, m[8]! * sx];
  for (let row = first; row < end; row++) {
    const x = 0.5 * sx;
    const y = (row + 0.5) * sy;
    let i = m[0]! * x + m[1]! * y + m[3]! + half;
    let j = m[4]! * x + m[5]! * y + m[7]! + half;
    let k = m[8]! * x + m[9]! * y + m[11]! + half;
    for (let at = row * columns, end = at + columns; at < end; at++) {
      into[at] =
        i >= 0 && j >= 0 && k >= 0 && i < ni && j < nj && k < nk ? voxels[(i | 0) + ni * ((j | 0) + nj * (k | 0))]! : 0;
      i += di;
      j += dj;
      k += dk;
    }
  }
}

/**
 * Colours of some rows of a picture of labels, for an ImageData: the palette's own colour inside, a stronger one along the
 * edges.
 * @param labels all rows: whether a sample lies on an edge is told by its neighbours
 * @param palette 256 little-endian RGBA values by label; label 0 is not drawn
 * @param edges the same for samples at the border of their label; null draws no borders
 * @param band first row and the one after the last
 */
export function colourise(
  labels: Uint8Array,
  [columns, rows]: readonly [number, number],
  palette: Uint32Array,
  edges: Uint32Array | null,
  into: Uint32Array,
  [first, end]: readonly [number, number],
): void {
  for (let row = first, at = first * columns; row < end; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const label = labels[at]!;
      const isEdge =
        edges !== null &&
        label !== 0 &&
        ((column > 0 && labels[at - 1] !== label) ||
          (column < columns - 1 && labels[at + 1] !== label) ||
          (row > 0 && labels[at - columns] !== label) ||
          (row < rows - 1 && labels[at + columns] !== label));
      into[at] = (isEdge ? edges : palette)[label]!;
    }
  }
}
