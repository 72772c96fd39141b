import { beforeAll, describe, expect, it } from 'vitest';
import type { ComputePlace } from '@overread/core/analysis';
import { cropGrid, voxelVolume } from '@overread/core/geometry';
import { GraphBuilder } from '@overread/core/graph';
import type { LoadedModel, Manifest } from '@overread/core/model';
import { analyse, recordedSelfTest, runSelfTest, type Progress } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { thorax } from '../../../support/thorax.ts';
import { croppedWindow, tinyManifest } from '../../../support/tiny-manifest.ts';

const place: ComputePlace = { location: 'server', runtime: 'node-cpu', threads: 1, device: null, skipped: [] };
const runtime = nodeRuntime(1);
const shape = [1, 1, 'D', 'H', 'W'];

/** Logits 0 and smoothed HU + 500: background below, label 1 above. The smoothing looks two voxels around. */
function smoothingGraph(): Uint8Array {
  const g = new GraphBuilder('smoothing');
  const image = g.input('input', 'float32', shape);
  const weights = [...Array<number>(125).fill(0), ...Array<number>(125).fill(1 / 125)];
  const attributes = { kernel_shape: [5, 5, 5], pads: [2, 2, 2, 2, 2, 2] };
  const kernel = g.initializer('kernel', 'float32', [2, 1, 5, 5, 5], Float32Array.from(weights));
  const bias = g.initializer('bias', 'float32', [2], Float32Array.of(0, 500));
  g.output(g.node('Conv', [image, kernel, bias], attributes), 'float32', [1, 2, 'D', 'H', 'W'], 'logits');
  return g.toBytes();
}

function notANumberGraph(): Uint8Array {
  const g = new GraphBuilder('not a number');
  const root = g.node('Sqrt', [g.input('input', 'float32', shape)]);
  g.output(g.node('Concat', [root, root], { axis: 1 }), 'float32', [1, 2, 'D', 'H', 'W'], 'logits');
  return g.toBytes();
}

const modelOf = (graph: Uint8Array, changes: Partial<Manifest> = {}): LoadedModel => ({
  manifest: tinyManifest(graph, changes),
  digest: 'ab'.repeat(32),
  graph,
});

let volume: Volume;
beforeAll(() => {
  volume = thorax({ spacing: [6, 6, 6] });
});
const input = tinyManifest(new Uint8Array()).input;
const window = croppedWindow([14, 16, 18], [2, 2, 2]);

