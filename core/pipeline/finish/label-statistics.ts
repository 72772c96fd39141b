import type { IndexBox, Vec3 } from '../../geometry/index.ts';
import type { VolumeSamples } from '../../volume/index.ts';

/** What one pass over a label map tells of one label. */
export interface LabelStatistics {
  readonly voxels: number;
  /** Mean of the samples. */
  readonly mean: number;
  /** Voxels whose sample is below each threshold asked for, in that order. */
  readonly below: readonly number[];
  readonly box: IndexBox;
  /** Mean index [i, j, k]. */
  readonly centroid: Vec3;
}

/** Statistics of every label from 1 to 255 that occurs, by label. Samples that are no numbers are left out of the mean. */
export function labelStatistics(
  labels: Uint8Array,
  samples: VolumeSamples,
  dims: Vec3,
  thresholds: readonly number[],
): ReadonlyMap<number, LabelStatistics> {
  const tally = new Tally(thresholds);
  const [ni, nj, nk] = dims;
  let voxel = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      let i = 0;
      while (i < ni) {
        const label = labels[voxel + i]!;
        const start = i;
        while (i < ni && labels[voxel + i] === label) i++;
        if (label !== 0) tally.addRun(label, samples, voxel + start, start, i, j, k);
      }
      voxel += ni;
    }
  }
  return tally.result();
}

class Tally {
  private readonly thresholds: readonly number[];
  private readonly count = new Float64Array(256);
  private readonly numbers = new Float64Array(256);
  private readonly sum = new Float64Array(256);
  private readonly below: readonly Float64Array[];
  private readonly index: readonly Float64Array[] = [0, 1, 2].map(() => new Float64Array(256));
  private readonly min: readonly Int32Array[] = [0, 1, 2].map(() => new Int32Array(256).fill(0x7fffffff));
  private readonly max: readonly Int32Array[] = [0, 1, 2].map(() => new Int32Array(256).fill(-1));

  constructor(thresholds: readonly number[]) {
    this.thresholds = thresholds;
    this.below = thresholds.map(() => new Float64Array(256));
  }

  /** Voxels i = from … to - 1 of row (j, k); `at` is the index of the first sample. Plain loops: runs are many and short. */
  addRun(label: number, samples: VolumeSamples, at: number, from: number, to: number, j: number, k: number): void {
    const length = to - from;
    const { index, min, max, thresholds } = this;
    let sum = 0;
    let numbers = 0;
    for (let n = at; n < at + length; n++) {
      const value = samples[n]!;
      if (value !== value) continue;
      sum += value;
      numbers++;
    }
    for (let t = 0; t < thresholds.length; t++) {
      const threshold = thresholds[t]!;
      let below = 0;
      for (let n = at; n < at + length; n++) if (samples[n]! < threshold) below++;
      this.below[t]![label]! += below;
    }
    this.sum[label]! += sum;
    this.numbers[label]! += numbers;
    this.count[label]! += length;
    index[0]![label]! += ((from + to - 1) / 2) * length;
    index[1]![label]! += j * length;
    index[2]![label]! += k * length;
    if (from < min[0]![label]!) min[0]![label] = from;
    if (j < min[1]![label]!) min[1]![label] = j;
    if (k < min[2]![label]!) min[2]![label] = k;
    if (to - 1 > max[0]![label]!) max[0]![label] = to - 1;
    if (j > max[1]![label]!) max[1]![label] = j;
    if (k > max[2]![label]!) max[2]![label] = k;
  }

  result(): ReadonlyMap<number, LabelStatistics> {
    const statistics = new Map<number, LabelStatistics>();
    for (let label = 1; label < 256; label++) {
      const voxels = this.count[label]!;
      if (voxels === 0) continue;
      const of = (axis: readonly { readonly [label: number]: number }[]): Vec3 => [
        axis[0]![label]!,
        axis[1]![label]!,
        axis[2]![label]!,
      ];
      const [i, j, k] = of(this.index);
      statistics.set(label, {
        voxels,
        mean: this.sum[label]! / Math.max(1, this.numbers[label]!),
        below: this.below.map((counts) => counts[label]!),
        box: { min: of(this.min), max: of(this.max) },
        centroid: [i / voxels, j / voxels, k / voxels],
      });
    }
    return statistics;
  }
}
