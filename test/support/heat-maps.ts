import type { HeatMap } from '@overread/core/analysis';
import { quantities, units } from '@overread/core/dicom';
import { gridDirections, makeGrid, type Grid, type Vec3 } from '@overread/core/geometry';

/** A grid of another size and spacing over the same place, as models have that work on resampled images. */
export function otherGrid(grid: Grid, dims: Vec3 = [5, 4, 3], spacing: Vec3 = [1.3, 1.7, 3.1]): Grid {
  return makeGrid(dims, spacing, gridDirections(grid), [-108.5, -94.25, 34.5]);
}

/** A heat map with every value a float can be awkward in: tiny, huge, signed zero, infinite and none. */
export function awkwardMap(grid: Grid): HeatMap {
  const awkward = [1e-40, 3.4e38, -0, Infinity, -Infinity, NaN, 0.1, -123.456];
  const count = grid.dims[0] * grid.dims[1] * grid.dims[2];
  const values = Float32Array.from({ length: count }, (_, at) => awkward[at] ?? Math.sin(at) / 3);
  return { label: 'Saliency', grid, values, quantity: quantities.saliency, unit: units.one, displayRange: [0.1, 1] };
}
