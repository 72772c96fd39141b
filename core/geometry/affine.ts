import { OverreadError } from '../errors/index.ts';
import type { Matrix4, Vec3 } from './types.ts';

/** Columns are the steps of i, j and k and the place of index (0, 0, 0), all in LPS mm where the matrix is an `indexToWorld`. */
export function affineFromColumns(i: Vec3, j: Vec3, k: Vec3, origin: Vec3): Matrix4 {
  // prettier-ignore
  return [
    i[0], j[0], k[0], origin[0],
    i[1], j[1], k[1], origin[1],
    i[2], j[2], k[2], origin[2],
    0, 0, 0, 1,
  ];
}

/** Column 0, 1, 2 (direction) or 3 (origin) of an affine matrix. */
export function affineColumn(matrix: Matrix4, column: 0 | 1 | 2 | 3): Vec3 {
  return [at(matrix, 0, column), at(matrix, 1, column), at(matrix, 2, column)];
}

/** a after b: `multiply(a, b)` takes a point through b first. */
export function multiply(a: Matrix4, b: Matrix4): Matrix4 {
  const product: number[] = [];
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = 0;
      for (let n = 0; n < 4; n++) sum += at(a, row, n) * at(b, n, column);
      product.push(sum);
    }
  }
  return product;
}

/**
 * Inverse of an affine matrix (last row 0 0 0 1).
 * @throws OverreadError `geometry.bad-grid` where the three directions do not span space or a number is not finite.
 */
export function invert(matrix: Matrix4): Matrix4 {
  const [a, b, c] = [at(matrix, 0, 0), at(matrix, 0, 1), at(matrix, 0, 2)];
  const [d, e, f] = [at(matrix, 1, 0), at(matrix, 1, 1), at(matrix, 1, 2)];
  const [g, h, i] = [at(matrix, 2, 0), at(matrix, 2, 1), at(matrix, 2, 2)];
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  // Relative to the lengths of the columns, so that micrometre voxels are not taken for flat ones.
  const size = Math.hypot(a, d, g) * Math.hypot(b, e, h) * Math.hypot(c, f, i);
  if (!(Math.abs(determinant) > 1e-9 * size)) {
    throw new OverreadError('geometry.bad-grid', {
      why: 'the directions of its axes do not span space',
      details: { determinant },
    });
  }
  const s = 1 / determinant;
  const rows: readonly Vec3[] = [
    [(e * i - f * h) * s, (c * h - b * i) * s, (b * f - c * e) * s],
    [(f * g - d * i) * s, (a * i - c * g) * s, (c * d - a * f) * s],
    [(d * h - e * g) * s, (b * g - a * h) * s, (a * e - b * d) * s],
  ];
  const [x, y, z] = affineColumn(matrix, 3);
  return [...rows.flatMap((row) => [...row, -(row[0] * x + row[1] * y + row[2] * z)]), 0, 0, 0, 1];
}

/** The point the matrix takes `point` to. */
export function transformPoint(matrix: Matrix4, point: Vec3): Vec3 {
  const [x, y, z] = transformDirection(matrix, point);
  return [x + at(matrix, 0, 3), y + at(matrix, 1, 3), z + at(matrix, 2, 3)];
}

/** The direction (no origin added, length not normalized) the matrix takes `direction` to. */
export function transformDirection(matrix: Matrix4, direction: Vec3): Vec3 {
  const row = (r: number): number =>
    at(matrix, r, 0) * direction[0] + at(matrix, r, 1) * direction[1] + at(matrix, r, 2) * direction[2];
  return [row(0), row(1), row(2)];
}

/** Element at (row, column), 0-based; NaN where the matrix is too short, so that a malformed one cannot pass for a valid one. */
export function at(matrix: Matrix4, row: number, column: number): number {
  return matrix[row * 4 + column] ?? NaN;
}
