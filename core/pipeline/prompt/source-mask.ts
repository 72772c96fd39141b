import {
  affineColumn,
  boxSize,
  cropGrid,
  gridSpacing,
  mapAxes,
  normalize,
  resample,
  scale,
  transformDirection,
  worldToIndexMatrix,
  type Grid,
  type IndexBox,
  type Vec3,
} from '../../geometry/index.ts';
import { sourceBox } from '../detect/source-box.ts';

/** Bits on the voxels of a box. */
export interface BoxMask {
  readonly box: IndexBox;
  readonly bits: Uint8Array;
}

/**
 * A mask of one slice of the prepared grid on the voxels of the series (nearest), in the smallest box that holds it; null where no voxel is set.
 * A slice thinner than those of the series stands for one that is as thick: what a person marked is not lost between two.
 */
export function maskOnSource(bits: Uint8Array, slice: number, prepared: Grid, source: Grid): BoxMask | null {
  const [ni, nj] = prepared.dims;
  const plane = cropGrid(prepared, { min: [0, 0, slice], max: [ni - 1, nj - 1, slice] });
  const slab = { dims: plane.dims, indexToWorld: thickened(plane, source) };
  const set = spanOf(bits, plane.dims);
  if (set === null) return null;
  const around = sourceBox(
    { low: mapAxes((axis) => set.min[axis] - 0.5), high: mapAxes((axis) => set.max[axis] + 0.5) },
    slab,
    source,
  );
  if (around === null) return null;
  const found = resample(bits, slab, cropGrid(source, around), 'nearest', 0);
  const inner = spanOf(found, boxSize(around));
  if (inner === null) return null;
  const box = {
    min: mapAxes((axis) => around.min[axis] + inner.min[axis]),
    max: mapAxes((axis) => around.min[axis] + inner.max[axis]),
  };
  return { box, bits: cut(found, boxSize(around), inner) };
}

/** The matrix of a slice as thick as the distance of the series' slices along its normal. */
function thickened(plane: Grid, source: Grid): Grid['indexToWorld'] {
  const through = affineColumn(plane.indexToWorld, 2);
  const direction = normalize(through);
  // How many voxels of the series one millimetre along the normal crosses, along the axis that it crosses most.
  const perMillimetre = Math.max(...transformDirection(worldToIndexMatrix(source), direction).map(Math.abs));
  const thickness = Math.max(gridSpacing(plane)[2], 1 / perMillimetre);
  const column = scale(direction, thickness);
  const matrix = [...plane.indexToWorld];
  column.forEach((value, row) => (matrix[row * 4 + 2] = value));
  return matrix;
}

function spanOf(bits: Uint8Array, [ni, nj, nk]: Vec3): IndexBox | null {
  const min: [number, number, number] = [ni, nj, nk];
  const max: [number, number, number] = [-1, -1, -1];
  for (let k = 0, row = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++, row += ni) {
      const line = bits.subarray(row, row + ni);
      const first = line.indexOf(1);
      if (first < 0) continue;
      min[0] = Math.min(min[0], first);
      max[0] = Math.max(max[0], line.lastIndexOf(1));
      min[1] = Math.min(min[1], j);
      max[1] = Math.max(max[1], j);
      min[2] = Math.min(min[2], k);
      max[2] = k;
    }
  }
  return max[2] < 0 ? null : { min, max };
}

function cut(bits: Uint8Array, [ni, nj]: Vec3, box: IndexBox): Uint8Array {
  const [bi, bj, bk] = boxSize(box);
  const inner = new Uint8Array(bi * bj * bk);
  for (let row = 0; row < bj * bk; row++) {
    const from = ((Math.floor(row / bj) + box.min[2]) * nj + (row % bj) + box.min[1]) * ni + box.min[0];
    inner.set(bits.subarray(from, from + bi), row * bi);
  }
  return inner;
}
