import { axisAlong, gridSpacing, type Grid } from '../../geometry/index.ts';

type Axis = 0 | 1 | 2;

/**
 * The axis of a series along which values come from the nearest slice: that of its longest voxels where they are more than `ratio` times as long as
 * the shortest, else that of the prepared grid's. None where two axes share the longest (as nnU-Net's `determine_do_sep_z_and_axis` has it).
 */
export function thickAxis(series: Grid, prepared: Grid, ratio: number | undefined): Axis | undefined {
  if (ratio === undefined) return undefined;
  const own = gridSpacing(series);
  if (isAnisotropic(own, ratio)) return longest(own);
  const spacing = gridSpacing(prepared);
  if (!isAnisotropic(spacing, ratio)) return undefined;
  const axis = longest(spacing);
  return axis === undefined ? undefined : axisAlong(series, prepared, axis);
}

type Spacing = ReturnType<typeof gridSpacing>;

function isAnisotropic(spacing: Spacing, ratio: number): boolean {
  return Math.max(...spacing) / Math.min(...spacing) > ratio;
}

/** What spacings may differ by and be the same, as a share: the decimals of a header. */
const rounding = 1e-6;

function longest(spacing: Spacing): Axis | undefined {
  const most = Math.max(...spacing);
  const axes = ([0, 1, 2] as const).filter((axis) => spacing[axis] > most * (1 - rounding));
  return axes.length === 1 ? axes[0] : undefined;
}
