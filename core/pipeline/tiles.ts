import { OverreadError } from '../errors/index.ts';
import { mapAxes, type IndexBox, type Vec3 } from '../geometry/index.ts';
import type { Manifest } from '../model/index.ts';

type Patch = Manifest['input']['patch'];

/** One run of the graph: what it is given, and the part of its output that is kept. Boxes in voxels of the prepared grid. */
export interface Tile {
  readonly input: IndexBox;
  /** Inside `input`; the cores of all tiles cover the grid exactly once. */
  readonly core: IndexBox;
}

interface Span {
  readonly input: readonly [number, number];
  readonly core: readonly [number, number];
}

/** Tile edges stand on multiples of this, so that a graph that works on every second voxel sees the same ones in every tile. */
const ALIGNMENT = 2;

/**
 * The tiles of a grid [ni, nj, nk], k slowest.
 * @throws OverreadError `pipeline.bad-patch` where a window is no larger than its two halos
 */
export function tilesOf(dims: Vec3, patch: Patch): Tile[] {
  // Manifest sizes are [k, j, i].
  const spans = [0, 1, 2].map((axis) => {
    const count = dims[axis as 0];
    if (patch.mode !== 'slidingWindow' || patch.blending.kind !== 'crop')
      return [{ input: [0, count - 1], core: [0, count - 1] } satisfies Span];
    return spansOf(count, patch.size[(2 - axis) as 0], patch.blending.halo[(2 - axis) as 0]);
  }) as [Span[], Span[], Span[]];
  return spans[2].flatMap((k) => spans[1].flatMap((j) => spans[0].map((i) => tileOf([i, j, k]))));
}

function tileOf(spans: readonly [Span, Span, Span]): Tile {
  return {
    input: { min: mapAxes((a) => spans[a].input[0]), max: mapAxes((a) => spans[a].input[1]) },
    core: { min: mapAxes((a) => spans[a].core[0]), max: mapAxes((a) => spans[a].core[1]) },
  };
}

/** An axis that fits into one window is one span without halo; else windows of near equal size that overlap by two halos. */
function spansOf(count: number, size: number, halo: number): Span[] {
  if (count <= size) return [{ input: [0, count - 1], core: [0, count - 1] }];
  const largest = Math.floor((size - 2 * halo) / ALIGNMENT) * ALIGNMENT;
  if (largest <= 0) {
    throw new OverreadError('pipeline.bad-patch', {
      why: `a window of ${size} voxels with a halo of ${halo} keeps nothing`,
      details: { size, halo },
    });
  }
  const pieces = Math.ceil((count - 2 * halo) / largest);
  const step = Math.min(largest, Math.ceil((count - 2 * halo) / pieces / ALIGNMENT) * ALIGNMENT);
  const spans: Span[] = [];
  for (let start = 0; ; start += step) {
    const end = Math.min(count, start + step + 2 * halo);
    const core: [number, number] = [start === 0 ? 0 : start + halo, end === count ? count - 1 : end - halo - 1];
    spans.push({ input: [start, end - 1], core });
    if (end === count) return spans;
  }
}
