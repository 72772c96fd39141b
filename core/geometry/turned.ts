import { OverreadError } from '../errors/index.ts';
import { affineFromColumns, affineColumn } from './affine.ts';
import { boxCorners, gridBox } from './box.ts';
import { gridSpacing, indexToWorld, makeGrid } from './grid.ts';
import { axisTowards, orientationCode, type PatientDirection } from './orientation.ts';
import { dot, mapAxes, scale } from './vector.ts';
import type { Grid, Vec3 } from './types.ts';

const towards: Readonly<Record<PatientDirection, Vec3>> = {
  L: [1, 0, 0],
  R: [-1, 0, 0],
  P: [0, 1, 0],
  A: [0, -1, 0],
  S: [0, 0, 1],
  I: [0, 0, -1],
};

/**
 * The same voxels in another order: axes exchanged and reversed until i, j and k lead to the three patient directions of
 * `code` (as `orientationCode` writes it), as nearly as whole turns allow. Voxel centres stay where they are.
 * @throws OverreadError `geometry.bad-grid` for a code that does not name each patient axis once
 */
export function turnedGrid(grid: Grid, code: string): Grid {
  const letters = lettersOf(code);
  const axes = letters.map((letter) => axisTowards(grid, letter));
  const first = [0, 0, 0];
  for (const { axis, sign } of axes) if (sign < 0) first[axis] = grid.dims[axis] - 1;
  const step = (n: 0 | 1 | 2): Vec3 => scale(affineColumn(grid.indexToWorld, axes[n]!.axis), axes[n]!.sign);
  const origin = indexToWorld(grid, [first[0]!, first[1]!, first[2]!]);
  return {
    dims: mapAxes((n) => grid.dims[axes[n]!.axis]),
    indexToWorld: affineFromColumns(step(0), step(1), step(2), origin),
  };
}

/**
 * A grid whose axes run exactly along the patient's, each along the one that the given grid's axis is nearest to, with that
 * axis' spacing; it covers all of the given one, with the same middle.
 */
export function straightGrid(grid: Grid): Grid {
  const directions = lettersOf(orientationCode(grid)).map((letter) => towards[letter]) as [Vec3, Vec3, Vec3];
  const spacing = gridSpacing(grid);
  const corners = boxCorners(grid, gridBox(grid));
  const ends = directions.map((direction) => {
    const places = corners.map((corner) => dot(corner, direction));
    return { low: Math.min(...places), high: Math.max(...places) };
  });
  const dims = mapAxes((n) => Math.max(1, Math.ceil((ends[n]!.high - ends[n]!.low) / spacing[n] - 1e-6)));
  const start = (n: 0 | 1 | 2): Vec3 =>
    scale(directions[n], (ends[n]!.low + ends[n]!.high - (dims[n] - 1) * spacing[n]) / 2);
  const [a, b, c] = [start(0), start(1), start(2)];
  return makeGrid(
    dims,
    spacing,
    directions,
    mapAxes((world) => a[world] + b[world] + c[world]),
  );
}

function lettersOf(code: string): readonly PatientDirection[] {
  const isLetter = (letter: string): letter is PatientDirection => Object.hasOwn(towards, letter);
  const letters = Array.from(code).filter(isLetter);
  const axes = new Set(letters.map((letter) => towards[letter].findIndex((component) => component !== 0)));
  if (letters.length === 3 && code.length === 3 && axes.size === 3) return letters;
  throw new OverreadError('geometry.bad-grid', { why: `'${code}' does not name each patient axis once` });
}
