import { intersectBoxes, type Grid, type IndexBox, type Vec3 } from '@overread/core/geometry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { occlusionPlan } from '../../../../../core/pipeline/classify/occlusion.ts';

const gridOf = (dims: Vec3): Grid => ({ dims, indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] });
const vector = (min: number, max: number): fc.Arbitrary<Vec3> => {
  const extent = fc.integer({ min, max });
  return fc.tuple(extent, extent, extent);
};

describe('blocks over a grid', () => {
  it('are as many as it says, and touch as many boxes as it says', () => {
    fc.assert(
      fc.property(
        vector(1, 7),
        vector(1, 9),
        vector(1, 9),
        vector(-2, 8),
        vector(0, 6),
        (dims, size, step, at, more) => {
          const plan = occlusionPlan(gridOf(dims), size, step);
          const blocks = [...plan.blocks()];
          expect(blocks).toHaveLength(plan.count);
          const box: IndexBox = { min: at, max: [at[0] + more[0], at[1] + more[1], at[2] + more[2]] };
          expect(plan.touching(box)).toBe(blocks.filter((block) => intersectBoxes(block, box) !== null).length);
        },
      ),
    );
  });

  it('are not held: a chest CT voxel by voxel has a plan', () => {
    const plan = occlusionPlan(gridOf([512, 512, 143]), [1, 1, 1], [1, 1, 1]);
    expect(plan.count).toBe(512 * 512 * 143);
    const [first] = plan.blocks();
    expect(first).toEqual({ min: [0, 0, 0], max: [0, 0, 0] });
  });
});
