import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gridBox,
  gridDirections,
  gridSpacing,
  indexToWorld,
  intersectBoxes,
  makeGrid,
  voxelCount,
  worldToIndex,
  type Grid,
  type IndexBox,
  type Vec3,
} from '@overread/core/geometry';
import type { ManifestSource } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import { labelsOnSource, mapAlongSource } from '../../../../core/pipeline/invert.ts';
import type { Masks } from '../../../../core/pipeline/masks/index.ts';
import { prepareInput } from '../../../../core/pipeline/prepare.ts';
import { Steps } from '../../../../core/pipeline/steps.ts';
import { grids } from '../../../support/arbitrary-grid.ts';
import { forWorld, thorax } from '../../../support/thorax.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const base = thorax({ spacing: [30, 30, 30] });

const orientations = ['R', 'L'].flatMap((x) =>
  ['A', 'P'].flatMap(
    (y) =>
    ['S', 'I'].flatMap((z) => [[x, y, z], [x, z, y], [y, x, z], [y, z, x], [z, x, y], [z, y, x]].map((axes) => axes.join(''))), // prettier-ignore
  ),
);

interface Case {
  readonly grid: Grid;
  readonly input: ManifestSource['input'];
  /** Box of the mask that the input is cropped to; null where it is not. */
  readonly crop: IndexBox | null;
}

/**
 * Any way to prepare a series that loses nothing: no coarser than the series where axes are shared, and by a factor of the diagonal finer
 * where it is straightened, so that the voxel nearest to the nearest voxel is the voxel itself.
 */
const cases: fc.Arbitrary<Case> = grids.chain((grid) => {
  const [di, dj, dk] = gridSpacing(grid);
  const side = Math.min(di, dj, dk);
  const isSmall = voxelCount(grid) * (Math.max(di, dj, dk) / side) ** 3 < 2e4;
  const along = (axis: 0 | 1 | 2) => fc.integer({ min: 0, max: grid.dims[axis] - 1 });
  const corner = fc.tuple(along(0), along(1), along(2));
  return fc
    .record({
      orientation: fc.constantFrom('native', ...orientations),
      straighten: isSmall ? fc.boolean() : fc.constant(false),
      finer: fc.option(fc.double({ min: 0.4, max: 0.95, noNaN: true })),
      respacing: fc.constantFrom('cover' as const, 'centres' as const, 'edges' as const),
      crop: fc.option(fc.tuple(corner, corner)),
      margin: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
    })
    .map(({ orientation, straighten, finer, respacing, crop, margin }): Case => {
      const spacing = straighten ? side * 0.55 * (finer ?? 1) : finer === null || !isSmall ? 'native' : side * finer;
      const box = crop && {
        min: [0, 1, 2].map((axis) => Math.min(crop[0][axis]!, crop[1][axis]!)) as unknown as Vec3,
        max: [0, 1, 2].map((axis) => Math.max(crop[0][axis]!, crop[1][axis]!)) as unknown as Vec3,
      };
      const input: ManifestSource['input'] = {
        name: 'input',
        orientation,
        straighten,
        spacing,
        respacing,
        interpolation: 'nearest',
        cropMargin: margin,
        ...(box === null ? {} : { masks: [{ kind: 'threshold' as const, id: 'box', above: 0.5 }], cropTo: 'box' }),
        patch: { mode: 'whole' },
      };
      return { grid, input, crop: box };
    });
});

function maskOf(grid: Grid, box: IndexBox | null): Masks {
  const bits = new Uint8Array(voxelCount(grid));
  forVoxels(grid, (index, n) => (bits[n] = box === null || isInside(index, box) ? 1 : 0));
  return new Map([['box', { bits, lungs: null }]]);
}

function forVoxels({ dims }: Grid, visit: (index: Vec3, n: number) => void): void {
  for (let n = 0; n < dims[0] * dims[1] * dims[2]; n++) {
    visit([n % dims[0], Math.floor(n / dims[0]) % dims[1], Math.floor(n / dims[0] / dims[1])], n);
  }
}

function isInside(index: Vec3, { min, max }: IndexBox): boolean {
  return index.every((value, axis) => value >= min[axis]! && value <= max[axis]!);
}

async function prepared(grid: Grid, samples: Uint8Array, source: ManifestSource['input'], masks: Masks) {
  const volume: Volume = { ...base, grid, samples, padding: 0 };
  const { input } = tinyManifest(new Uint8Array(), { input: source });
  const result = await prepareInput({ volumes: [volume], input, masks }, new Steps(undefined, undefined));
  const values = new Float32Array(voxelCount(result.grid));
  result.read(gridBox(result.grid), values);
  return { grid: result.grid, values };
}

