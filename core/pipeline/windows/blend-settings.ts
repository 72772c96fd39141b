import type { Vec3 } from '../../geometry/index.ts';
import type { WindowWeights } from './weights.ts';
import type { SlabAxis } from './windows-of.ts';

/** How windows that overlap are blended. */
export interface BlendSettings {
  /** Of the prepared grid, [i, j, k]. */
  readonly dims: Vec3;
  readonly weights: WindowWeights;
  /** Along which the windows come. */
  readonly axis: SlabAxis;
}
