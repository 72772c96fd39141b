import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vec3 } from '@overread/core/geometry';
import { labelComponents, largestComponents, paintComponent } from '../../../../core/pipeline/components.ts';

const volume = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }))
  .chain((dims) =>
    fc.record({
      dims: fc.constant<Vec3>(dims),
      mask: fc.uint8Array({
        min: 0,
        max: 1,
        minLength: dims[0] * dims[1] * dims[2],
        maxLength: dims[0] * dims[1] * dims[2],
      }),
    }),
  );

/** Flood fill from every voxel: slow and plain. Labels in order of the first voxel. */
function floodLabels(mask: Uint8Array, [nx, ny, nz]: Vec3, connectivity: 6 | 26): number[] {
  const labels = new Array<number>(mask.length).fill(0);
  let count = 0;
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    const stack = [start];
    labels[start] = ++count;
    for (let v = stack.pop(); v !== undefined; v = stack.pop()) {
      const [x, y, z] = [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))];
      for (const dz of [-1, 0, 1])
        for (const dy of [-1, 0, 1])
          for (const dx of [-1, 0, 1]) {
            if (connectivity === 6 && Math.abs(dx) + Math.abs(dy) + Math.abs(dz) !== 1) continue;
            const [a, b, c] = [x + dx, y + dy, z + dz];
            if (a < 0 || b < 0 || c < 0 || a >= nx || b >= ny || c >= nz) continue;
            const u = (c * ny + b) * nx + a;
            if (mask[u] === 0 || labels[u] !== 0) continue;
            labels[u] = count;
            stack.push(u);
          }
    }
  }
  return labels;
}

function labelsOf(mask: Uint8Array, dims: Vec3, connectivity: 6 | 26): number[] {
  const components = labelComponents(mask, dims, connectivity);
  const labels = new Uint8Array(mask.length);
  for (let label = 1; label <= components.count; label++) paintComponent(components, label, labels, label);
  return [...labels];
}

describe('labelComponents', () => {
  it.each([6, 26] as const)(
    'finds the components a flood fill finds, in the same order (%i neighbours)',
    (connectivity) => {
      fc.assert(
        fc.property(volume, ({ dims, mask }) => {
          expect(labelsOf(mask, dims, connectivity)).toEqual(floodLabels(mask, dims, connectivity));
        }),
        { numRuns: 300 },
      );
    },
  );

  it('counts the voxels of every component', () => {
    fc.assert(
      fc.property(volume, ({ dims, mask }) => {
        const { sizes, count } = labelComponents(mask, dims);
        const flood = floodLabels(mask, dims, 6);
        for (let label = 1; label <= count; label++) expect(sizes[label]).toBe(flood.filter((l) => l === label).length);
      }),
    );
  });

  it('joins arms that meet only at the last row', () => {
    // prettier-ignore
    const mask = Uint8Array.from([
      1, 0, 1, 0, 1,
      1, 0, 1, 0, 1,
      1, 1, 1, 1, 1,
    ]);
    expect(labelComponents(mask, [5, 3, 1]).count).toBe(1);
  });

  it('tells diagonal neighbours apart with 6 neighbours and joins them with 26', () => {
    const mask = Uint8Array.from([1, 0, 0, 1]);
    expect(labelComponents(mask, [2, 2, 1], 6).count).toBe(2);
    expect(labelComponents(mask, [2, 2, 1], 26).count).toBe(1);
  });

  it('labels more runs than its first store holds', () => {
    const mask = Uint8Array.from({ length: 40_000 }, (_, v) => (v % 2 === 0 ? 1 : 0));
    expect(labelComponents(mask, [40_000, 1, 1]).count).toBe(20_000);
  });
});

describe('largestComponents', () => {
  it('answers the labels of the largest, largest first', () => {
    const components = labelComponents(Uint8Array.from([1, 0, 1, 1, 1, 0, 1, 1]), [8, 1, 1]);
    expect(largestComponents(components, 2)).toEqual([2, 3]);
    expect(largestComponents(components, 9)).toEqual([2, 3, 1]);
  });
});
