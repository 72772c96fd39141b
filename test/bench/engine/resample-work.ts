import { createSampler, makeGrid, respacedGrid, voxelCount, type SampledBy } from '@overread/core/geometry';

// Runs in Node and in a browser.

export interface Resampled {
  /** Voxels written. */
  readonly voxels: number;
  /** One per repetition; the first one compiles. */
  readonly milliseconds: readonly number[];
}

/** A chest CT of 512 x 512 x 143 int16 to 1 mm isotropic, one thread. Pixels of 0.54 mm and slices of 2 mm, as the sample data have them. */
export function resampleChest(by: SampledBy, repeats: number): Resampled {
  const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const; // prettier-ignore
  const grid = makeGrid([512, 512, 143], [0.54, 0.54, 2], axes, [0, 0, 0]);
  const samples = new Int16Array(voxelCount(grid));
  for (let n = 0; n < samples.length; n++) samples[n] = ((n * 7919) % 3000) - 1000;
  const to = respacedGrid(grid, [1, 1, 1]);
  const output = new Float32Array(voxelCount(to));
  const milliseconds = Array.from({ length: repeats + 1 }, () => {
    const start = performance.now();
    createSampler({ samples, grid, outside: -1024 }, by)(to, output);
    return performance.now() - start;
  });
  return { voxels: output.length, milliseconds };
}
