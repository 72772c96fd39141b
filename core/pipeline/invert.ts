import {
  boxOnGrid,
  distance,
  gridBox,
  gridDirections,
  gridSpacing,
  orientationCode,
  resample,
  respacedGrid,
  sameGrid,
  turnedGrid,
  type Grid,
} from '../geometry/index.ts';

/** How far directions of axes (unit vectors) may differ to be the same. */
const SAME_DIRECTION = 1e-6;

/** Labels of the prepared grid on the voxels of the series: those of the nearest voxel, 0 beyond. May be the given array itself. */
export function labelsOnSource(labels: Uint8Array, prepared: Grid, source: Grid): Uint8Array {
  return sameGrid(prepared, source, 1e-6) ? labels : resample(labels, prepared, source, 'nearest', 0);
}

/** A map and the grid it stands on. */
export interface PlacedMap {
  readonly grid: Grid;
  readonly values: Float32Array;
}

/**
 * A map of the prepared grid along the axes of the series, which is how viewers draw and store it; its own spacing stays, for it says no
 * more than that. Turned back voxel by voxel where that is enough, interpolated linearly where the input was straightened.
 * @param outside value of voxels that only the new grid has
 */
export function mapAlongSource(values: Float32Array, prepared: Grid, source: Grid, outside: number): PlacedMap {
  if (runsAlong(prepared, source)) return { grid: prepared, values };
  const turned = turnedGrid(prepared, orientationCode(source));
  const grid = runsAlong(turned, source) ? turned : covering(turned, source);
  return { grid, values: resample(values, prepared, grid, 'linear', outside) };
}

function runsAlong(grid: Grid, source: Grid): boolean {
  const wanted = gridDirections(source);
  return gridDirections(grid).every((direction, axis) => distance(direction, wanted[axis]!) < SAME_DIRECTION);
}

/** The part of the series that a grid covers, in steps of that grid along the axes of the series nearest to its own. */
function covering(grid: Grid, source: Grid): Grid {
  const box = boxOnGrid(grid, gridBox(grid), source) ?? gridBox(source);
  return respacedGrid(source, gridSpacing(grid), box);
}
