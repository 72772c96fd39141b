import { describe, expect, it } from 'vitest';
import type { Analysis } from '@overread/core/analysis';
import { boxCorners, indexToWorld, mapAxes, type Vec3 } from '@overread/core/geometry';
import type { ManifestSource } from '@overread/core/model';
import { analyse } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { nodeRuntime } from '../../../../../inference-server/src/inference/node-runtime.ts';
import {
  anchorGraph,
  fixedTablesGraph,
  kindOf,
  sampledVolume,
  taskModel,
  testPlace,
} from '../../../../support/task-models.ts';
import { croppedWindow } from '../../../../support/tiny-manifest.ts';

type Output = Extract<ManifestSource['outputs'][number], { kind: 'boxes' }>;
type Input = ManifestSource['input'];

const runtime = nodeRuntime(1);
const nodule = kindOf('Nodule', '27925004');
const mass = kindOf('Mass', '4147007');
const whole: Input = { name: 'input', spacing: 'native', patch: { mode: 'whole' } };

const anchors = (rank: 2 | 3, stride: number): Output => ({
  kind: 'boxes',
  name: 'boxes',
  scores: 'scores',
  encoding: {
    kind: 'anchors',
    levels: [{ stride: Array<number>(rank).fill(stride), sizes: [Array<number>(rank).fill(stride)] }],
  },
  classes: [nodule],
  minScore: 0.5,
});

const tables = (changes: Partial<Output> = {}): Output => ({
  kind: 'boxes',
  name: 'boxes',
  scores: 'scores',
  encoding: { kind: 'boxes', order: 'xyzxyz' },
  classes: [nodule],
  minScore: 0.5,
  ...changes,
});

const run = (graph: Uint8Array, volume: Volume, output: Output, input: Input = whole): Promise<Analysis> =>
  analyse({ volume, model: taskModel(graph, { input, outputs: [output] }), place: testPlace }, runtime);

/** Bright voxels, each with a value of its own. */
const spots = new Map<string, number>([
  ['9,5,6', 0.9],
  ['22,14,17', 0.8],
  ['30,3,2', 0.7],
]);
const bright = (dims: Vec3, directions?: readonly [Vec3, Vec3, Vec3]) =>
  sampledVolume({
    dims,
    spacing: [0.8, 0.9, 2],
    ...(directions && { directions }),
    value: (ijk) => spots.get(ijk.join()) ?? 0,
  });
const cellOf = (index: number, stride: number) => Math.floor(index / stride) * stride;
/** The cell of `stride` voxels round each spot, best first. */
const cells = (stride: number) =>
  [...spots.keys()].map((key) => {
    const at = key.split(',').map(Number);
    return {
      min: mapAxes((axis) => cellOf(at[axis]!, stride)),
      max: mapAxes((axis) => cellOf(at[axis]!, stride) + stride - 1),
    };
  });

