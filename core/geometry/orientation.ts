import { gridDirections } from './grid.ts';
import type { Grid } from './types.ts';

/** Towards the patient's Left, Right, Posterior, Anterior, Superior (head), Inferior (feet). */
export type PatientDirection = 'L' | 'R' | 'P' | 'A' | 'S' | 'I';

/** An index axis and whether its index grows (1) or falls (-1) in a given direction. */
export interface DirectedAxis {
  readonly axis: 0 | 1 | 2;
  readonly sign: 1 | -1;
}

const positive = ['L', 'P', 'S'] as const;
const negative = ['R', 'A', 'I'] as const;
const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/**
 * Where increasing i, j and k lead, each patient axis used once: `LPS` for a plain axial scan read feet to head.
 * An oblique grid gets the closest assignment (largest sum of absolute cosines).
 */
export function orientationCode(grid: Grid): string {
  const axes = closestAxes(grid);
  return axes.map(({ world, sign }) => (sign > 0 ? positive[world] : negative[world])).join('');
}

/** The index axis closest to a patient direction, and the sign of its index towards it. */
export function axisTowards(grid: Grid, direction: PatientDirection): DirectedAxis {
  const isPositive = direction === 'L' || direction === 'P' || direction === 'S';
  const world = (isPositive ? positive : negative).findIndex((letter) => letter === direction);
  const axes = closestAxes(grid);
  const axis = axes.findIndex((candidate) => candidate.world === world);
  const sign = axes[axis]?.sign ?? 1;
  return { axis: axis as 0 | 1 | 2, sign: isPositive === sign > 0 ? 1 : -1 };
}

/** For i, j and k in turn: the patient axis (0 = x, 1 = y, 2 = z) it runs along, and which way. */
function closestAxes(grid: Grid): readonly { readonly world: 0 | 1 | 2; readonly sign: 1 | -1 }[] {
  const directions = gridDirections(grid);
  const fit = (permutation: (typeof permutations)[number]): number =>
    directions.reduce((sum, direction, axis) => sum + Math.abs(direction[permutation[axis] ?? 0]), 0);
  const best = permutations.reduce((a, b) => (fit(b) > fit(a) + 1e-9 ? b : a));
  return directions.map((direction, axis) => {
    const world = best[axis] ?? 0;
    return { world, sign: direction[world] < 0 ? -1 : 1 };
  });
}
