import { describe, expect, it } from 'vitest';
import type { Analysis } from '@overread/core/analysis';
import type { Vec3 } from '@overread/core/geometry';
import { GraphBuilder } from '@overread/core/graph';
import type { ManifestSource } from '@overread/core/model';
import { analyse, type InferenceRuntime, type Progress } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { runOnCpu } from '../../../support/graph-run.ts';
import { heatOutput, modelWith, nodePlace, noiseVolume } from '../../../support/pipeline-runs.ts';
import { convolutionGraph } from '../../../support/test-models.ts';

type Patch = ManifestSource['input']['patch'];
type SlidingWindow = Extract<Patch, { mode: 'slidingWindow' }>;

const graph = convolutionGraph([3, 3]);
const runtime = nodeRuntime(1);
const run = (volume: Volume, patch: Patch, changes: Partial<ManifestSource['input']> = {}): Promise<Analysis> =>
  analyse({ volume, model: modelWith(graph, { ...changes, patch }), place: nodePlace }, runtime);
const largest = (a: Float32Array, b: ArrayLike<number>): number =>
  Math.max(...a.map((value, v) => Math.abs(value - b[v]!)));

describe('mirroring', () => {
  const dims: Vec3 = [9, 8, 7];
  const [ni, nj, nk] = dims;
  const volume = noiseVolume(dims);

  /** Values at mirrored places, axis by axis: flags for D, H, W. */
  const turned = (values: ArrayLike<number>, [d, h, w]: readonly boolean[]): Float32Array =>
    Float32Array.from({ length: ni * nj * nk }, (_, v) => {
      const [i, j, k] = [v % ni, Math.floor(v / ni) % nj, Math.floor(v / (ni * nj))];
      return values[((d ? nk - 1 - k : k) * nj + (h ? nj - 1 - j : j)) * ni + (w ? ni - 1 - i : i)]!;
    });

  it.each([[['W']], [['D', 'H']], [['D', 'H', 'W']]] as const)(
    'is the mean over all combinations of %j',
    async (axes) => {
      const flags = [false, true].flatMap((d) =>
        [false, true].flatMap((h) => [false, true].map((w) => [d, h, w] as const)),
      );
      const wanted = flags.filter((flag) =>
        (['D', 'H', 'W'] as const).every((axis, n) => !flag[n] || (axes as readonly string[]).includes(axis)),
      );
      expect(wanted).toHaveLength(2 ** axes.length);
      const sum = new Float64Array(ni * nj * nk);
      for (const flag of wanted) {
        const { heat } = await runOnCpu(graph, {
          input: { dims: [1, 1, nk, nj, ni], data: turned(volume.samples, flag) },
        });
        turned(heat!.data as Float32Array, flag).forEach((value, v) => (sum[v]! += value / wanted.length));
      }
      const size: [number, number, number] = [nk, nj, ni];
      const blending = { kind: 'constant', overlap: 0 } as const;
      const {
        heatMaps: [heatMap],
      } = await run(volume, { mode: 'slidingWindow', size, blending, mirror: [...axes] });
      expect(largest(heatMap!.values, sum)).toBeLessThan(1e-5);
      const plain = await run(volume, { mode: 'slidingWindow', size, blending });
      expect(largest(plain.heatMaps[0]!.values, sum)).toBeGreaterThan(1e-3);
    },
  );
});

describe('outputs that no manifest names', () => {
  /** The heat map, and labels beside it that have no mean and that nobody reads. */
  const withLabels = (): Uint8Array => {
    const g = new GraphBuilder('labels beside');
    const image = g.input('input', 'float32', [1, 1, 'D', 'H', 'W']);
    const both = g.node('Concat', [image, g.node('Relu', [image])], { axis: 1 });
    g.output(g.node('ArgMax', [both], { axis: 1 }), 'int64', null, 'am');
    g.output(g.node('Relu', [image]), 'float32', null, 'heat');
    return g.toBytes();
  };

  it.each([[[]], [['W']]] as const)('are neither asked for nor averaged (mirrored along %j)', async (mirror) => {
    const asked: (readonly string[] | undefined)[] = [];
    const watched: InferenceRuntime = {
      ...runtime,
      async createSession(bytes) {
        const session = await runtime.createSession(bytes);
        return { ...session, run: (feeds, outputs) => (asked.push(outputs), session.run(feeds, outputs)) };
      },
    };
    const volume = noiseVolume([6, 5, 4]);
    const blending = { kind: 'constant', overlap: 0 } as const;
    const patch: Patch = { mode: 'slidingWindow', size: [4, 5, 6], blending, mirror: [...mirror] };
    const {
      heatMaps: [heatMap],
    } = await analyse({ volume, model: modelWith(withLabels(), { patch }), place: nodePlace }, watched);
    expect(asked).toEqual(Array.from({ length: 2 ** mirror.length }, () => ['heat']));
    const relu = volume.samples.map((value) => Math.max(0, value));
    expect(largest(heatMap!.values, relu)).toBeLessThan(1e-6);
  });

  it('are named where the manifest names them and the graph has them not', async () => {
    const patch: Patch = { mode: 'whole' };
    const model = modelWith(withLabels(), { patch }, [heatOutput('other')]);
    await expect(analyse({ volume: noiseVolume([6, 5, 4]), model, place: nodePlace }, runtime)).rejects.toMatchObject({
      code: 'pipeline.bad-output',
      why: expect.stringContaining("'other'") as string,
    });
  });
});

