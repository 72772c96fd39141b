import { affineColumn, affineFromColumns, indexToWorld, intersectBoxes, mapAxes, scale } from '../../geometry/index.ts';
import type { Grid, IndexBox, Vec3 } from '../../geometry/index.ts';
import type { PreparedInput } from '../prepared.ts';

/** A prepared input with a block of it covered by one value. */
export function occluded(prepared: PreparedInput, block: IndexBox, fill: number): PreparedInput {
  return {
    ...prepared,
    read(box, into) {
      prepared.read(box, into);
      const common = intersectBoxes(box, block);
      if (common !== null) cover(into, box, common, prepared.channels, fill);
    },
  };
}

function cover(into: Float32Array, box: IndexBox, part: IndexBox, channels: number, fill: number): void {
  const [ni, nj, nk] = mapAxes((axis) => box.max[axis] - box.min[axis] + 1);
  const from = part.min[0] - box.min[0];
  const to = part.max[0] - box.min[0] + 1;
  for (let c = 0; c < channels; c++) {
    for (let k = part.min[2] - box.min[2]; k <= part.max[2] - box.min[2]; k++) {
      for (let j = part.min[1] - box.min[1]; j <= part.max[1] - box.min[1]; j++) {
        const row = ((c * nk + k) * nj + j) * ni;
        into.fill(fill, row + from, row + to);
      }
    }
  }
}

/** Blocks that lie over a grid, and cells of one step each in which their effects are put together. */
export interface OcclusionPlan {
  /** How many blocks there are: one per cell. */
  readonly count: number;
  /** The blocks one by one, none of them held: a step of one voxel makes as many as there are voxels. */
  blocks(): Iterable<IndexBox>;
  /** How many blocks touch a box of the grid. */
  touching(box: IndexBox): number;
  /** One voxel per cell. */
  readonly cells: Grid;
  /** The cells [first, last] that a block touches, as a box of `cells`. */
  readonly cellsOf: (block: IndexBox) => IndexBox;
}

/** @param size of a block, and `step` from one to the next, both in voxels along [i, j, k] */
export function occlusionPlan(grid: Grid, size: Vec3, step: Vec3): OcclusionPlan {
  const counts = mapAxes((axis) => Math.ceil(grid.dims[axis] / step[axis]));
  const column = (axis: 0 | 1 | 2) => scale(affineColumn(grid.indexToWorld, axis), step[axis]);
  const first = indexToWorld(
    grid,
    mapAxes((axis) => (step[axis] - 1) / 2),
  );
  return {
    count: counts[0] * counts[1] * counts[2],
    *blocks() {
      for (let k = 0; k < counts[2]; k++) {
        for (let j = 0; j < counts[1]; j++) {
          for (let i = 0; i < counts[0]; i++) {
            const min = mapAxes((axis) => [i, j, k][axis]! * step[axis]);
            yield { min, max: mapAxes((axis) => Math.min(grid.dims[axis], min[axis] + size[axis]) - 1) };
          }
        }
      }
    },
    touching({ min, max }) {
      const along = mapAxes((axis) => {
        const lowest = Math.max(0, Math.ceil((min[axis] - size[axis] + 1) / step[axis]));
        const highest = Math.min(counts[axis] - 1, Math.floor(max[axis] / step[axis]));
        return min[axis] < grid.dims[axis] ? Math.max(0, highest - lowest + 1) : 0;
      });
      return along[0] * along[1] * along[2];
    },
    cells: { dims: counts, indexToWorld: affineFromColumns(column(0), column(1), column(2), first) },
    cellsOf: ({ min, max }) => ({
      min: mapAxes((axis) => Math.floor(min[axis] / step[axis])),
      max: mapAxes((axis) => Math.floor(max[axis] / step[axis])),
    }),
  };
}
