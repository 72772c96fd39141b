import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeGrid, type Vec3 } from '@overread/core/geometry';
import { fillHoles, keepLargest, removeSmall } from '../../../../../core/pipeline/finish/clean-labels.ts';
import type { WorkingMap } from '../../../../../core/pipeline/finish/label-maps.ts';
import { boxLabelMap } from '../../../../support/analyses.ts';
import { ctSeries } from '../../../../support/ct-series.ts';

const labelled = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }))
  .chain((dims) => {
    const size = dims[0] * dims[1] * dims[2];
    const labels = fc.array(fc.constantFrom(0, 0, 1, 2, 5), { minLength: size, maxLength: size });
    return fc.record({ dims: fc.constant<Vec3>(dims), labels: labels.map((values) => Uint8Array.from(values)) });
  });

const at = (v: number, [ni, nj]: Vec3): Vec3 => [v % ni, Math.floor(v / ni) % nj, Math.floor(v / (ni * nj))];

/** Components of the voxels that count, by flood from each (26 neighbours), in order of their first voxel. */
function floods(counts: readonly boolean[], dims: Vec3): number[][] {
  const seen = new Set<number>();
  return counts.flatMap((is, start) => {
    if (!is || seen.has(start)) return [];
    const found = [start];
    seen.add(start);
    for (const voxel of found) {
      const from = at(voxel, dims);
      counts.forEach((other, v) => {
        const near = at(v, dims).every((index, axis) => Math.abs(index - from[axis as 0]) <= 1);
        if (other && near && !seen.has(v)) {
          seen.add(v);
          found.push(v);
        }
      });
    }
    return [found];
  });
}

const table = [1, 2, 5];
const [segment] = boxLabelMap(ctSeries().geometry).segments;
const axes = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
] as const;
const mapOf = (labels: Uint8Array, dims: Vec3): WorkingMap => ({
  mayOverlap: false,
  grid: makeGrid(dims, [2, 5, 10], axes, [0, 0, 0]),
  labels,
  segments: table.map((number) => ({ ...segment!, number })),
});
const largestFirst = (components: number[][]) => [...components].sort((a, b) => b.length - a.length || a[0]! - b[0]!);

describe('keepLargest', () => {
  const step = { kind: 'keepLargest', count: 1, together: false } as const;

  it('keeps the largest components of each label', () => {
    fc.assert(
      fc.property(labelled, fc.integer({ min: 1, max: 2 }), ({ dims, labels }, count) => {
        const expected = labels.slice();
        for (const label of table) {
          const components = floods([...labels].map((value) => value === label), dims); // prettier-ignore
          for (const component of largestFirst(components).slice(count)) for (const v of component) expected[v] = 0;
        }
        keepLargest([mapOf(labels, dims)], dims, { ...step, count });
        expect([...labels]).toEqual([...expected]);
      }),
    );
  });

  it('takes labels together where they are one thing, and leaves the others alone', () => {
    fc.assert(
      fc.property(labelled, ({ dims, labels }) => {
        const expected = labels.slice();
        const components = floods([...labels].map((value) => value === 1 || value === 2), dims); // prettier-ignore
        for (const component of largestFirst(components).slice(1)) for (const v of component) expected[v] = 0;
        keepLargest([mapOf(labels, dims)], dims, { ...step, labels: [1, 2], together: true });
        expect([...labels]).toEqual([...expected]);
      }),
    );
  });
});

describe('removeSmall', () => {
  it('removes components below a volume', () => {
    fc.assert(
      fc.property(labelled, fc.integer({ min: 1, max: 5 }), ({ dims, labels }, fewest) => {
        const expected = labels.slice();
        for (const label of table) {
          const components = floods([...labels].map((value) => value === label), dims); // prettier-ignore
          for (const component of components) if (component.length < fewest) for (const v of component) expected[v] = 0;
        }
        // A voxel has 0.1 mL.
        removeSmall(mapOf(labels, dims), { kind: 'removeSmall', minVolume: 0.1 * (fewest - 0.5) });
        expect([...labels]).toEqual([...expected]);
      }),
    );
  });
});

describe('fillHoles', () => {
  const fill = (rows: readonly string[], labels?: number[]) => {
    const values = Uint8Array.from(rows.join(''), (digit) => Number(digit));
    const dims: Vec3 = [rows[0]!.length, rows.length, 1];
    fillHoles([mapOf(values, dims)], { kind: 'fillHoles', across: 'slice', ...(labels && { labels }) });
    return rows.map((row, j) => [...values.subarray(j * row.length, (j + 1) * row.length)].join(''));
  };

  it('fills what a label encloses, and not what is open', () => {
    expect(fill(['0000000', '0111110', '0100010', '0101010', '0111110', '0000000'])).toEqual([
      '0000000',
      '0111110',
      '0111110',
      '0111110',
      '0111110',
      '0000000',
    ]);
    const open = ['11111', '10001', '10111'];
    expect(fill(open)).toEqual(open);
  });

  it('leaves other labels inside, and a hole between two labels open', () => {
    expect(fill(['11111', '10021', '11111'])).toEqual(['11111', '11121', '11111']);
    const between = ['1122', '1002', '1122'];
    expect(fill(between)).toEqual(between);
  });

  it('fills only the labels of the step, slice by slice', () => {
    const both = ['1110222', '1010202', '1110222'];
    expect(fill(both, [2])).toEqual(['1110222', '1010222', '1110222']);
    // Open in the plane, closed above and below: no hole of a slice.
    const stack = Uint8Array.of(1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1);
    const before = [...stack];
    fillHoles([mapOf(stack, [2, 2, 3])], { kind: 'fillHoles', across: 'slice' });
    expect([...stack]).toEqual(before);
  });

  it('fills what a label encloses in the volume, and not what is open at a corner', () => {
    const shell = (open: number[]) =>
      Uint8Array.from({ length: 125 }, (_, v) => {
        const inside = [v % 5, Math.floor(v / 5) % 5, Math.floor(v / 25)].every((x) => x > 0 && x < 4);
        return inside || open.includes(v) ? 0 : 1;
      });
    const across = (labels: Uint8Array) => {
      fillHoles([mapOf(labels, [5, 5, 5])], { kind: 'fillHoles', across: 'volume' });
      return labels.filter((label) => label === 0).length;
    };
    expect(across(shell([]))).toBe(0);
    // Its own corner and the 27 voxels inside stay open.
    expect(across(shell([0]))).toBe(28);
    const other = shell([]);
    other[62] = 2;
    across(other);
    expect(other[62]).toBe(2);
  });
});
