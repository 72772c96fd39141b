import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxSize, type Vec3 } from '@overread/core/geometry';
import { slabAxisOf, windowsOf } from '../../../../../core/pipeline/windows/windows-of.ts';
import { croppedWindow } from '../../../../support/tiny-manifest.ts';

const axis = fc.record({
  count: fc.integer({ min: 1, max: 40 }),
  halo: fc.integer({ min: 0, max: 4 }),
  core: fc.integer({ min: 2, max: 12 }),
});
const cases = fc.tuple(axis, axis, axis).map(([i, j, k]) => ({
  dims: [i.count, j.count, k.count] as Vec3,
  halo: [i.halo, j.halo, k.halo] as Vec3,
  size: [i.core + 2 * i.halo, j.core + 2 * j.halo, k.core + 2 * k.halo] as Vec3,
}));
/** Manifests write [k, j, i]. */
const reversed = ([i, j, k]: Vec3): [number, number, number] => [k, j, i];
const axes = [0, 1, 2] as const;
const layout = { kind: '3d' } as const;
const cropped = (dims: Vec3, size: Vec3, halo: Vec3) =>
  windowsOf(dims, { layout, patch: croppedWindow(reversed(size), reversed(halo)) });

describe('windowsOf, cropped', () => {
  it('covers every voxel with exactly one core', () => {
    fc.assert(
      fc.property(cases, ({ dims, size, halo }) => {
        const covered = new Uint8Array(dims[0] * dims[1] * dims[2]);
        for (const { core } of cropped(dims, size, halo)) {
          for (let k = core.min[2]; k <= core.max[2]; k++)
            for (let j = core.min[1]; j <= core.max[1]; j++)
              for (let i = core.min[0]; i <= core.max[0]; i++) covered[(k * dims[1] + j) * dims[0] + i]!++;
        }
        expect(covered.every((times) => times === 1)).toBe(true);
      }),
    );
  });

  it('gives every core its whole halo, except at the faces of the grid, and never more than the window', () => {
    fc.assert(
      fc.property(cases, ({ dims, size, halo }) => {
        for (const { input, core } of cropped(dims, size, halo)) {
          for (const a of axes) {
            expect(boxSize(input)[a]).toBeLessThanOrEqual(size[a]);
            if (input.min[a] > 0) expect(core.min[a] - input.min[a]).toBe(halo[a]);
            else expect(core.min[a]).toBe(0);
            if (input.max[a] < dims[a] - 1) expect(input.max[a] - core.max[a]).toBe(halo[a]);
            else expect(core.max[a]).toBe(dims[a] - 1);
          }
        }
      }),
    );
  });

  it('starts every window on an even voxel, for graphs that work on every second one', () => {
    fc.assert(
      fc.property(cases, ({ dims, size, halo }) => {
        const windows = cropped(dims, size, halo);
        expect(windows.every(({ input }) => axes.every((a) => input.min[a] % 2 === 0))).toBe(true);
      }),
    );
  });

  it('is one window for a whole volume, and for a volume no larger than the window', () => {
    const everything = { min: [0, 0, 0], max: [9, 8, 7] };
    expect(windowsOf([10, 9, 8], { layout, patch: { mode: 'whole', multipleOf: [1, 1, 1] } })).toEqual([
      { input: everything, core: everything },
    ]);
    expect(cropped([10, 9, 8], [10, 9, 8], [2, 2, 2])).toHaveLength(1);
  });

  it('refuses a window that its halos use up', () => {
    expect(() => cropped([50, 50, 50], [9, 9, 9], [4, 4, 4])).toThrow(
      expect.objectContaining({ code: 'pipeline.bad-patch' }),
    );
  });
});

interface Blended {
  readonly dims: Vec3;
  readonly size: Vec3;
  readonly overlap: number;
  readonly convention: 'monai' | 'nnunet';
}
const vec = (max: number): fc.Arbitrary<Vec3> => {
  const extent = fc.integer({ min: 1, max });
  return fc.tuple(extent, extent, extent);
};
const blendedCases: fc.Arbitrary<Blended> = fc.record({
  dims: vec(30),
  size: vec(12),
  overlap: fc.constantFrom(0, 0.25, 0.5, 0.75),
  convention: fc.constantFrom('monai', 'nnunet'),
});
const inputOf = ({ size, overlap, convention }: Omit<Blended, 'dims'>) => {
  const blending = { kind: 'constant', overlap, convention } as const;
  return { layout, patch: { ...croppedWindow(reversed(size), [0, 0, 0]), blending } };
};

