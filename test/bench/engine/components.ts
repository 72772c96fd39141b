import type { Vec3 } from '@overread/core/geometry';
import { labelComponents } from '../../../core/pipeline/components.ts';
import { medianOf, type Measure } from '../report.ts';

const dims: Vec3 = [512, 512, 300];
const aim = { op: '<=', value: 1000 } as const;

/** Connected components of 512 x 512 x 300 voxels: of a mask that is one sponge, and of one that is a million crumbs. */
export function components(repeats: number): readonly Measure[] {
  const sponge = maskOf((i, j, k) => Math.sin(i / 9) + Math.sin(j / 11) + Math.sin(k / 7) > 0.4);
  const crumbs = maskOf((i, j, k) => i % 4 < 2 && j % 4 < 2 && k % 4 < 2);
  return [
    medianOf('components, sponge, 6 neighbours', times(sponge, 6, repeats), 'ms', aim),
    medianOf('components, sponge, 26 neighbours', times(sponge, 26, repeats), 'ms', aim),
    medianOf('components, crumbs, 26 neighbours', times(crumbs, 26, repeats), 'ms', aim),
  ];
}

function maskOf(isSet: (i: number, j: number, k: number) => boolean): Uint8Array {
  const [ni, nj, nk] = dims;
  const mask = new Uint8Array(ni * nj * nk);
  let voxel = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) for (let i = 0; i < ni; i++) mask[voxel++] = isSet(i, j, k) ? 1 : 0;
  }
  return mask;
}

function times(mask: Uint8Array, neighbours: 6 | 26, repeats: number): number[] {
  return Array.from({ length: repeats }, () => {
    const start = performance.now();
    labelComponents(mask, dims, neighbours);
    return performance.now() - start;
  });
}
