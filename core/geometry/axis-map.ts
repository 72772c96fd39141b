import { at } from './affine.ts';
import { indexToIndexMatrix } from './grid.ts';
import { mapAxes } from './vector.ts';
import type { Grid, Matrix4 } from './types.ts';

/** Where the samples of one target axis lie on the one source axis it runs along. */
export interface AxisMap {
  readonly sourceAxis: 0 | 1 | 2;
  /** Per target index: fractional source index, beyond the axis too. */
  readonly position: Float64Array;
  /** Per target index: source index just below, clamped to the axis. */
  readonly lower: Int32Array;
  /** Per target index: share of the next source index (lower + 1), 0 up to below 1; 0 at the last one. */
  readonly weight: Float32Array;
  /** Per target index: closest source index. */
  readonly nearest: Int32Array;
  /** Target indices from `begin` up to before `end` lie within the source voxels; the others are outside. */
  readonly begin: number;
  readonly end: number;
}

/** The map of target indices `start` up to before `end` alone. */
export function sliceAxisMap(map: AxisMap, start: number, end: number): AxisMap {
  const count = end - start;
  const within = (index: number): number => Math.min(count, Math.max(0, index - start));
  return {
    sourceAxis: map.sourceAxis,
    position: map.position.subarray(start, end),
    lower: map.lower.subarray(start, end),
    weight: map.weight.subarray(start, end),
    nearest: map.nearest.subarray(start, end),
    begin: within(map.begin),
    end: within(map.end),
  };
}

/** Entry n is the map of target axis n. */
export type AxisMaps = readonly [AxisMap, AxisMap, AxisMap];

/**
 * Off-axis drift over a whole grid, in source voxels, below which two grids count as sharing axes: what arithmetic
 * leaves. Grids that differ by more, were it by the decimals of a header, are resampled as they lie.
 */
const alignmentTolerance = 1e-6;
/** Positions this close to a voxel centre are that centre: an identity stays exact despite rounding. */
const snap = 1e-6;

/**
 * How `to` samples `from`, axis by axis, where the two share axes (in any order and sense); null where they do not.
 */
export function axisMaps(from: Grid, to: Grid): AxisMaps | null {
  const matrix = indexToIndexMatrix(to, from);
  const sources = mapAxes((axis) => dominantRow(matrix, axis));
  if (new Set(sources).size !== 3) return null;
  for (const target of [0, 1, 2] as const) {
    const source = sources[target];
    let drift = 0;
    for (const other of [0, 1, 2] as const) {
      if (other !== target) drift += Math.abs(at(matrix, source, other)) * (to.dims[other] - 1);
    }
    if (!(drift < alignmentTolerance)) return null;
  }
  const map = (target: 0 | 1 | 2): AxisMap => {
    const source = sources[target] as 0 | 1 | 2;
    return axisMap(source, at(matrix, source, target), at(matrix, source, 3), to.dims[target], from.dims[source]);
  };
  return [map(0), map(1), map(2)];
}

/** The axis of `from` that target axis `axis` runs along, or undefined where the grids share no axes. */
export function axisAlong(from: Grid, to: Grid, axis: 0 | 1 | 2): 0 | 1 | 2 | undefined {
  return axisMaps(from, to)?.[axis].sourceAxis;
}

/** The maps with the closest source index along one source axis, and nothing in between. */
export function nearestAlong(maps: AxisMaps, source: 0 | 1 | 2): AxisMaps {
  const closest = (map: AxisMap): AxisMap => {
    if (map.sourceAxis !== source) return map;
    const { nearest } = map;
    return { ...map, position: Float64Array.from(nearest), lower: nearest, weight: new Float32Array(nearest.length) };
  };
  return [closest(maps[0]), closest(maps[1]), closest(maps[2])];
}

function dominantRow(matrix: Matrix4, column: number): number {
  const size = (row: number): number => Math.abs(at(matrix, row, column));
  if (size(0) >= size(1) && size(0) >= size(2)) return 0;
  return size(1) >= size(2) ? 1 : 2;
}

function axisMap(sourceAxis: 0 | 1 | 2, slope: number, offset: number, count: number, sourceCount: number): AxisMap {
  const positions = new Float64Array(count);
  const lower = new Int32Array(count);
  const nearest = new Int32Array(count);
  const weight = new Float32Array(count);
  let begin = count;
  let end = 0;
  for (let index = 0; index < count; index++) {
    const exact = slope * index + offset;
    const rounded = Math.round(exact);
    const position = Math.abs(exact - rounded) < snap ? rounded : exact;
    positions[index] = position;
    if (position >= -0.5 - snap && position <= sourceCount - 0.5 + snap) {
      begin = Math.min(begin, index);
      end = index + 1;
    }
    const clamped = Math.min(Math.max(position, 0), sourceCount - 1);
    lower[index] = Math.floor(clamped);
    weight[index] = clamped - Math.floor(clamped);
    nearest[index] = Math.min(Math.floor(clamped + 0.5), sourceCount - 1);
  }
  return { sourceAxis, position: positions, lower, weight, nearest, begin: Math.min(begin, end), end };
}
