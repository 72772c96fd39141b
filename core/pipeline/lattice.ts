import { axisTowards, gridSpacing, mapAxes, type Grid, type Vec3 } from '../geometry/index.ts';
import type { VolumeSamples } from '../volume/index.ts';

/**
 * A coarse grid over a volume, turned so that its axes run nearest to patient left, posterior and superior.
 * Each cell holds a whole block of source voxels, so connectivity and distances cost a fraction of what they cost on the source.
 */
export interface Lattice {
  /** Cells [nx, ny, nz] towards left, posterior, superior; x fastest in memory. */
  readonly dims: Vec3;
  /** Cell size, mm. */
  readonly spacing: Vec3;
  /** By source axis: source index to its part of the linear cell index. Cell of voxel (i, j, k): `offsets[0][i] + offsets[1][j] + offsets[2][k]`. */
  readonly offsets: readonly [Int32Array, Int32Array, Int32Array];
  /** Voxels per cell along the source's i axis (the last cell of a row may hold fewer). */
  readonly rowFactor: number;
}

/** The lattice of a grid whose cells measure at most `cellSize` mm (but never less than one voxel) along each axis. */
export function latticeOf(grid: Grid, cellSize: number): Lattice {
  const voxel = gridSpacing(grid);
  const factors = mapAxes((axis) => Math.max(1, Math.floor(cellSize / voxel[axis])));
  const towards = [axisTowards(grid, 'L'), axisTowards(grid, 'P'), axisTowards(grid, 'S')] as const;
  const dims = mapAxes((patient) => Math.ceil(grid.dims[towards[patient].axis] / factors[towards[patient].axis]));
  const strides: Vec3 = [1, dims[0], dims[0] * dims[1]];
  const offsetsOf = (axis: 0 | 1 | 2): Int32Array => {
    const patient = towards.findIndex((directed) => directed.axis === axis) as 0 | 1 | 2;
    return Int32Array.from({ length: grid.dims[axis] }, (_, index) => {
      const cell = Math.floor(index / factors[axis]);
      return (towards[patient].sign < 0 ? dims[patient] - 1 - cell : cell) * strides[patient];
    });
  };
  return {
    dims,
    spacing: mapAxes((patient) => voxel[towards[patient].axis] * factors[towards[patient].axis]),
    offsets: [offsetsOf(0), offsetsOf(1), offsetsOf(2)],
    rowFactor: factors[0],
  };
}

/** Mean of the voxels of each cell, values limited to [low, high] first (so that padding far below air does not pull a cell down). */
export function coarsen(samples: VolumeSamples, dims: Vec3, lattice: Lattice, low: number, high: number): Float32Array {
  const [ni, nj, nk] = dims;
  const [oi, oj, ok] = lattice.offsets;
  const { rowFactor } = lattice;
  const cells = new Float32Array(lattice.dims[0] * lattice.dims[1] * lattice.dims[2]);
  let voxel = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const base = ok[k]! + oj[j]!;
      for (let i = 0; i < ni; i += rowFactor) {
        const end = voxel + Math.min(rowFactor, ni - i);
        let sum = 0;
        for (; voxel < end; voxel++) {
          const value = samples[voxel]!;
          // The negated comparison also turns NaN into `low`.
          sum += value > low ? (value < high ? value : high) : low;
        }
        cells[base + oi[i]!]! += sum;
      }
    }
  }
  const [inI, inJ, inK] = [membersOf(oi), membersOf(oj), membersOf(ok)];
  for (const { part: partK, count: countK } of inK) {
    for (const { part: partJ, count: countJ } of inJ) {
      const count = countK * countJ;
      for (let n = 0; n < inI.length; n++) cells[partK + partJ + inI[n]!.part]! /= count * inI[n]!.count;
    }
  }
  return cells;
}

interface Members {
  readonly part: number;
  readonly count: number;
}

/** How many indices of an axis share each part of the cell index; they follow one another. */
function membersOf(offsets: Int32Array): readonly Members[] {
  const members: { part: number; count: number }[] = [];
  for (const part of offsets) {
    const last = members.at(-1);
    if (last?.part === part) last.count++;
    else members.push({ part, count: 1 });
  }
  return members;
}
