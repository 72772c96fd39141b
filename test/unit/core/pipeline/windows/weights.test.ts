import { describe, expect, it } from 'vitest';
import { weightsOf, type Blending } from '../../../../../core/pipeline/windows/weights.ts';

/** The weight at (k, j, i) of a window of `size` [D, H, W]. */
function weightAt(blending: Blending, size: readonly [number, number, number], at: readonly [number, number, number]) {
  const { axes, least } = weightsOf(blending, [size[2], size[1], size[0]], false);
  return Math.max(least, axes[2][at[0]]! * axes[1][at[1]]! * axes[0][at[2]]!);
}
const gaussian = (convention: Blending['convention'], sigma = 0.125): Blending => ({
  kind: 'gaussian',
  overlap: 0.5,
  sigma,
  convention,
});

describe('weightsOf', () => {
  // By SciPy 1.10: gaussian_filter of a single 1 in the middle voxel, zeros replaced by the least value that is none, divided by the largest.
  it.each([
    [[8, 6, 5], 0.125, [0, 0, 0], 6.725127806157864e-10],
    [[8, 6, 5], 0.125, [4, 3, 2], 1],
    [[8, 6, 5], 0.125, [1, 2, 3], 0.001269808866205061],
    [[8, 6, 5], 0.125, [7, 5, 4], 1.8963955441534238e-6],
    [[16, 10, 6], 0.05, [0, 0, 0], 1.146209351030435e-9],
    [[16, 10, 6], 0.05, [7, 4, 3], 0.061961007690532],
    [[16, 10, 6], 0.05, [5, 5, 3], 0.0008838263069350507],
    [[16, 10, 6], 0.05, [8, 5, 5], 1.146209351030435e-9],
  ] as const)("are nnU-Net's: size %j, sigma %f, at %j", (size, sigma, at, expected) => {
    expect(weightAt(gaussian('nnunet', sigma), size, at) / expected).toBeCloseTo(1, 6);
  });

  // By NumPy, after the formula of MONAI's compute_importance_map.
  it.each([
    [[0, 0, 0], 0.001],
    [[4, 3, 2], 0.7066482778577162],
    [[3, 2, 2], 0.7066482778577162],
    [[1, 2, 3], 0.009781893324377042],
  ] as const)("are MONAI's at %j", (at, expected) => {
    expect(weightAt(gaussian('monai'), [8, 6, 5], at) / expected).toBeCloseTo(1, 9);
  });

  it('are all 1 for a plain mean', () => {
    const { axes, least } = weightsOf({ kind: 'constant', overlap: 0.5, convention: 'monai' }, [3, 4, 5], false);
    expect([...axes[0], ...axes[1], ...axes[2], least].every((weight) => weight === 1)).toBe(true);
  });
});
