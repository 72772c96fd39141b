import type { HeatMap } from '@overread/core/analysis';
import { resampleSlab, type Grid } from '@overread/core/geometry';
import { breather } from '../breathe.ts';
import { heatLevels } from '../host/types.ts';

/**
 * A heat map as levels on the grid of the source series: 0 below the display range (transparent), 1 to `heatLevels` within it,
 * linear in the value. Sampled trilinearly, slice by slice, so that the viewer can draw in between.
 * @returns one level per voxel of `grid`, i fastest; null when the signal was aborted on the way.
 */
export async function heatMapLevels(map: HeatMap, grid: Grid, signal: AbortSignal): Promise<Uint8Array | null> {
  const [ni, nj, nk] = grid.dims;
  const levels = new Uint8Array(ni * nj * nk);
  const slice = new Float32Array(ni * nj);
  const [low, high] = map.displayRange;
  const scale = (heatLevels - 1) / Math.max(high - low, Number.MIN_VALUE);

  const breathe = breather();
  for (let k = 0; k < nk; k++) {
    await breathe();
    if (signal.aborted) return null;
    resampleSlab(
      { samples: map.values, from: map.grid, to: grid, interpolation: 'linear', outside: Number.NEGATIVE_INFINITY },
      { kStart: k, kEnd: k + 1 },
      slice,
    );
    quantise(slice, levels, k * ni * nj, low, scale);
  }
  return levels;
}

function quantise(values: Float32Array, levels: Uint8Array, offset: number, low: number, scale: number): void {
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (!(value >= low)) continue;
    levels[offset + at] = 1 + Math.min(heatLevels - 1, Math.round((value - low) * scale));
  }
}
