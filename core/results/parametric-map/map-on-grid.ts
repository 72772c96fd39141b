import type { HeatMap } from '../../analysis/index.ts';
import { resample, sameGrid, type Grid } from '../../geometry/index.ts';

/** Steps over the display range, at least: far more than are drawn. */
const steps = 1024;

/**
 * The map at the voxels of the series: linear between its own voxels, below its display range where it has none. For
 * viewers that lay maps over images pixel by pixel, and refuse one of another size: the OHIF Viewer 3.11 to 3.14 takes one
 * frame per image, as many rows and columns, in the order of the images along their normal.
 *
 * Values between voxels are rounded to a power of two that is at most a 1024th of the display range: what compresses on
 * the way or in the archive then finds few different ones (a chest CT's map of 150 MB becomes 3 MB instead of 131 MB).
 */
export function mapOnGrid(heatMap: HeatMap, grid: Grid): HeatMap {
  if (sameGrid(heatMap.grid, grid)) return heatMap;
  const [low, high] = heatMap.displayRange;
  // No finer than 32-bit floats are near 0.
  const quantum = Math.max(2 ** Math.floor(Math.log2((high - low) / steps)), 2 ** -149);
  const below = low - quantum;
  const outside = heatMap.values.reduce((least, value) => (value > -Infinity && value < least ? value : least), below);
  const values = resample(heatMap.values, heatMap.grid, grid, 'linear', outside);
  for (let at = 0; at < values.length; at++) values[at] = Math.round((values[at] ?? 0) / quantum) * quantum;
  return { ...heatMap, grid, values };
}
