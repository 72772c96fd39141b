import { makeGrid, type Grid, type Vec3 } from '@overread/core/geometry';
import fc from 'fast-check';

const unit = fc.double({ min: -1, max: 1, noNaN: true });

/** Three unit vectors at right angles, oblique in any way; left-handed ones too. */
export const directions: fc.Arbitrary<readonly [Vec3, Vec3, Vec3]> = fc
  .tuple(unit, unit, unit, unit, fc.boolean())
  .filter(([w, x, y, z]) => Math.hypot(w, x, y, z) > 0.1)
  .map(([qw, qx, qy, qz, flipped]) => {
    const norm = Math.hypot(qw, qx, qy, qz);
    const [w, x, y, z] = [qw / norm, qx / norm, qy / norm, qz / norm];
    const sign = flipped ? -1 : 1;
    return [
      [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
      [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
      [sign * 2 * (x * z + w * y), sign * 2 * (y * z - w * x), sign * (1 - 2 * (x * x + y * y))],
    ];
  });

const millimetres = fc.double({ min: 0.2, max: 6, noNaN: true });
const coordinate = fc.double({ min: -500, max: 500, noNaN: true });

export const spacings: fc.Arbitrary<Vec3> = fc.tuple(millimetres, millimetres, millimetres);
export const points: fc.Arbitrary<Vec3> = fc.tuple(coordinate, coordinate, coordinate);
export const dimensions: fc.Arbitrary<Vec3> = fc.tuple(
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 7 }),
);

/** Oblique, flipped, anisotropic grids of 1 to 343 voxels. */
export const grids: fc.Arbitrary<Grid> = fc
  .tuple(dimensions, spacings, directions, points)
  .map(([dims, spacing, axes, origin]) => makeGrid(dims, spacing, axes, origin));

/** A grid with random int16 samples. */
export const sampledGrids: fc.Arbitrary<{ readonly grid: Grid; readonly samples: Int16Array }> = grids.chain((grid) => {
  const count = grid.dims[0] * grid.dims[1] * grid.dims[2];
  return fc
    .int16Array({ minLength: count, maxLength: count, min: -1024, max: 3071 })
    .map((samples) => ({ grid, samples }));
});
