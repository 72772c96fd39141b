import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vec3 } from '@overread/core/geometry';
import { suppress, type Detection } from '../../../../../core/pipeline/detect/suppress.ts';

const ends = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 8 }));
const detection: fc.Arbitrary<Detection> = fc
  .record({
    spans: fc.tuple(ends, ends, ends),
    score: fc.integer({ min: 0, max: 10 }).map((n) => n / 10),
    classIndex: fc.nat(1),
  })
  .map(({ spans, score, classIndex }) => ({
    box: {
      low: spans.map(([from]) => from - 0.5) as unknown as Vec3,
      high: spans.map(([from, size]) => from + size - 0.5) as unknown as Vec3,
    },
    score,
    classIndex,
    cut: false,
  }));

/** Counts the voxels that two whole-numbered boxes share, one by one. */
function countedOverlap(a: Detection, b: Detection): number {
  let [both, either] = [0, 0];
  const inside = ({ box }: Detection, voxel: readonly number[]) =>
    voxel.every((index, axis) => index > box.low[axis as 0] && index < box.high[axis as 0]);
  for (let k = 0; k < 22; k++)
    for (let j = 0; j < 22; j++)
      for (let i = 0; i < 22; i++) {
        const [inA, inB] = [inside(a, [i, j, k]), inside(b, [i, j, k])];
        if (inA && inB) both++;
        if (inA || inB) either++;
      }
  return both / either;
}

/** The textbook: take the best, throw away what overlaps it, begin again. */
function plainSuppression(detections: readonly Detection[], maxOverlap: number): Detection[] {
  const kept: Detection[] = [];
  for (const classIndex of [0, 1]) {
    let left = detections.filter((one) => one.classIndex === classIndex);
    while (left.length > 0) {
      const best = left.reduce((a, b) => (b.score > a.score ? b : a));
      kept.push(best);
      left = left.filter((one) => one !== best && countedOverlap(one, best) <= maxOverlap);
    }
  }
  return kept;
}

const box = (low: Vec3, high: Vec3, score: number, cut = false): Detection => ({
  box: { low, high },
  score,
  classIndex: 0,
  cut,
});

describe('suppress', () => {
  it('keeps what the textbook keeps', () => {
    fc.assert(
      fc.property(fc.array(detection, { maxLength: 9 }), fc.constantFrom(0, 0.1, 0.3, 0.5), (detections, overlap) => {
        const kept = suppress(detections, overlap, 100);
        expect(new Set(kept)).toEqual(new Set(plainSuppression(detections, overlap)));
        expect(kept.map(({ score }) => score)).toEqual(kept.map(({ score }) => score).sort((a, b) => b - a));
      }),
      { numRuns: 60 },
    );
  });

  it('answers the best ones only, as many as are wanted', () => {
    const apart = [0.3, 0.9, 0.5, 0.7].map((score, n) => box([10 * n, 0, 0], [10 * n + 5, 5, 5], score));
    expect(suppress(apart, 0.3, 2).map(({ score }) => score)).toEqual([0.9, 0.7]);
  });

  it('lets the first of equals stand', () => {
    const [a, b] = [box([0, 0, 0], [4, 4, 4], 0.5), box([0, 0, 0], [4, 4, 4], 0.5)];
    expect(suppress([a, b], 0.3, 9)[0]).toBe(a);
  });

  it('prefers a whole box to the part that another window saw of it, whatever their scores', () => {
    const whole = box([0, 0, 0], [12, 10, 10], 0.6);
    const part = box([8, 0, 0], [12, 10, 10], 0.95, true);
    expect(suppress([part, whole], 0.5, 9)).toEqual([whole]);
    expect(suppress([part], 0.5, 9)).toEqual([part]);
  });
});
