import type { LabelMap } from '../../analysis/index.ts';
import type { IndexBox, Vec3 } from '../../geometry/index.ts';

export interface LabelRegion {
  readonly box: IndexBox;
  /** A voxel of the label: the one in the middle of its voxels in memory order. */
  readonly centre: Vec3;
}

/** Box and middle voxel of every label that has a voxel. */
export function labelRegions({ grid, labels }: LabelMap): ReadonlyMap<number, LabelRegion> {
  const [ni, nj, nk] = grid.dims;
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  const low = Array.from({ length: 256 }, () => [ni, nj, nk]);
  const high = Array.from({ length: 256 }, () => [-1, -1, -1]);
  const middle = new Map<number, Vec3>();
  const seen = new Uint32Array(256);
  let at = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, at++) {
        const label = labels[at] ?? 0;
        if (label === 0) continue;
        const [least = [], most = []] = [low[label], high[label]];
        [i, j, k].forEach((index, axis) => {
          if (index < (least[axis] ?? 0)) least[axis] = index;
          if (index > (most[axis] ?? 0)) most[axis] = index;
        });
        if (seen[label] === (counts[label] ?? 0) >> 1) middle.set(label, [i, j, k]);
        seen[label] = (seen[label] ?? 0) + 1;
      }
    }
  }
  const vec3 = (values: readonly number[] = []): Vec3 => [values[0] ?? 0, values[1] ?? 0, values[2] ?? 0];
  return new Map(
    [...middle].map(([label, centre]) => [label, { box: { min: vec3(low[label]), max: vec3(high[label]) }, centre }]),
  );
}
