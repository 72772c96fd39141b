import { beforeAll, describe, expect, it } from 'vitest';
import type { Vec3 } from '@overread/core/geometry';
import type { ManifestSource } from '@overread/core/model';
import { analyse } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { runOnCpu } from '../../../support/graph-run.ts';
import { modelWith, nodePlace, noiseVolume } from '../../../support/pipeline-runs.ts';
import { convolutionGraph } from '../../../support/test-models.ts';

type Patch = ManifestSource['input']['patch'];

/** Three 3x3x3 convolutions: an answer depends on three voxels round it. */
const graph = convolutionGraph([4, 4, 4]);
const REACH = 3;
const dims: Vec3 = [30, 26, 22];
const [ni, nj, nk] = dims;
const size: [number, number, number] = [14, 16, 18];
const runtime = nodeRuntime(1);

let volume: Volume;
let whole: Float32Array;
const heatOf = async (patch: Patch): Promise<Float32Array> => {
  const analysis = await analyse({ volume, model: modelWith(graph, { patch }), place: nodePlace }, runtime);
  return analysis.heatMaps[0]!.values;
};
const blended = (kind: 'constant' | 'gaussian', overlap: number, convention: 'monai' | 'nnunet' = 'monai'): Patch => ({
  mode: 'slidingWindow',
  size,
  blending: { kind, overlap, convention },
});

beforeAll(async () => {
  volume = noiseVolume(dims);
  whole = await heatOf({ mode: 'whole' });
});

const indexOf = (i: number, j: number, k: number): number => (k * nj + j) * ni + i;
const differences = (values: Float32Array): number[] => Array.from(values, (value, v) => Math.abs(value - whole[v]!));

/** MONAI's starts of windows along an axis, worked out as its documentation says. */
function startsAlong(count: number, length: number, overlap: number): number[] {
  const starts = new Set<number>();
  for (let at = 0; ; at += Math.trunc(length * (1 - overlap))) {
    starts.add(Math.min(at, count - length));
    if (at + length >= count) return [...starts];
  }
}

/** Whether a voxel's answers came from whole receptive fields in every window over it. */
function isInterior(voxel: Vec3, overlap: number): boolean {
  return voxel.every((at, axis) => {
    const [count, length] = [dims[axis]!, size[2 - axis]!];
    return startsAlong(count, length, overlap)
      .filter((start) => start <= at && at < start + length)
      .every(
        (start) => (start === 0 || at >= start + REACH) && (start + length === count || at < start + length - REACH),
      );
  });
}

describe('windows against one run of the whole volume', () => {
  it('are equal everywhere where the halo holds the receptive field', async () => {
    const halo: [number, number, number] = [REACH, REACH, REACH];
    const cropped = await heatOf({ mode: 'slidingWindow', size, blending: { kind: 'crop', halo } });
    expect(Math.max(...differences(cropped))).toBeLessThan(1e-5);
  });

  it('are not where it is one voxel short', async () => {
    const halo: [number, number, number] = [REACH - 1, REACH - 1, REACH - 1];
    const cropped = await heatOf({ mode: 'slidingWindow', size, blending: { kind: 'crop', halo } });
    expect(Math.max(...differences(cropped))).toBeGreaterThan(1e-4);
  });

  it.each(['constant', 'gaussian'] as const)('are equal in the interior, blended (%s)', async (kind) => {
    const overlap = 0.25;
    const difference = differences(await heatOf(blended(kind, overlap)));
    const interior = difference.filter((_, v) =>
      isInterior([v % ni, Math.floor(v / ni) % nj, Math.floor(v / (ni * nj))], overlap),
    );
    expect(interior.length).toBeGreaterThan(500);
    expect(Math.max(...interior)).toBeLessThan(1e-5);
  });

  it('have seams, which a Gaussian makes smaller', async () => {
    const spread = Math.sqrt(whole.reduce((sum, value) => sum + value * value, 0) / whole.length);
    const seamOf = async (kind: 'constant' | 'gaussian', overlap: number): Promise<number> => {
      const difference = differences(await heatOf(blended(kind, overlap)));
      return Math.sqrt(difference.reduce((sum, value) => sum + value * value, 0) / difference.length) / spread;
    };
    const [none, constant, gaussian] = [
      await seamOf('constant', 0),
      await seamOf('constant', 0.5),
      await seamOf('gaussian', 0.5),
    ];
    console.log(`seams, root mean square of the signal: none ${none}, constant ${constant}, gaussian ${gaussian}`);
    expect(constant).toBeLessThan(0.35);
    expect(gaussian).toBeLessThan(0.6 * constant);
    expect(gaussian).toBeLessThan(0.8 * none);
    // Not none at all: windows this small against the receptive field do have seams.
    expect(gaussian).toBeGreaterThan(0.01);
  });
});

/** The windows' answers, run one by one without the pipeline, weighed and divided in double precision. */
async function reference(
  starts: (count: number, length: number) => readonly number[],
  weight: (offset: number, length: number) => number,
  least: number,
): Promise<Float64Array> {
  const [sums, weights] = [new Float64Array(whole.length), new Float64Array(whole.length)];
  const [sk, sj, si] = size;
  for (const k of starts(nk, sk)) {
    for (const j of starts(nj, sj)) {
      for (const i of starts(ni, si)) {
        const data = Float32Array.from({ length: sk * sj * si }, (_, n) => {
          const [x, y, z] = [n % si, Math.floor(n / si) % sj, Math.floor(n / (si * sj))];
          return volume.samples[indexOf(i + x, j + y, k + z)]!;
        });
        const { heat } = await runOnCpu(graph, { input: { dims: [1, 1, sk, sj, si], data } });
        (heat!.data as Float32Array).forEach((value, n) => {
          const [x, y, z] = [n % si, Math.floor(n / si) % sj, Math.floor(n / (si * sj))];
          const w = Math.max(least, weight(x, si) * weight(y, sj) * weight(z, sk));
          sums[indexOf(i + x, j + y, k + z)]! += w * value;
          weights[indexOf(i + x, j + y, k + z)]! += w;
        });
      }
    }
  }
  expect(weights.every((w) => w > 0)).toBe(true);
  return sums.map((sum, v) => sum / weights[v]!);
}

describe('blending', () => {
  const gaussianAt = (distance: number, length: number): number => Math.exp(-0.5 * (distance / (0.125 * length)) ** 2);

  it.each([
    ['a plain mean', 'constant', () => 1],
    ["MONAI's Gaussian", 'gaussian', (offset: number, length: number) => gaussianAt(offset - (length - 1) / 2, length)],
  ] as const)('is %s of the windows run one by one', async (_, kind, weight) => {
    const expected = await reference((count, length) => startsAlong(count, length, 0.5), weight, 1e-3);
    const values = await heatOf(blended(kind, 0.5));
    expect(Math.max(...values.map((value, v) => Math.abs(value - expected[v]!)))).toBeLessThan(1e-5);
  });

  it("is nnU-Net's Gaussian where the manifest says so", async () => {
    // Three windows along each axis, as far from each other as they can be.
    const thirds = (count: number, length: number): number[] => [0, (count - length) / 2, count - length];
    const weight = (offset: number, length: number): number => gaussianAt(offset - Math.floor(length / 2), length);
    const expected = await reference(thirds, weight, 0);
    const values = await heatOf(blended('gaussian', 0.5, 'nnunet'));
    expect(Math.max(...values.map((value, v) => Math.abs(value - expected[v]!)))).toBeLessThan(1e-5);
  });
});
