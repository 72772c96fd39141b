import { voxelCount } from '../geometry/index.ts';
import type { Manifest } from '../model/index.ts';
import type { Volume } from '../volume/index.ts';

type FinishKind = Manifest['finish'][number]['kind'];

/** What finish steps take, nanoseconds per voxel of the series, against the collecting of one value of an output. Rough: for the estimate only. */
const perVoxel: Readonly<Record<FinishKind, number>> = {
  assignMask: 2,
  keepLargest: 15,
  removeSmall: 15,
  fillHoles: 20,
  measureLabels: 8,
  components: 20,
  peaks: 25,
};
/** Bringing labels back to the series. */
const backToSource = 5;
/** What collecting one value takes on the machine that those were measured on, ns. */
const perValue = 2;

/**
 * How long assembling will take, ms, by what collecting took on this machine and in this run.
 * @param collected values of outputs so far, and the milliseconds that took
 */
export function assemblyTime(
  manifest: Manifest,
  volume: Volume,
  collected: { readonly values: number; readonly milliseconds: number },
): number {
  const voxels = voxelCount(volume.grid);
  const nanoseconds = manifest.finish.reduce((sum, { kind }) => sum + perVoxel[kind] * voxels, backToSource * voxels);
  const pace = collected.values === 0 ? 1 : (collected.milliseconds * 1e6) / collected.values / perValue;
  return (nanoseconds / 1e6) * Math.min(20, Math.max(0.5, pace));
}
