import { boxSize, type IndexBox } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import { anchorDecoder } from './anchors.ts';
import type { EdgeBox } from './edge-box.ts';

export type BoxesOutput = Extract<Manifest['outputs'][number], { kind: 'boxes' }>;
type Encoding = BoxesOutput['encoding'];
type PlainEncoding = Extract<Encoding, { kind: 'boxes' }>;

/** Reads the boxes of one window, row by row: only those that are wanted are worked out. */
export interface BoxDecoder {
  /** Rows that the window must have; null where the graph chooses. */
  readonly rows: number | null;
  /**
   * The box of one row in voxels of the window: 0 is the outer edge of its first voxel.
   * @param at where the row's first number stands in `data`
   */
  decode(data: Float32Array, at: number, row: number): Edges;
}

/** Low and high end by spatial axis of the tensor, last axis first: [x, y] or [x, y, z]. */
export interface Edges {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Spatial axes of a box: 2 or 3. */
export function boxAxes(encoding: Encoding): number {
  return encoding.kind === 'anchors' ? encoding.levels[0]!.stride.length : columnsOf(encoding.order).length;
}

/** @param input what the graph was given; its size sets relative coordinates and anchors */
export function boxDecoder(encoding: Encoding, input: IndexBox): BoxDecoder {
  const size = boxSize(input).slice(0, boxAxes(encoding));
  const shift = encoding.origin === 'centre' ? 0.5 : 0;
  return encoding.kind === 'anchors' ? anchorDecoder(encoding, size, shift) : plainDecoder(encoding, size, shift);
}

/**
 * The box on the prepared grid. A box of two axes is as thick as its slice.
 * @param slice k of the prepared grid, for a box of two axes
 */
export function onGrid({ low, high }: Edges, { min }: IndexBox, slice: number): EdgeBox {
  const end = (values: readonly number[], thick: number) =>
    [
      min[0] + values[0]! - 0.5,
      min[1] + values[1]! - 0.5,
      values.length === 2 ? thick : min[2] + values[2]! - 0.5,
    ] as const;
  return { low: end(low, slice - 0.5), high: end(high, slice + 0.5) };
}

function plainDecoder({ order, unit }: PlainEncoding, size: readonly number[], shift: number): BoxDecoder {
  const columns = columnsOf(order);
  const scale = size.map((length) => (unit === 'relative' ? length : 1));
  return {
    rows: null,
    decode(data, at) {
      const low: number[] = [];
      const high: number[] = [];
      for (const [axis, { first, second, centred }] of columns.entries()) {
        const a = data[at + first]! * scale[axis]!;
        const b = data[at + second]! * scale[axis]!;
        low.push((centred ? a - b / 2 : a) + shift);
        high.push((centred ? a + b / 2 : b) + shift);
      }
      return { low, high };
    },
  };
}

interface Columns {
  /** Column of the low end or the centre, and of the high end or the size. */
  readonly first: number;
  readonly second: number;
  readonly centred: boolean;
}

/** Where the two numbers of x, y (and z) stand in a row: `xyxy` names ends, `cxcywh` centres and sizes. */
function columnsOf(order: PlainEncoding['order']): readonly Columns[] {
  const names: readonly string[] = order.match(/c?[xyzwhd]/g) ?? [];
  const sizes = { x: 'w', y: 'h', z: 'd' } as const;
  return (['x', 'y', 'z'] as const)
    .filter((axis) => order.includes(axis))
    .map((axis) => {
      const centre = names.indexOf(`c${axis}`);
      if (centre >= 0) return { first: centre, second: names.indexOf(sizes[axis]), centred: true };
      return { first: names.indexOf(axis), second: names.lastIndexOf(axis), centred: false };
    });
}
