import type { Analysis } from '@overread/core/analysis';
import { voxelCount } from '@overread/core/geometry';
import type { StoredKinds } from './stored-kinds.ts';

/** Voxels from which on a map is not resampled to the series: as floats they take 192 MiB. */
const largestResampled = 48 * 2 ** 20;

/**
 * In which form a heat map is written where the site leaves it open: at the voxels of the series, since the viewer's own
 * overlay takes no other, unless that would be very large.
 */
export function mapForm(setting: StoredKinds['heatMap'], { source }: Analysis): boolean | 'on-source-grid' {
  if (setting !== true) return setting === 'own-grid';
  return voxelCount(source.grid) <= largestResampled ? 'on-source-grid' : true;
}
