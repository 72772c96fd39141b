import { OverreadError } from '../../errors/index.ts';
import {
  boxOnGrid,
  centreAlignedGrid,
  checkGrid,
  cropGrid,
  edgeAlignedGrid,
  gridBox,
  gridOrigin,
  gridSpacing,
  mapAxes,
  resizedGrid,
  respacedGrid,
  straightGrid,
  transformPoint,
  turnedGrid,
  voxelCount,
  worldToIndexMatrix,
  type Grid,
  type IndexBox,
  type Vec3,
} from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import { maskNamed } from '../intensity.ts';
import type { Masks } from '../masks/index.ts';
import { boundingBox } from '../masks/window.ts';

type Input = Manifest['input'];

/** Beyond this a prepared volume is a mistake in the manifest or the series, and no machine's memory would hold it. */
const MOST_VOXELS = 2 ** 31;

/**
 * The grid the graph works on: that of the series, turned, straightened, respaced, cut to the box of the `cropTo` mask with its margin, and
 * made the size the manifest asks for, in this order. It may reach beyond the series.
 * @param masks on `source`
 * @throws OverreadError `runtime.out-of-memory` where it would be larger than any memory
 */
export function preparedGrid(input: Input, source: Grid, masks: Masks): Grid {
  const base = directed(input, source);
  const bits = input.cropTo === undefined ? null : maskNamed(masks, input.cropTo);
  const box = bits && boundingBox(bits, source.dims);
  const cropped = box === null ? null : base === source ? box : boxOnGrid(source, box, base);
  const grid = sized(input, cropped === null ? respaced(input, base) : crop(input, base, cropped));
  checkGrid(grid);
  if (voxelCount(grid) > MOST_VOXELS) {
    throw new OverreadError('runtime.out-of-memory', {
      why: `prepared for the model, the series would have ${grid.dims.join(' x ')} voxels`,
      details: { dims: [...grid.dims] },
    });
  }
  return grid;
}

/** The manifest writes axes, sizes and spacings for [D, H, W]; a grid has them for [i, j, k]. */
const reversed = <T>([d, h, w]: readonly [T, T, T]): readonly [T, T, T] => [w, h, d];

function directed({ orientation, straighten }: Input, source: Grid): Grid {
  const turned = orientation === 'native' ? source : turnedGrid(source, Array.from(orientation).toReversed().join(''));
  return straighten ? straightGrid(turned) : turned;
}

/** Spacing along [i, j, k], mm; null where nothing is to be changed. */
function spacingOf({ spacing }: Input, base: Grid): Vec3 | null {
  if (spacing === 'native') return null;
  const own = gridSpacing(base);
  if (typeof spacing === 'number') return [spacing, spacing, spacing];
  const wanted = reversed(spacing);
  return mapAxes((axis) => wanted[axis] ?? own[axis]);
}

function respaced(input: Input, base: Grid, box?: IndexBox): Grid {
  const spacing = spacingOf(input, base);
  if (spacing === null) return box === undefined ? base : cropGrid(base, box);
  switch (input.respacing) {
    case 'cover':
      return respacedGrid(base, spacing, box);
    case 'centres':
      return within(base, centreAlignedGrid(base, spacing), box);
    case 'edges':
      return within(base, edgeAlignedGrid(base, spacing), box);
  }
}

/** The voxels of a respaced grid that hold a box of the one it was made from. */
function within(base: Grid, grid: Grid, box: IndexBox | undefined): Grid {
  if (box === undefined) return grid;
  return cropGrid(grid, boxOnGrid(base, box, grid) ?? gridBox(grid));
}

/** The box of the mask with what the manifest wants round it: its margin, and the halo of windows that are cut off. */
function crop(input: Input, base: Grid, box: IndexBox): Grid {
  const margin = reversed(input.cropMargin);
  const halo = haloOf(input);
  const grid = respaced(input, base, box);
  const wide = { min: mapAxes((a) => 0 - margin[a]), max: mapAxes((a) => grid.dims[a] - 1 + margin[a]) };
  const { min, max } = input.cropWithin ? intersected(wide, seriesBox(input, base, grid)) : wide;
  return cropGrid(grid, { min: mapAxes((a) => min[a] - halo[a]), max: mapAxes((a) => max[a] + halo[a]) });
}

/** Where the whole series lies on the grid of a box of it, which is of the same voxels but for where it begins and ends. */
function seriesBox(input: Input, base: Grid, grid: Grid): IndexBox {
  const whole = respaced(input, base);
  const first = transformPoint(worldToIndexMatrix(grid), gridOrigin(whole));
  const min = mapAxes((a) => Math.round(first[a]));
  return { min, max: mapAxes((a) => min[a] + whole.dims[a] - 1) };
}

/** The part of a box within another one, which holds voxel 0. */
function intersected(box: IndexBox, around: IndexBox): IndexBox {
  return {
    min: mapAxes((a) => Math.max(box.min[a], Math.min(0, around.min[a]))),
    max: mapAxes((a) => Math.min(box.max[a], Math.max(0, around.max[a]))),
  };
}

function haloOf({ patch }: Input): Vec3 {
  return patch.mode === 'slidingWindow' && patch.blending.kind === 'crop' ? reversed(patch.blending.halo) : [0, 0, 0];
}

function sized({ size }: Input, grid: Grid): Grid {
  return size === undefined ? grid : resizedGrid(grid, reversed(size));
}