describe('analyse', () => {
  it('gives the same labels tile by tile as in one piece', async () => {
    const graph = smoothingGraph();
    const whole = await analyse({ volume, model: modelOf(graph), place }, runtime);
    const tiled = await analyse(
      { volume, model: modelOf(graph, { input: { ...input, patch: window } }), place },
      runtime,
    );
    expect(whole.labelMaps[0]!.labels.includes(1)).toBe(true);
    expect(whole.labelMaps[0]!.labels.includes(0)).toBe(true);
    expect(tiled.labelMaps[0]!.labels).toEqual(whole.labelMaps[0]!.labels);
  });

  it('names model, source, place and time of the run', async () => {
    const analysis = await analyse({ volume, model: modelOf(smoothingGraph()), place, seriesNumber: 7 }, runtime);
    expect(analysis).toMatchObject({
      model: { id: 'tiny-test', version: '1.0.0', digest: 'ab'.repeat(32) },
      source: {
        seriesInstanceUID: volume.seriesInstanceUID,
        seriesNumber: 7,
        grid: volume.grid,
        slices: volume.slices,
      },
      place,
      outcome: 'completed',
      heatMaps: [],
    });
    expect(analysis.uid).toMatch(/^2\.25\.\d+$/);
    expect(analysis.labelMaps[0]!.grid).toEqual(volume.grid);
    expect(analysis.timings.map(({ stage }) => stage)).toEqual(['prepare', 'load', 'tile', 'run', 'stitch', 'finish']);
    expect(Date.parse(analysis.finishedAt)).toBeGreaterThanOrEqual(Date.parse(analysis.startedAt));
  });

  it('measures the labels: volume in mL, mean, share below', async () => {
    const measurements = [{ kind: 'volume' }, { kind: 'mean' }, { kind: 'shareBelow', threshold: -400 }] as const;
    const finish: Manifest['finish'] = [{ kind: 'measureLabels', measurements: [...measurements] }];
    const analysis = await analyse({ volume, model: modelOf(smoothingGraph(), { finish }), place }, runtime);
    const { labels } = analysis.labelMaps[0]!;
    const inside = [...volume.samples].filter((_, v) => labels[v] === 1);
    const [finding] = analysis.findings;
    expect(finding!.measurements.map(({ value }) => value)).toEqual([
      expect.closeTo((inside.length * voxelVolume(volume.grid)) / 1000, 6),
      expect.closeTo(inside.reduce((sum, value) => sum + value, 0) / inside.length, 6),
      expect.closeTo((100 * inside.filter((value) => value < -400).length) / inside.length, 6),
    ]);
    const [i, j, k] = finding!.region!.centre;
    expect(labels[(k * volume.grid.dims[1] + j) * volume.grid.dims[0] + i]).toBe(1);
  });

  it('brings labels of a resampled, cropped grid back to the source grid', async () => {
    const masks: Manifest['input']['masks'] = [{ kind: 'bodyMask', id: 'body', above: -500 }];
    const changed = {
      ...input,
      masks,
      cropTo: 'body',
      spacing: 3,
      patch: croppedWindow([40, 90, 90], [2, 2, 2]),
    };
    const native = await analyse({ volume, model: modelOf(smoothingGraph()), place }, runtime);
    const resampled = await analyse({ volume, model: modelOf(smoothingGraph(), { input: changed }), place }, runtime);
    const [a, b] = [native.labelMaps[0]!.labels, resampled.labelMaps[0]!.labels];
    expect(b.length).toBe(a.length);
    // Smoothing over 5 voxels reaches half as far at half the spacing: borders differ, the rest does not.
    expect(a.filter((label, v) => label === b[v]).length / a.length).toBeGreaterThan(0.9);
  });

  it('runs only tiles that hold some of the mask, and leaves the others 0', async () => {
    const masks: Manifest['input']['masks'] = [
      { kind: 'bodyMask', id: 'body', above: -500 },
      { kind: 'lungField', id: 'lungs', body: 'body', below: -400, minVolume: 100, closingRadius: 5 },
    ];
    const tiles = async (patch: Manifest['input']['patch']): Promise<number> => {
      const seen: Progress[] = [];
      const model = modelOf(smoothingGraph(), { input: { ...input, masks, patch } });
      await analyse({ volume, model, place }, runtime, { onProgress: (progress) => seen.push(progress) });
      return seen.find(({ stage }) => stage === 'tile')!.total;
    };
    expect(await tiles({ ...window, onlyWhere: 'lungs' })).toBeLessThan(await tiles(window));
  });

  it('tells progress stage by stage, with an estimate once there is something to base one on', async () => {
    const seen: Progress[] = [];
    const model = modelOf(smoothingGraph(), { input: { ...input, patch: window } });
    await analyse({ volume, model, place }, runtime, { onProgress: (progress) => seen.push(progress) });
    expect([...new Set(seen.map(({ stage }) => stage))]).toEqual(['prepare', 'tile', 'assemble']);
    const tiles = seen.filter(({ stage }) => stage === 'tile');
    expect(tiles.map(({ done }) => done)).toEqual(tiles.map((_, n) => n));
    expect(tiles.at(-1)!.done).toBe(tiles.at(-1)!.total);
    expect(tiles[0]!.remainingMilliseconds).toBeNull();
    expect(tiles.slice(1).every(({ remainingMilliseconds }) => remainingMilliseconds! >= 0)).toBe(true);
  });

  it('stops between tiles when it is cancelled', async () => {
    const stop = new AbortController();
    let tiles = 0;
    const model = modelOf(smoothingGraph(), { input: { ...input, patch: window } });
    const run = analyse({ volume, model, place }, runtime, {
      signal: stop.signal,
      onProgress: ({ stage, done }) => {
        if (stage === 'tile') tiles = done;
        if (tiles === 2) stop.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'run.cancelled' });
    expect(tiles).toBe(2);
  });

  it('does not start when it was cancelled before', async () => {
    const run = analyse({ volume, model: modelOf(smoothingGraph()), place }, runtime, { signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: 'run.cancelled' });
  });

  it('handles messages that wait while it runs', async () => {
    let handled = 0;
    const model = modelOf(smoothingGraph(), { input: { ...input, patch: window } });
    const timer = setInterval(() => handled++, 0);
    await analyse({ volume, model, place }, runtime);
    clearInterval(timer);
    expect(handled).toBeGreaterThan(3);
  });

  it('refuses outputs that are no numbers', async () => {
    const run = analyse({ volume, model: modelOf(notANumberGraph()), place }, runtime);
    await expect(run).rejects.toMatchObject({ code: 'pipeline.bad-output' });
  });

  it('refuses a graph without the output that the manifest names', async () => {
    const outputs = tinyManifest(new Uint8Array()).outputs.map((output) => ({ ...output, name: 'other' }));
    const run = analyse({ volume, model: modelOf(smoothingGraph(), { outputs }), place }, runtime);
    await expect(run).rejects.toMatchObject({ code: 'pipeline.bad-output', details: { name: 'other' } });
  });

  it('analyses one slice like a volume', async () => {
    const { dims } = volume.grid;
    const grid = cropGrid(volume.grid, { min: [0, 0, 20], max: [dims[0] - 1, dims[1] - 1, 20] });
    const samples = volume.samples.slice(20 * dims[0] * dims[1], 21 * dims[0] * dims[1]);
    const slice = { ...volume, grid, samples, slices: volume.slices.slice(20, 21) };
    const analysis = await analyse({ volume: slice, model: modelOf(smoothingGraph()), place }, runtime);
    expect(analysis.labelMaps[0]!.labels.length).toBe(samples.length);
  });
});

describe('runSelfTest', () => {
  const selfTest = {
    seed: 5,
    shape: [1, 1, 10, 12, 14],
    range: [-900, 900] as [number, number],
    expected: [] as number[],
    tolerance: 1e-2,
  };

  it('passes on the values that the graph gave, and fails on others', async () => {
    const graph = smoothingGraph();
    const { expected } = await recordedSelfTest(modelOf(graph, { selfTest }), runtime, 30);
    expect(new Set(expected).size).toBeGreaterThan(10);
    await expect(
      runSelfTest(modelOf(graph, { selfTest: { ...selfTest, expected } }), runtime),
    ).resolves.toBeUndefined();
    const other = expected.with(7, expected[7]! + 1);
    await expect(
      runSelfTest(modelOf(graph, { selfTest: { ...selfTest, expected: other } }), runtime),
    ).rejects.toMatchObject({
      code: 'pipeline.self-test-failed',
    });
  });

  it('fails on values that are no numbers', async () => {
    const graph = notANumberGraph();
    await expect(
      runSelfTest(modelOf(graph, { selfTest: { ...selfTest, expected: [1, 2, 3] } }), runtime),
    ).rejects.toMatchObject({
      code: 'pipeline.self-test-failed',
    });
  });
});
