import type { HeatMap } from '../../analysis/index.ts';
import { resample, sameGrid, type Grid } from '../../geometry/index.ts';

/**
 * The map at the voxels of the series: linear between its own voxels, its lowest value (at most the lower end of its
 * display range, so that nothing is shown) where it has none. For viewers that lay maps over images pixel by pixel, and
 * refuse one of another size: the OHIF Viewer 3.11 to 3.14 takes one frame per image, as many rows and columns, in the
 * order of the images along their normal.
 */
export function mapOnGrid(heatMap: HeatMap, grid: Grid): HeatMap {
  if (sameGrid(heatMap.grid, grid)) return heatMap;
  const [lowest] = heatMap.displayRange;
  const outside = heatMap.values.reduce((least, value) => (value > -Infinity && value < least ? value : least), lowest);
  return { ...heatMap, grid, values: resample(heatMap.values, heatMap.grid, grid, 'linear', outside) };
}
