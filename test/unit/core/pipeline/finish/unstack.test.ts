import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastOf, merged, unstack } from '../../../../../core/pipeline/finish/unstack.ts';

/** Which labels hold at each voxel, as planes of bits; up to 19 labels. */
const stacks = fc.integer({ min: 1, max: 19 }).chain((count) =>
  fc.array(fc.uniqueArray(fc.nat(count - 1), { maxLength: 3 }), { minLength: 1, maxLength: 30 }).map((voxels) => ({
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
  it('keep every voxel, each label in one map, the later over the earlier', () => {
    fc.assert(
      fc.property(stacks, ({ values, voxels, planes }) => {
        const maps = unstack(
          planes.map((plane) => plane.slice()),
          values,
        );
        expect(maps.flatMap((map) => map.values).sort((a, b) => a - b)).toEqual(values);
        for (const [at, value] of values.entries()) {
          const expected = [...voxels.keys()].filter((v) => voxels[v]!.includes(at));
          expect(voxelsOf(maps, value)).toEqual(expected);
          const own = maps.filter((map) => map.values.includes(value));
          expect(own).toHaveLength(1);
          expect(voxelsOf(own, value)).toEqual(expected);
        }
        const mapOf = (at: number) => maps.findIndex((map) => map.values.includes(values[at]!));
        for (const held of voxels) {
          const over = [...held].sort((a, b) => a - b).map(mapOf);
          expect(over).toEqual([...new Set(over)].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('are in one map where none meets another, and else in as many as lie over each other in turn', () => {
    expect(unstack([Uint8Array.of(1, 2, 4, 0)], [10, 20, 30])).toEqual([
      { values: [10, 20, 30], labels: Uint8Array.of(10, 20, 30, 0) },
    ]);
    // The third meets the second only, and comes over it all the same; the fourth meets the first only.
    expect(unstack([Uint8Array.of(3, 6, 4, 9)], [10, 20, 30, 40])).toEqual([
      { values: [10], labels: Uint8Array.of(10, 0, 0, 10) },
      { values: [20, 40], labels: Uint8Array.of(20, 20, 0, 40) },
      { values: [30], labels: Uint8Array.of(0, 30, 30, 0) },
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

  it('are put together where nothing is lost by it', () => {
    fc.assert(
      fc.property(stacks, ({ values, voxels }) => {
        const apart = values.map((value, at) => ({
          values: [value],
          labels: Uint8Array.from(voxels, (held) => (held.includes(at) ? value : 0)),
        }));
        const before = values.map((value) => voxelsOf(apart, value));
        const fewest = merged(apart);
        expect(values.map((value) => voxelsOf(fewest, value))).toEqual(before);
        expect(merged(fewest)).toEqual(fewest);
      }),
    );
  });
});
