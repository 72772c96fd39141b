import { OverreadError } from '../../errors/index.ts';
import type { BoxDecoder, BoxesOutput } from './decode.ts';

type AnchorEncoding = Extract<BoxesOutput['encoding'], { kind: 'anchors' }>;

/** A delta of a size beyond this is cut, as in Faster R-CNN: a box of 1000 voxels from an anchor of 16. */
const largestDelta = Math.log(1000 / 16);

interface Level {
  readonly firstRow: number;
  readonly cells: readonly number[];
  readonly stride: readonly number[];
  readonly sizes: readonly (readonly number[])[];
}

/**
 * Boxes as deltas against anchors (Ren et al., Faster R-CNN, 2015; Lin et al., RetinaNet, 2017): the centre moves by shares of the anchor's size,
 * the size grows by a power of e. Rows run over levels, cells (first axis of the tensor slowest), anchors of a cell.
 * @param size of the window, last axis of the tensor first
 * @param shift of coordinates, voxels
 * @throws OverreadError `model.unsupported` where the lists of the encoding do not fit each other
 */
export function anchorDecoder(encoding: AnchorEncoding, size: readonly number[], shift: number): BoxDecoder {
  const axes = size.length;
  checkLists(encoding, axes);
  // All lists in the tensor's order from here on.
  const levels = levelsOf(encoding, [...size].reverse());
  const weights = encoding.weights.length === 0 ? Array<number>(2 * axes).fill(1) : encoding.weights;
  const middle = encoding.centred === 'middle' ? 0.5 : 0;
  const last = levels.at(-1)!;
  return {
    rows: last.firstRow + rowsOf(last),
    decode(data, at, row) {
      const level = levels.findLast(({ firstRow }) => firstRow <= row)!;
      const within = row - level.firstRow;
      const anchor = level.sizes[within % level.sizes.length]!;
      const low: number[] = [];
      const high: number[] = [];
      let cell = Math.floor(within / level.sizes.length);
      // From the last axis of the tensor to the first: the cell's index falls apart in that order, and boxes are told in it.
      for (let axis = axes - 1; axis >= 0; axis--) {
        const index = cell % level.cells[axis]!;
        cell = Math.floor(cell / level.cells[axis]!);
        const column = encoding.order === 'zyx' ? axis : axes - 1 - axis;
        const move = data[at + column]! / weights[axis]!;
        const growth = Math.min(data[at + axes + column]! / weights[axes + axis]!, largestDelta);
        const centre = (index + middle) * level.stride[axis]! + move * anchor[axis]! + shift;
        const half = (Math.exp(growth) * anchor[axis]!) / 2;
        low.push(centre - half);
        high.push(centre + half);
      }
      return { low, high };
    },
  };
}

function levelsOf({ levels }: AnchorEncoding, size: readonly number[]): readonly Level[] {
  let firstRow = 0;
  return levels.map(({ stride, sizes }) => {
    const level = { firstRow, stride, sizes, cells: size.map((length, axis) => Math.ceil(length / stride[axis]!)) };
    firstRow += rowsOf(level);
    return level;
  });
}

function rowsOf({ cells, sizes }: Pick<Level, 'cells' | 'sizes'>): number {
  return cells.reduce((product, count) => product * count, sizes.length);
}

function checkLists({ levels, weights }: AnchorEncoding, axes: number): void {
  const even = levels.every(({ stride, sizes }) => [stride, ...sizes].every((list) => list.length === axes));
  if (!even) throw unsupported(`strides and sizes of its anchors are not all of ${axes} axes`);
  if (weights.length !== 0 && weights.length !== 2 * axes) {
    throw unsupported(`the anchors have ${weights.length} weights where ${2 * axes} are needed`);
  }
}

function unsupported(why: string): OverreadError {
  return new OverreadError('model.unsupported', { why });
}
