import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastOf, merged, unstack } from '../../../../../core/pipeline/finish/unstack.ts';

/** Which labels hold at each voxel, as planes of bits; up to 19 labels. */
const stacks = fc.integer({ min: 1, max: 19 }).chain((count) =>
  fc
    .array(fc.uniqueArray(fc.nat(count - 1), { maxLength: 3 }), { minLength: 1, maxLength: 30 })
    .map((voxels) => ({
      values: Array.from({ length: count }, (_, n) => 5 * n + 3),
      voxels,
      planes: Array.from({ length: Math.ceil(count / 8) }, (_, p) =>
        Uint8Array.from(voxels, (held) =>
          held.filter((at) => at >> 3 === p).reduce((bits, at) => bits | (1 << (at % 8)), 0),
        ),
      ),
    })),
);

const voxelsOf = (maps: readonly { labels: Uint8Array }[], value: number): number[] =>
  maps.flatMap(({ labels }) => [...labels.keys()].filter((v) => labels[v] === value)).sort((a, b) => a - b);

describe('labels of which several may hold', () => {
  it.each([true, false])('keep every voxel, each label in one map (maps of their own: %s)', (apart) => {
    fc.assert(
      fc.property(stacks, ({ values, voxels, planes }) => {
        const maps = unstack(planes, values, apart);
        expect(maps.flatMap((map) => map.values).sort((a, b) => a - b)).toEqual(values);
        for (const [at, value] of values.entries()) {
          const expected = [...voxels.keys()].filter((v) => voxels[v]!.includes(at));
          expect(voxelsOf(maps, value)).toEqual(expected);
          const own = maps.filter((map) => map.values.includes(value));
          expect(own).toHaveLength(1);
          expect(voxelsOf(own, value)).toEqual(expected);
        }
        if (apart) expect(maps).toHaveLength(values.length);
      }),
    );
  });

  it('are in one map where none meets another, and else as few as lie over each other in turn', () => {
    expect(unstack([Uint8Array.of(1, 2, 4, 0)], [10, 20, 30], false)).toEqual([
      { values: [10, 20, 30], labels: Uint8Array.of(10, 20, 30, 0) },
    ]);
    // The third meets the second only.
    expect(unstack([Uint8Array.of(3, 6, 4, 0)], [10, 20, 30], false)).toEqual([
      { values: [10, 30], labels: Uint8Array.of(10, 30, 30, 0) },
      { values: [20], labels: Uint8Array.of(20, 20, 0, 0) },
    ]);
  });

  it('give way to the last of them where only one may stand', () => {
    fc.assert(
      fc.property(stacks, ({ values, voxels, planes }) => {
        const expected = voxels.map((held) => (held.length === 0 ? 0 : values[Math.max(...held)]));
        expect([...lastOf(planes, values)]).toEqual(expected);
      }),
    );
  });

  it('are put together again where nothing is lost by it', () => {
    fc.assert(
      fc.property(stacks, ({ values, planes }) => {
        const apart = unstack(planes, values, true);
        const before = values.map((value) => voxelsOf(apart, value));
        const fewest = merged(apart);
        expect(values.map((value) => voxelsOf(fewest, value))).toEqual(before);
        expect(fewest.length).toBeLessThanOrEqual(values.length);
        expect(merged(fewest)).toHaveLength(fewest.length);
      }),
    );
  });
});
