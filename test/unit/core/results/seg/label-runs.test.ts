import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visitRuns, visitRunsTwice, type RunVisitor } from '../../../../../core/results/seg/label-runs.ts';

interface Run {
  readonly label: number;
  readonly k: number;
  readonly from: number;
  readonly end: number;
}

/** Runs of a label, of any lengths, over slices of `size` voxels. */
const masks = fc.record({
  size: fc.integer({ min: 1, max: 200 }),
  slices: fc.integer({ min: 1, max: 4 }),
  runs: fc.array(fc.tuple(fc.constantFrom(0, 1, 127, 128, 255), fc.integer({ min: 1, max: 90 })), { maxLength: 60 }),
  offset: fc.integer({ min: 0, max: 4 }),
});

function labelsOf({ size, slices, runs, offset }: typeof masks extends fc.Arbitrary<infer T> ? T : never): Uint8Array {
  const labels = new Uint8Array(offset + size * slices).subarray(offset);
  let at = 0;
  for (const [label, length] of runs) {
    labels.fill(label, at, at + length);
    at += length;
  }
  return labels;
}

function collect(visit: (visitor: RunVisitor) => void): Run[] {
  const runs: Run[] = [];
  visit((label, k, from, end) => runs.push({ label, k, from, end }));
  return runs;
}

test('runs are maximal, in order, within their slice, and all there is', () => {
  fc.assert(
    fc.property(masks, (mask) => {
      const { size, slices } = mask;
      const labels = labelsOf(mask);
      const redrawn = new Uint8Array(labels.length);
      let last = 0;
      for (const { label, k, from, end } of collect((visit) => visitRuns(labels, size, slices, visit))) {
        expect(label).not.toBe(0);
        expect(from).toBeGreaterThanOrEqual(Math.max(last, k * size));
        expect(end).toBeLessThanOrEqual((k + 1) * size);
        if (end < (k + 1) * size) expect(labels[end]).not.toBe(label);
        redrawn.fill(label, from, end);
        last = end;
      }
      expect(redrawn).toEqual(labels);
    }),
  );
});

test('a second visit is the first once more, however many runs there are', () => {
  fc.assert(
    fc.property(masks, (mask) => {
      const { size, slices } = mask;
      const labels = labelsOf(mask);
      const first: Run[] = [];
      const again = visitRunsTwice(labels, size, slices, (label, k, from, end) => first.push({ label, k, from, end }));
      expect(first).toEqual(collect((visit) => visitRuns(labels, size, slices, visit)));
      expect(collect(again)).toEqual(first);
    }),
  );
});
