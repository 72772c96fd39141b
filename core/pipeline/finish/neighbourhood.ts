import { gridSpacing, type Vec3 } from '../../geometry/index.ts';
import type { Volume } from '../../volume/index.ts';

/** A small box of the volume round a point, as numbers of its own. i fastest. */
export interface Neighbourhood {
  /** Voxel of the source that is (0, 0, 0) here. */
  readonly origin: Vec3;
  readonly dims: Vec3;
  /** mm. */
  readonly spacing: Vec3;
  readonly values: Float32Array;
  /** By axis: whether its first and its last voxel are at the edge of the volume. */
  readonly atVolumeEdge: readonly [EdgePair, EdgePair, EdgePair];
  /** 1 where a region may grow. */
  readonly allowed: Uint8Array;
}

type EdgePair = readonly [boolean, boolean];

/** The box of voxels within `reach` mm of `centre` along each axis, cut to the volume. `mask` null allows everything. */
export function neighbourhoodOf(volume: Volume, mask: Uint8Array | null, centre: Vec3, reach: number): Neighbourhood {
  const { dims } = volume.grid;
  const spacing = gridSpacing(volume.grid);
  const first = (axis: 0 | 1 | 2) => Math.max(0, Math.round(centre[axis] - reach / spacing[axis]));
  const last = (axis: 0 | 1 | 2) => Math.min(dims[axis] - 1, Math.round(centre[axis] + reach / spacing[axis]));
  const origin: Vec3 = [first(0), first(1), first(2)];
  const size: Vec3 = [last(0) - origin[0] + 1, last(1) - origin[1] + 1, last(2) - origin[2] + 1];
  const values = new Float32Array(size[0] * size[1] * size[2]);
  const allowed = new Uint8Array(values.length).fill(1);
  let to = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++, to += size[0]) {
      const from = ((k + origin[2]) * dims[1] + j + origin[1]) * dims[0] + origin[0];
      values.set(volume.samples.subarray(from, from + size[0]), to);
      if (mask !== null) allowed.set(mask.subarray(from, from + size[0]), to);
    }
  }
  const edge = (axis: 0 | 1 | 2): EdgePair => [origin[axis] === 0, last(axis) === dims[axis] - 1];
  return { origin, dims: size, spacing, values, atVolumeEdge: [edge(0), edge(1), edge(2)], allowed };
}
