import { OverreadError } from '../../errors/index.ts';
import type { Volume } from '../../volume/index.ts';
import { firstNotFinite } from '../not-finite.ts';

/**
 * Samples that are no numbers would pass for places beyond the series where those are told apart by NaN.
 * @throws OverreadError `volume.not-finite` naming the first one's place
 */
export function checkFinite(volumes: readonly Volume[]): void {
  for (const { samples, grid, modality } of volumes) {
    if (!(samples instanceof Float32Array)) continue;
    const at = firstNotFinite(samples);
    if (at < 0) continue;
    const [ni, nj] = grid.dims;
    const [i, j, k] = [at % ni, Math.floor(at / ni) % nj, Math.floor(at / (ni * nj))];
    const what = Number.isNaN(samples[at]) ? 'no number (NaN)' : 'infinite';
    throw new OverreadError('volume.not-finite', {
      why: `the value at column ${i}, row ${j}, slice ${k} of the ${modality} series is ${what}`,
      details: { index: [i, j, k] },
    });
  }
}
