import type { Vec3 } from '../../geometry/index.ts';
import { labelComponents } from '../components.ts';

/** Sets, in place, every unset voxel that cannot reach the edge of its own z slice through unset voxels (4-connected). x fastest. */
export function fillHolesPerSlice(mask: Uint8Array, dims: Vec3): void {
  const [nx, ny, nz] = dims;
  const area = nx * ny;
  const outside = new Uint8Array(area);
  const stack = new Int32Array(area);
  for (let z = 0; z < nz; z++) {
    const slice = mask.subarray(z * area, (z + 1) * area);
    outside.fill(0);
    let depth = 0;
    const visit = (pixel: number) => {
      if (slice[pixel] !== 0 || outside[pixel] !== 0) return;
      outside[pixel] = 1;
      stack[depth++] = pixel;
    };
    for (let x = 0; x < nx; x++) {
      visit(x);
      visit(area - nx + x);
    }
    for (let y = 0; y < ny; y++) {
      visit(y * nx);
      visit(y * nx + nx - 1);
    }
    while (depth > 0) {
      const pixel = stack[--depth]!;
      const x = pixel % nx;
      if (x > 0) visit(pixel - 1);
      if (x < nx - 1) visit(pixel + 1);
      if (pixel >= nx) visit(pixel - nx);
      if (pixel < area - nx) visit(pixel + nx);
    }
    for (let pixel = 0; pixel < area; pixel++) if (outside[pixel] === 0) slice[pixel] = 1;
  }
}

/**
 * Sets, in place, every unset voxel that cannot reach the edge of the volume through unset voxels (26 neighbours, so that what leaks out at a
 * corner is no hole; MONAI's FillHoles). x fastest.
 */
export function fillHolesInVolume(mask: Uint8Array, dims: Vec3): void {
  const [nx, ny, nz] = dims;
  const unset = mask.map((value) => (value === 0 ? 1 : 0));
  const { count, runs } = labelComponents(unset, dims, 26);
  const open = new Uint8Array(count + 1);
  for (let r = 0; r < runs.length; r += 3) {
    const row = Math.floor(runs[r]! / nx);
    const x = runs[r]! - row * nx;
    const [y, z] = [row % ny, Math.floor(row / ny)];
    const edge = x === 0 || x + runs[r + 1]! === nx || y === 0 || y === ny - 1 || z === 0 || z === nz - 1;
    if (edge) open[runs[r + 2]!] = 1;
  }
  for (let r = 0; r < runs.length; r += 3) {
    if (open[runs[r + 2]!] === 0) mask.fill(1, runs[r], runs[r]! + runs[r + 1]!);
  }
}
