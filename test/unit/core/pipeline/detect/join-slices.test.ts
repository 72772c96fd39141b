import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinSlices } from '../../../../../core/pipeline/detect/join-slices.ts';
import type { Detection } from '../../../../../core/pipeline/detect/suppress.ts';

const settings = { maxOverlap: 0.3, maxGap: 0, limit: 100 };

/** A box on slice k, round (x, y). */
const on = (k: number, [x, y]: readonly [number, number], half: number, score: number, classIndex = 0): Detection => ({
  box: { low: [x - half, y - half, k - 0.5], high: [x + half, y + half, k + 0.5] },
  score,
  classIndex,
  cut: false,
});

describe('joinSlices', () => {
  it('follows a thing that wanders and changes its size, and tells its largest outline', () => {
    const ball = [2, 3, 4, 3.5, 2.5].map((half, n) => on(7 + n, [20 + 0.5 * n, 30], half, 0.5 + 0.1 * (n % 3)));
    const [thing, ...others] = joinSlices(ball, settings);
    expect(others).toEqual([]);
    expect(thing!.box).toEqual({ low: [17, 26, 6.5], high: [25, 34, 11.5] });
    expect(thing!.widest).toEqual(ball[2]!.box);
    expect(thing!.score).toBeCloseTo(0.7, 12);
  });

  it('keeps two things apart that lie side by side, or are of two kinds', () => {
    const pairs = [0, 1, 2].flatMap((k) => [
      on(k, [10, 10], 4, 0.9),
      on(k, [17, 10], 4, 0.8),
      on(k, [10, 10], 4, 0.7, 1),
    ]);
    const things = joinSlices(pairs, settings);
    expect(things.map(({ box, classIndex }) => [box.low[0], box.low[2], box.high[2], classIndex])).toEqual([
      [6, -0.5, 2.5, 0],
      [13, -0.5, 2.5, 0],
      [6, -0.5, 2.5, 1],
    ]);
  });

  it('lets each box go on from one of the slice before only, the closest', () => {
    // A fork: one box below, two above that both overlap it.
    const fork = [on(0, [10, 10], 4, 0.9), on(1, [12, 10], 4, 0.8), on(1, [8.5, 10], 4, 0.7)];
    const things = joinSlices(fork, { ...settings, maxOverlap: 0.4 });
    expect(things.map(({ box }) => [box.low[0], box.high[2] - box.low[2]])).toEqual([
      [4.5, 2],
      [8, 1],
    ]);
  });

  it('loses no box, joins no kinds, and does not depend on the order of what it is given', () => {
    const detection = fc
      .tuple(fc.nat(5), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 5 }), fc.nat(1))
      .chain(([k, x, half, classIndex]) =>
        fc.nat(1_000_000).map((score) => on(k, [x, 3 * x], half, score, classIndex)),
      );
    const lists = fc.uniqueArray(detection, { maxLength: 24, selector: ({ score }) => score });
    fc.assert(
      fc.property(lists, fc.nat(2), (found, maxGap) => {
        const things = joinSlices(found, { maxOverlap: 0.3, maxGap, limit: 100 });
        expect(joinSlices([...found].reverse(), { maxOverlap: 0.3, maxGap, limit: 100 })).toEqual(things);
        for (const { box, score, classIndex } of found) {
          const within = things.filter(
            (thing) =>
              thing.classIndex === classIndex &&
              ([0, 1, 2] as const).every((a) => thing.box.low[a] <= box.high[a] && thing.box.high[a] >= box.low[a]),
          );
          expect(within.length).toBeGreaterThan(0);
          expect(Math.max(...within.map((thing) => thing.score))).toBeGreaterThanOrEqual(score);
        }
      }),
    );
  });
});