describe('preparing and going back', () => {
  it('returns every voxel to its place, however the input was turned, straightened, respaced and cropped', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ grid, input, crop }) => {
        const labels = Uint8Array.from({ length: voxelCount(grid) }, (_, n) => 1 + (n % 251));
        const there = await prepared(grid, labels, input, maskOf(grid, crop));
        const back = labelsOnSource(Uint8Array.from(there.values), there.grid, grid);
        const kept = crop ?? gridBox(grid);
        let wrong = 0;
        forVoxels(grid, (index, n) => {
          // Beyond the box there is what its margin still holds, or nothing.
          if (back[n] !== labels[n] && (back[n] !== 0 || isInside(index, kept))) wrong++;
        });
        expect(wrong).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('cuts and pads to a size without moving anything', async () => {
    const size = fc.integer({ min: 1, max: 12 });
    await fc.assert(
      fc.asyncProperty(
        grids,
        fc.constantFrom(...orientations),
        fc.tuple(size, size, size),
        async (grid, orientation, wanted) => {
          const labels = Uint8Array.from({ length: voxelCount(grid) }, (_, n) => 1 + (n % 251));
          const source: ManifestSource['input'] = { name: 'input', orientation, spacing: 'native', size: wanted, patch: { mode: 'whole' } }; // prettier-ignore
          const there = await prepared(grid, labels, source, new Map());
          expect(there.grid.dims).toEqual([...wanted].reverse());
          const back = labelsOnSource(Uint8Array.from(there.values), there.grid, grid);
          let [found, wrong] = [0, 0];
          forVoxels(grid, (index, n) => {
            const at = worldToIndex(there.grid, indexToWorld(grid, index)).map(Math.round) as unknown as Vec3;
            const isKept = intersectBoxes({ min: at, max: at }, gridBox(there.grid)) !== null;
            if (back[n] !== (isKept ? labels[n] : 0)) wrong++;
            if (isKept) found++;
          });
          expect(wrong).toBe(0);
          // As many as fit along each axis: none is lost that had room.
          const turned = there.grid.dims.map((count, axis) => Math.min(count, dimsAlong(grid, there.grid)[axis]!));
          expect(found).toBe(turned[0]! * turned[1]! * turned[2]!);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Voxels of `grid` along each axis of another whose axes are a turn of its own. */
function dimsAlong(grid: Grid, turned: Grid): Vec3 {
  const axes = gridDirections(grid);
  return gridDirections(turned).map((direction) => {
    const cosines = axes.map((axis) =>
      Math.abs(axis[0] * direction[0] + axis[1] * direction[1] + axis[2] * direction[2]),
    );
    return grid.dims[cosines.indexOf(Math.max(...cosines)) as 0];
  }) as unknown as Vec3;
}

describe('a map along the axes of the series', () => {
  const c = Math.cos(0.3);
  const s = Math.sin(0.3);
  const oblique = makeGrid([20, 18, 12], [1, 1.1, 2], [[c, s, 0], [-s, c, 0], [0, 0, 1]], [-7, 3, 5]); // prettier-ignore
  const value = ([x, y, z]: Vec3): number => 3 * x - 2 * y + z;
  const valuesOn = (grid: Grid): Float32Array => {
    const values = new Float32Array(voxelCount(grid));
    forWorld(grid, (point, v) => (values[v] = value(point)));
    return values;
  };
  const make = async (changes: Partial<ManifestSource['input']>) =>
    (await prepared(oblique, new Uint8Array(voxelCount(oblique)), { name: 'input', spacing: 1.5, patch: { mode: 'whole' }, ...changes }, new Map())).grid; // prettier-ignore

  it('is the map itself where it runs along them', async () => {
    const grid = await make({});
    const values = valuesOn(grid);
    expect(mapAlongSource(values, grid, oblique, 0)).toEqual({ grid, values });
  });

  it.each(['SRP', 'LIA'])('is the map turned back from %s, value by value', async (orientation) => {
    const grid = await make({ orientation });
    const placed = mapAlongSource(valuesOn(grid), grid, oblique, 0);
    expect(gridDirections(placed.grid).flat()).toEqual(gridDirections(oblique).flat().map((n) => expect.closeTo(n, 9) as number)); // prettier-ignore
    const wanted = valuesOn(placed.grid);
    placed.values.forEach((found, n) => expect(found).toBeCloseTo(wanted[n]!, 3));
  });

  it('is interpolated where the input was straightened, and says nothing beyond it', async () => {
    const grid = await make({ orientation: 'RAS', straighten: true, size: [10, 14, 12] });
    const placed = mapAlongSource(valuesOn(grid), grid, oblique, -99);
    expect(gridDirections(placed.grid).flat()).toEqual(gridDirections(oblique).flat().map((n) => expect.closeTo(n, 9) as number)); // prettier-ignore
    const wanted = valuesOn(placed.grid);
    let inside = 0;
    forVoxels(placed.grid, (index, n) => {
      const at = worldToIndex(grid, indexToWorld(placed.grid, index));
      if (!at.every((place, axis) => place >= 0 && place <= grid.dims[axis]! - 1)) return;
      expect(placed.values[n]).toBeCloseTo(wanted[n]!, 3);
      inside++;
    });
    expect(inside).toBeGreaterThan(1000);
    expect(placed.values).toContain(-99);
  });
});