describe('detection', () => {
  it('tells the boxes of a 3-D detector in voxels of the series, best score first, with their diameters', async () => {
    const analysis = await run(anchorGraph(3, 4, [0, 0, 0, 0, 0, 0]), bright([32, 20, 24]), anchors(3, 4));
    expect(analysis.findings.map(({ region }) => region!.box)).toEqual(cells(4));
    expect(analysis.findings.map(({ score }) => score!.value)).toEqual(
      [0.9, 0.8, 0.7].map((value) => expect.closeTo(value, 6) as number),
    );
    expect(analysis.labelMaps).toEqual([]);
    const [first] = analysis.findings;
    expect(first).toMatchObject({
      label: 'Nodule',
      trackingIdentifier: 'Nodule 1',
      presence: null,
      score: { kind: 'score' },
    });
    expect(first!.region).toMatchObject({ centre: [10, 6, 6], segmentNumber: null, axes: null });
    // 4 voxels of 0.9 mm by 4 of 0.8 mm.
    expect(first!.measurements.map(({ value }) => value)).toEqual(
      [3.4, 3.6, 3.2].map((value) => expect.closeTo(value, 5) as number),
    );
  });

  it('moves and scales anchors by the deltas of the graph', async () => {
    // One voxel of z up, half as long along x: in the order z, y, x.
    const deltas = [0.25, 0, 0, 0, 0, Math.log(0.5)];
    const { findings } = await run(anchorGraph(3, 4, deltas), bright([32, 20, 24]), anchors(3, 4));
    expect(findings.map(({ region }) => region!.box)).toEqual(
      cells(4).map(({ min, max }) => ({
        min: [min[0] + 1, min[1], min[2] + 1],
        max: [max[0] - 1, max[1], max[2] + 1],
      })),
    );
  });

  it('finds the same places however the series is turned', async () => {
    const turned: readonly [Vec3, Vec3, Vec3] = [
      [0, -1, 0],
      [0, 0, 1],
      [-1, 0, 0],
    ];
    const volume = bright([32, 20, 24], turned);
    const { findings } = await run(anchorGraph(3, 4, [0, 0, 0, 0, 0, 0]), volume, anchors(3, 4), {
      ...whole,
      orientation: 'RAS',
    });
    expect(findings).toHaveLength(3);
    [...spots.keys()].forEach((key, n) => {
      const spot = key.split(',').map(Number);
      const { min, max } = findings[n]!.region!.box;
      expect(spot.every((index, axis) => index >= min[axis as 0] && index <= max[axis as 0])).toBe(true);
      expect(mapAxes((axis) => max[axis] - min[axis] + 1)).toEqual([4, 4, 4]);
    });
  });

  it('tells one box for what several windows see', async () => {
    const fine = anchorGraph(3, 4, [0, 0, 0, Math.log(2), Math.log(2), Math.log(2)]);
    const patch: Input['patch'] = {
      mode: 'slidingWindow',
      size: [16, 16, 16],
      blending: { kind: 'constant', overlap: 0.5 },
    };
    const input: Input = { ...whole, patch };
    const { findings } = await run(fine, bright([32, 20, 24]), anchors(3, 4), input);
    expect(findings).toHaveLength(3);
    findings.forEach(({ region, score }, n) => {
      const spot = [...spots.keys()][n]!.split(',').map(Number);
      expect(score!.value).toBeCloseTo([...spots.values()][n]!, 6);
      spot.forEach((index, axis) => {
        expect(index).toBeGreaterThanOrEqual(region!.box.min[axis as 0]);
        expect(index).toBeLessThanOrEqual(region!.box.max[axis as 0]);
      });
    });
  });

  it('tells the boxes of a 2-D detector on their slices, batches included', async () => {
    const input: Input = { ...whole, layout: { kind: '2d' }, patch: { mode: 'slices', batch: 5 } };
    const { findings } = await run(anchorGraph(2, 4, [0, 0, 0, 0]), bright([32, 20, 24]), anchors(2, 4), input);
    expect(findings.map(({ region }) => region!.box)).toEqual(
      cells(4).map(({ min, max }, n) => {
        const k = Number([...spots.keys()][n]!.split(',')[2]);
        return { min: [min[0], min[1], k], max: [max[0], max[1], k] };
      }),
    );
  });

  it('tells what a 2-D detector sees in neighbouring slices as one thing, measured where it is largest', async () => {
    // A column of two slices, one of three with a slice missing, and a lone one; the graph answers a cell round each bright voxel.
    const column = new Map<string, number>([
      ['9,5,6', 0.6],
      ['9,5,7', 0.9],
      ['22,14,10', 0.7],
      ['22,14,11', 0.8],
      ['22,14,13', 0.75],
      ['30,3,2', 0.65],
    ]);
    const volume = sampledVolume({
      dims: [32, 20, 24],
      spacing: [0.8, 0.9, 2],
      value: (ijk) => column.get(ijk.join()) ?? 0,
    });
    const input: Input = { ...whole, layout: { kind: '2d' }, patch: { mode: 'slices', batch: 5 } };
    const told = async (changes: Partial<Output>) => {
      const output = { ...anchors(2, 4), ...changes };
      const { findings } = await run(anchorGraph(2, 4, [0, 0, 0, 0]), volume, output, input);
      return findings.map(({ region, score }) => [region!.box.min[2], region!.box.max[2], score!.value.toFixed(2)]);
    };
    expect(await told({})).toEqual([
      [6, 7, '0.90'],
      [10, 11, '0.80'],
      [13, 13, '0.75'],
      [2, 2, '0.65'],
    ]);
    expect(await told({ joinGap: 1 })).toEqual([
      [6, 7, '0.90'],
      [10, 13, '0.80'],
      [2, 2, '0.65'],
    ]);
    expect(await told({ joinGap: null })).toHaveLength(6);
    // The limit counts things, not slices.
    expect(await told({ joinGap: 1, maxFindings: 2 })).toHaveLength(2);
  });

  it('lies where the prepared box lies in the patient, between oblique grids too', async () => {
    const c = Math.cos(0.35);
    const s = Math.sin(0.35);
    const oblique: readonly [Vec3, Vec3, Vec3] = [
      [c, s, 0],
      [-s, c, 0],
      [0, 0, 1],
    ];
    const volume = bright([32, 20, 24], oblique);
    const graph = fixedTablesGraph(3, {
      boxes: { dims: [1, 6], values: [8, 6, 4, 14, 13, 9] },
      scores: { dims: [1, 1], values: [0.9] },
    });
    const straight = { ...whole, orientation: 'LPS', straighten: true } as const;
    const [plain] = (await run(graph, volume, tables())).findings;
    expect(plain!.region!.box).toEqual({ min: [8, 6, 4], max: [13, 12, 8] });
    const [turned] = (await run(graph, volume, tables(), straight)).findings;
    const { box, centre } = turned!.region!;
    // The box of the straight grid is 6 x 7 x 5 voxels: in the turned series it needs a larger one round it.
    const corners = boxCorners(volume.grid, box);
    const extent = mapAxes(
      (axis) => Math.max(...corners.map((p) => p[axis])) - Math.min(...corners.map((p) => p[axis])),
    );
    expect(extent[0]).toBeGreaterThan(4);
    expect(centre.every((index, axis) => index >= box.min[axis as 0] && index <= box.max[axis as 0])).toBe(true);
    expect(indexToWorld(volume.grid, centre).every(Number.isFinite)).toBe(true);
  });

  it('reads several classes from columns, past a background column, after softmax', async () => {
    const graph = fixedTablesGraph(3, {
      boxes: { dims: [1, 2, 6], values: [0, 0, 0, 5, 5, 5, 10, 10, 10, 16, 16, 16] },
      scores: { dims: [1, 2, 3], values: [0, 3, 1, 0, 1, 4] },
    });
    const output = tables({ classes: [nodule, mass], background: true, activation: 'softmax' });
    const { findings } = await run(graph, bright([32, 20, 24]), output);
    const softmax = (a: number, b: number, c: number) => Math.exp(a) / (Math.exp(a) + Math.exp(b) + Math.exp(c));
    expect(findings.map(({ label, score }) => [label, score!.value])).toEqual([
      ['Mass', expect.closeTo(softmax(4, 0, 1), 6)],
      ['Nodule', expect.closeTo(softmax(3, 0, 1), 6)],
    ]);
  });

  it('reads one class per box where the graph chose it', async () => {
    const graph = fixedTablesGraph(3, {
      boxes: { dims: [2, 6], values: [0, 0, 0, 5, 5, 5, 10, 10, 10, 16, 16, 16] },
      scores: { dims: [2], values: [0.6, 0.7] },
      classes: { dims: [2], values: [1, 2] },
    });
    const output = tables({ classes: [nodule, mass], background: true, classIndices: 'classes' });
    const { findings } = await run(graph, bright([32, 20, 24]), output);
    expect(findings.map(({ label }) => label)).toEqual(['Mass', 'Nodule']);
  });

  it('drops boxes below the score, without extent, or beyond the series', async () => {
    const graph = fixedTablesGraph(3, {
      boxes: { dims: [3, 6], values: [1, 1, 1, 5, 5, 5, 4, 4, 4, 4, 9, 9, 90, 90, 90, 99, 99, 99] },
      scores: { dims: [3, 1], values: [0.4, 0.9, 0.9] },
    });
    expect((await run(graph, bright([32, 20, 24]), tables())).findings).toEqual([]);
  });

  it.each([
    ['NaN scores', { scores: { dims: [1, 1], values: [NaN] } }, {}],
    ['boxes without an end', { boxes: { dims: [1, 6], values: [0, 0, 0, Infinity, 4, 4] } }, {}],
    ['rows of another width', { boxes: { dims: [1, 4], values: [0, 0, 4, 4] } }, {}],
    ['fewer scores than boxes', { boxes: { dims: [2, 6], values: Array<number>(12).fill(1) } }, {}],
    ['a class that nobody named', { classes: { dims: [1], values: [7] } }, { classIndices: 'classes' }],
  ] as const)('refuses %s by name', async (_, changed, changes) => {
    const sound = { boxes: { dims: [1, 6], values: [0, 0, 0, 4, 4, 4] }, scores: { dims: [1, 1], values: [0.9] } };
    const graph = fixedTablesGraph(3, { ...sound, ...changed });
    const analysis = run(graph, bright([32, 20, 24]), tables(changes));
    await expect(analysis).rejects.toMatchObject({ code: 'pipeline.bad-output' });
  });

  it('refuses anchors that do not make the rows there are', async () => {
    const analysis = run(anchorGraph(3, 4, [0, 0, 0, 0, 0, 0]), bright([32, 20, 24]), anchors(3, 2));
    await expect(analysis).rejects.toMatchObject({ code: 'pipeline.bad-output' });
  });

  it('refuses boxes of another rank than the input, and mirror images', async () => {
    const flat = async () => run(anchorGraph(3, 4, [0, 0, 0, 0, 0, 0]), bright([32, 20, 24]), anchors(2, 4));
    await expect(flat).rejects.toMatchObject({ code: 'model.manifest-invalid' });
    const mirror: Input = { ...whole, patch: { ...croppedWindow([16, 16, 16], [4, 4, 4]), mirror: ['W'] } };
    const mirrored = run(anchorGraph(3, 4, [0, 0, 0, 0, 0, 0]), bright([32, 20, 24]), anchors(3, 4), mirror);
    await expect(mirrored).rejects.toMatchObject({ code: 'model.unsupported' });
  });
});
