/** One size of structure the graph looks for. Lengths in voxels of 1 mm. */
export interface Scale {
  /** Standard deviation of the Gaussian, mm. */
  readonly sigma: number;
  /** Distance of the samples at which the Hessian is worked out: a wide Gaussian leaves nothing finer to see. */
  readonly step: 1 | 2;
  /** The Gaussian is cut off beyond this. */
  readonly reach: number;
}

const scale = (sigma: number, step: 1 | 2): Scale => ({ sigma, step, reach: Math.ceil(3 * sigma) });

/** The four scales of Li, Sone and Doi, Med. Phys. 30 (2003) 2040. */
export const scales: readonly Scale[] = [scale(2, 1), scale(3, 1), scale(4.2, 2), scale(6, 2)];

/** Voxels at each face of a tile that the graph needs as context and answers with 0: even, as every second voxel is sampled. */
export const RIM = 22;

/**
 * Response of the unscaled filter to a ball of contrast 1 at its best scale (radius = sqrt(3) sigma):
 * sqrt(2 / pi) / 3 * 3^1.5 * exp(-1.5). Dividing by it makes 1 the answer to an ideal ball 1000 HU denser than its surroundings.
 */
export const BALL_RESPONSE = (Math.sqrt(2 / Math.PI) / 3) * 3 ** 1.5 * Math.exp(-1.5);
