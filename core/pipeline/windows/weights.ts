import type { Vec3 } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';

type Patch = Manifest['input']['patch'];
export type Blending = Exclude<Extract<Patch, { mode: 'slidingWindow' }>['blending'], { kind: 'crop' }>;

/** How much each voxel of a window counts: the product of its three axes' weights, but at least `least`. */
export interface WindowWeights {
  /** Along [i, j, k] of the window. */
  readonly axes: readonly [Float64Array, Float64Array, Float64Array];
  readonly least: number;
}

/** What MONAI's `compute_importance_map` clamps a Gaussian to. */
const MONAI_LEAST = 1e-3;
/** Deviations after which SciPy's `gaussian_filter`, which nnU-Net's map is made by, ends. */
const TRUNCATE = 4;

/**
 * Weights of a window of `size` [i, j, k].
 * @param layered slices of a 2-D layout, which are not weighed against each other
 */
export function weightsOf(blending: Blending, size: Vec3, layered: boolean): WindowWeights {
  const axis = (a: 0 | 1 | 2): Float64Array =>
    blending.kind === 'constant' || (layered && a === 2)
      ? new Float64Array(size[a]).fill(1)
      : gaussian(size[a], blending.sigma * size[a], blending.convention);
  const axes = [axis(0), axis(1), axis(2)] as const;
  const smallest = axes.reduce((product, weights) => product * leastOf(weights), 1);
  return { axes, least: blending.convention === 'monai' ? Math.max(smallest, MONAI_LEAST) : smallest };
}

/** 1 at its centre. */
function gaussian(size: number, sigma: number, convention: Blending['convention']): Float64Array {
  const centre = convention === 'monai' ? (size - 1) / 2 : Math.floor(size / 2);
  const reach = convention === 'monai' ? Infinity : Math.floor(TRUNCATE * sigma + 0.5);
  return Float64Array.from({ length: size }, (_, n) =>
    Math.abs(n - centre) > reach ? 0 : Math.exp(-((n - centre) ** 2) / (2 * sigma ** 2)),
  );
}

function leastOf(weights: Float64Array): number {
  return weights.reduce((least, weight) => (weight > 0 && weight < least ? weight : least), 1);
}
