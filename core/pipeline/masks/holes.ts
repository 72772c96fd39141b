import type { Vec3 } from '../../geometry/index.ts';

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