describe('windows that are not run', () => {
  /** Something in one corner of otherwise empty air. */
  const volume = noiseVolume([24, 24, 24], (i, j, k) => (i < 6 && j < 7 && k < 8 ? 1 + i : -1));
  const size: [number, number, number] = [8, 8, 8];
  const crop: SlidingWindow = { mode: 'slidingWindow', size, blending: { kind: 'crop', halo: [2, 2, 2] } };
  const seenBy = async (patch: Patch, changes: Partial<ManifestSource['input']> = {}) => {
    const seen: Progress[] = [];
    const model = modelWith(graph, { ...changes, patch });
    const onProgress = (progress: Progress) => seen.push(progress);
    const analysis = await analyse({ volume, model, place: nodePlace }, runtime, { onProgress });
    return { analysis, windows: seen.find(({ stage }) => stage === 'tile')!.total };
  };

  it('are those whose every value is at most `skipBelow`, and the result counts them', async () => {
    const every = await seenBy(crop);
    const some = await seenBy({ ...crop, skipBelow: -1 });
    expect(some.windows).toBeLessThan(every.windows / 4);
    expect(every.analysis.warnings).toEqual([]);
    expect(some.analysis.warnings).toEqual([
      {
        code: 'pipeline.windows-skipped',
        message: expect.stringContaining(`${every.windows - some.windows} of ${every.windows} windows`) as string,
      },
    ]);
    expect(some.analysis.timings.some(({ stage }) => stage === 'skip')).toBe(true);
    const [a, b] = [some.analysis.heatMaps[0]!.values, every.analysis.heatMaps[0]!.values];
    // What is near the corner is the same; what is far is background.
    expect(a[0]).toBe(b[0]);
    expect(a[5 + 24 * (5 + 24 * 5)]).toBe(b[5 + 24 * (5 + 24 * 5)]);
    expect(a.at(-1)).toBe(0);
    expect(b.at(-1)).not.toBe(0);
  });

  it.each(['constant', 'gaussian'] as const)('count nothing where windows are blended (%s)', async (kind) => {
    const patch: SlidingWindow = { mode: 'slidingWindow', size, blending: { kind, overlap: 0.5 } };
    const some = await seenBy({ ...patch, skipBelow: -1 });
    const every = await seenBy(patch);
    expect(some.windows).toBeLessThan(every.windows / 4);
    const [a, b] = [some.analysis.heatMaps[0]!.values, every.analysis.heatMaps[0]!.values];
    // Only one window reaches the first corner, so that nothing is missing from it.
    expect(a[0]).toBe(b[0]);
    expect(a.at(-1)).toBe(0);
  });

  it('are those without a voxel of the mask `onlyWhere`', async () => {
    const masks: ManifestSource['input']['masks'] = [{ kind: 'threshold', id: 'corner', above: 0 }];
    const every = await seenBy(crop, { masks });
    const some = await seenBy({ ...crop, onlyWhere: 'corner' }, { masks });
    expect(some.windows).toBeLessThan(every.windows / 4);
    expect(some.analysis.warnings).toMatchObject([{ code: 'pipeline.windows-skipped' }]);
  });

  it('may be all of them', async () => {
    const { analysis, windows } = await seenBy({ ...crop, skipBelow: 100 });
    expect(windows).toBe(0);
    expect(analysis.heatMaps[0]!.values.every((value) => value === 0)).toBe(true);
  });
});

describe('a volume smaller than the window', () => {
  it('stands in the middle of zeros', async () => {
    const dims: Vec3 = [5, 4, 3];
    const volume = noiseVolume(dims);
    const [sd, sh, sw] = [6, 7, 8];
    const data = new Float32Array(sd * sh * sw);
    const at = (i: number, j: number, k: number): number => ((k + 1) * sh + j + 1) * sw + i + 1;
    const each = (visit: (i: number, j: number, k: number, v: number) => void): void =>
      volume.samples.forEach((_, v) => visit(v % 5, Math.floor(v / 5) % 4, Math.floor(v / 20), v));
    each((i, j, k, v) => (data[at(i, j, k)] = volume.samples[v]!));
    const { heat } = await runOnCpu(graph, { input: { dims: [1, 1, sd, sh, sw], data } });
    const expected = new Float32Array(60);
    each((i, j, k, v) => (expected[v] = (heat!.data as Float32Array)[at(i, j, k)]!));
    const patch: Patch = { mode: 'slidingWindow', size: [sd, sh, sw], blending: { kind: 'gaussian', overlap: 0.5 } };
    expect(largest((await run(volume, patch)).heatMaps[0]!.values, expected)).toBeLessThan(1e-5);
  });

  it('run whole is lengthened at its ends to what the network needs', async () => {
    const volume = noiseVolume([5, 4, 3]);
    const {
      heatMaps: [heatMap],
    } = await run(volume, { mode: 'whole', multipleOf: [4, 4, 4] });
    const data = Float32Array.from({ length: 4 * 4 * 8 }, (_, n) => {
      const [i, j, k] = [n % 8, Math.floor(n / 8) % 4, Math.floor(n / 32)];
      return i < 5 && k < 3 ? volume.samples[(k * 4 + j) * 5 + i]! : 0;
    });
    const { heat } = await runOnCpu(graph, { input: { dims: [1, 1, 4, 4, 8], data } });
    const expected = heatMap!.values.map((_, v) => {
      const [i, j, k] = [v % 5, Math.floor(v / 5) % 4, Math.floor(v / 20)];
      return (heat!.data as Float32Array)[(k * 4 + j) * 8 + i]!;
    });
    expect(largest(heatMap!.values, expected)).toBe(0);
  });
});
