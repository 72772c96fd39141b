import type { Vec3 } from '@overread/core/geometry';
import type { Window } from '@overread/core/pipeline';

/** How the windows of a trial lie. */
export type Arrangement = 'along j' | 'along k' | 'cropped' | 'layered';

/** [i, j, k]; rows longer than a group of threads, of no whole words. */
export const windowSize: Vec3 = [71, 5, 4];

interface TrialWindows {
  readonly dims: Vec3;
  /** Along which windows are blended; null: they are not. */
  readonly axis: 1 | 2 | null;
  readonly layered: boolean;
  readonly windows: readonly Window[];
}

export function trialWindows(arrangement: Arrangement): TrialWindows {
  switch (arrangement) {
    // The third step leaves a gap, and the last window along i reaches beyond the grid.
    case 'along j':
      return blended([102, 14, 4], 1, [0, 2, 9]);
    case 'along k':
      return blended([102, 5, 11], 2, [0, 2, 7]);
    case 'cropped':
      return { dims: [102, 5, 11], axis: null, layered: false, windows: besideEachOther([102, 5, 11]) };
    case 'layered':
      return { dims: [71, 5, 3], axis: null, layered: true, windows: slices([71, 5, 3]) };
  }
}

function blended(dims: Vec3, axis: 1 | 2, steps: readonly number[]): TrialWindows {
  const windows = steps.flatMap((at) =>
    [0, 30, 35].map((i) => {
      const min: Vec3 = axis === 1 ? [i, at, 0] : [i, 0, at];
      return { input: { min, max: endOf(min) }, core: { min, max: within(dims, endOf(min)) } };
    }),
  );
  return { dims, axis, layered: false, windows };
}

/** Cores of 66, 7 and 29 columns, which begin in the middle of words, with a halo round them where there is room. */
function besideEachOther(dims: Vec3): Window[] {
  const spans = [
    [-2, 0, 65],
    [5, 66, 72],
    [40, 73, 101],
  ] as const;
  return [0, 4, 8].flatMap((k) =>
    spans.map(([i, first, last]): Window => {
      const min: Vec3 = [i, 0, k];
      const end = within(dims, endOf(min));
      return { input: { min, max: endOf(min) }, core: { min: [first, 0, k], max: [last, end[1], end[2]] } };
    }),
  );
}

/** A slice at a time: an odd number of values each. */
function slices([ni, nj, nk]: Vec3): Window[] {
  return Array.from({ length: nk }, (_, k): Window => {
    const box = { min: [0, 0, k] as Vec3, max: [ni - 1, nj - 1, k] as Vec3 };
    return { input: box, core: box };
  });
}

/** The last voxel of a window that begins here. */
function endOf([i, j, k]: Vec3): Vec3 {
  return [i + windowSize[0] - 1, j + windowSize[1] - 1, k + windowSize[2] - 1];
}

function within([ni, nj, nk]: Vec3, [i, j, k]: Vec3): Vec3 {
  return [Math.min(ni - 1, i), Math.min(nj - 1, j), Math.min(nk - 1, k)];
}
