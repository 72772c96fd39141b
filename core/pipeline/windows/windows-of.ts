import { OverreadError } from '../../errors/index.ts';
import { mapAxes, type Vec3 } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import { blendedSpans, consecutiveSpans, croppedSpans, wholeSpan, type Span } from './spans.ts';
import type { Window } from './window.ts';

type Input = Pick<Manifest['input'], 'patch' | 'layout'>;

/** The axis along which windows come: k, or j where blending holds fewer values in memory that way. */
export type SlabAxis = 1 | 2;

/** More than any run is waited for: windows of 32 voxels, overlapping by three quarters, on 800 x 800 x 800 voxels. */
const mostWindows = 2 ** 20;

/**
 * The windows of a grid [ni, nj, nk] in the order in which they run: the slab axis slowest, i fastest.
 * @throws OverreadError `pipeline.bad-patch` where a cropped window is no larger than its two halos, or there would be too many
 */
export function windowsOf(dims: Vec3, input: Input): Window[] {
  // Manifest sizes are [k, j, i].
  const along = (axis: 0 | 1 | 2): Span[] => spansOf(dims[axis], (2 - axis) as 0 | 1 | 2, input);
  const spans: readonly [Span[], Span[], Span[]] = [along(0), along(1), along(2)];
  const found = spans.reduce((product, { length }) => product * length, 1);
  if (found > mostWindows) {
    const why = `${found} windows would have to be run, of ${mostWindows} at most`;
    throw new OverreadError('pipeline.bad-patch', { why, details: { found, limit: mostWindows } });
  }
  return crossed(spans, slabAxisOf(dims, input));
}

/** Windows of every combination of spans along [i, j, k], `slowest` axis outermost, i innermost. */
export function crossed([is, js, ks]: readonly [Span[], Span[], Span[]], slowest: SlabAxis): Window[] {
  return slowest === 2
    ? ks.flatMap((k) => js.flatMap((j) => is.map((i) => windowOf([i, j, k]))))
    : js.flatMap((j) => ks.flatMap((k) => is.map((i) => windowOf([i, j, k]))));
}

/** Blended windows come along the axis on which a slab that is as thick as a window holds the fewest voxels. */
export function slabAxisOf(dims: Vec3, { patch, layout }: Input): SlabAxis {
  if (patch.mode !== 'slidingWindow' || patch.blending.kind === 'crop' || layout.kind !== '3d') return 2;
  const [nk, nj] = patch.size;
  return dims[2] * Math.min(nj, dims[1]) < dims[1] * Math.min(nk, dims[2]) ? 1 : 2;
}

/** @param axis of the tensor: 0 is D */
function spansOf(count: number, axis: 0 | 1 | 2, { patch, layout }: Input): Span[] {
  switch (patch.mode) {
    case 'whole':
      return [wholeSpan(count, patch.multipleOf[axis])];
    case 'slices':
      return axis === 0 ? consecutiveSpans(count, patch.batch) : [wholeSpan(count, patch.multipleOf[axis - 1])];
    case 'slidingWindow': {
      const { blending } = patch;
      const size = patch.size[axis];
      // Slices of 2-D layouts know nothing of each other: D is the batch.
      if (axis === 0 && layout.kind !== '3d') return consecutiveSpans(count, size);
      if (blending.kind === 'crop') return croppedSpans(count, size, blending.halo[axis]);
      return blendedSpans(count, size, blending.overlap, blending.convention);
    }
  }
}

function windowOf(spans: readonly [Span, Span, Span]): Window {
  return {
    input: { min: mapAxes((a) => spans[a].input[0]), max: mapAxes((a) => spans[a].input[1]) },
    core: { min: mapAxes((a) => spans[a].core[0]), max: mapAxes((a) => spans[a].core[1]) },
  };
}