describe('windowsOf, blended', () => {
  it('reaches every voxel, with windows of exactly the size, in order of the slab axis', () => {
    fc.assert(
      fc.property(blendedCases, ({ dims, ...how }) => {
        const covered = new Uint8Array(dims[0] * dims[1] * dims[2]);
        const windows = windowsOf(dims, inputOf(how));
        for (const { core, input } of windows) {
          expect(boxSize(input)).toEqual(how.size);
          for (let k = core.min[2]; k <= core.max[2]; k++)
            for (let j = core.min[1]; j <= core.max[1]; j++)
              for (let i = core.min[0]; i <= core.max[0]; i++) covered[(k * dims[1] + j) * dims[0] + i] = 1;
        }
        expect(covered.every((times) => times === 1)).toBe(true);
        const axis = slabAxisOf(dims, inputOf(how));
        expect(windows.every(({ core }, n) => n === 0 || core.min[axis] >= windows[n - 1]!.core.min[axis])).toBe(true);
      }),
    );
  });

  // Starts that MONAI 1.4's dense_patch_slices and nnU-Net 2.5's compute_steps_for_sliding_window give.
  it.each([
    ['monai', 143, 96, 0.25, [0, 47]],
    ['monai', 250, 96, 0.25, [0, 72, 144, 154]],
    ['monai', 250, 96, 0.5, [0, 48, 96, 144, 154]],
    ['nnunet', 250, 96, 0.5, [0, 38, 77, 116, 154]],
    ['nnunet', 131, 128, 0.5, [0, 3]],
    ['monai', 96, 96, 0.5, [0]],
    ['monai', 91, 96, 0.5, [-2]],
    ['nnunet', 91, 96, 0.5, [-2]],
  ] as const)(
    'places windows as %s does: %i voxels, size %i, overlap %f',
    (convention, count, size, overlap, starts) => {
      const windows = windowsOf([count, 1, 1], inputOf({ size: [size, 1, 1], overlap, convention }));
      expect(windows.map(({ input }) => input.min[0])).toEqual(starts);
    },
  );
});

describe('windowsOf, of too many windows', () => {
  it.each([
    [
      'overlapping by nearly all',
      () => windowsOf([512, 512, 512], inputOf({ size: [4, 4, 4], overlap: 0.9999, convention: 'monai' })),
    ],
    ['of a voxel each', () => cropped([512, 512, 512], [2, 2, 2], [0, 0, 0])],
  ])('says how many there would be, and makes none: %s', (_, make) => {
    expect(make).toThrow(/\d{8,} windows would have to be run, of 1048576 at most/);
  });
});

describe('windowsOf, of slices', () => {
  const slices = { layout: { kind: '2d' }, patch: { mode: 'slices', batch: 4, multipleOf: [8, 16] } } as const;

  it('takes whole slices, always as many, and keeps those that there are', () => {
    expect(windowsOf([20, 10, 6], { ...slices, patch: { ...slices.patch, multipleOf: [8, 16] } })).toEqual([
      { input: { min: [0, 0, 0], max: [31, 15, 3] }, core: { min: [0, 0, 0], max: [19, 9, 3] } },
      { input: { min: [0, 0, 4], max: [31, 15, 7] }, core: { min: [0, 0, 4], max: [19, 9, 5] } },
    ]);
  });

  it('tiles large slices without weighing one slice against another', () => {
    const patch = { ...inputOf({ size: [8, 8, 3], overlap: 0.5, convention: 'monai' }).patch };
    const windows = windowsOf([12, 8, 7], { layout: { kind: '2d' }, patch });
    expect(windows.map(({ input }) => [input.min[0], input.min[2]])).toEqual(
      [0, 3, 6].flatMap((k) => [0, 4].map((i) => [i, k])),
    );
  });
});
