import type { ComputePlace } from '@overread/core/analysis';
import { makeGrid, voxelCount, type Vec3 } from '@overread/core/geometry';
import { GraphBuilder } from '@overread/core/graph';
import type { LoadedModel, ManifestSource } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import { tinyManifest } from './tiny-manifest.ts';

/** Where tests compute. */
export const testPlace: ComputePlace = {
  location: 'server',
  runtime: 'node-cpu',
  threads: 1,
  device: null,
  skipped: [],
};

export interface SampledVolume {
  readonly dims: Vec3;
  readonly spacing?: Vec3;
  readonly directions?: readonly [Vec3, Vec3, Vec3];
  readonly value: (ijk: Vec3) => number;
}

/** A CT series of the given samples. */
export function sampledVolume({ dims, spacing = [1, 1, 1], directions, value }: SampledVolume): Volume {
  const axes = directions ?? [[1, 0, 0] as const, [0, 1, 0] as const, [0, 0, 1] as const];
  const grid = makeGrid(dims, spacing, axes, [-12.5, 7, 40]);
  const samples = Float32Array.from({ length: voxelCount(grid) }, (_, v) =>
    value([v % dims[0], Math.floor(v / dims[0]) % dims[1], Math.floor(v / (dims[0] * dims[1]))]),
  );
  const slices = Array.from({ length: dims[2] }, (_, k) => ({
    sopClassUID: '1.2.840.10008.5.1.4.1.1.2',
    sopInstanceUID: `2.25.77.${k + 1}`,
    frameNumber: null,
    instanceNumber: k + 1,
  }));
  return {
    studyInstanceUID: '2.25.7',
    seriesInstanceUID: '2.25.77',
    modality: 'CT',
    frameOfReferenceUID: '2.25.777',
    slices,
    grid,
    warnings: [],
    samples,
    unit: 'HU',
    padding: null,
  };
}

/** A model around a graph; what a test does not care about is filled in. */
export function taskModel(graph: Uint8Array, changes: Partial<ManifestSource>): LoadedModel {
  return { manifest: tinyManifest(graph, { finish: [], ...changes }), digest: 'ab'.repeat(32), graph };
}

export const kindOf = (label: string, value: string) => ({
  label,
  code: { value, scheme: 'SCT', meaning: label },
  category: { value: '49755003', scheme: 'SCT', meaning: 'Morphologically Abnormal Structure' },
  site: null,
  colour: [255, 80, 60] as [number, number, number],
});

const spatial = (rank: 2 | 3) => ['d', 'h', 'w'].slice(3 - rank);

/**
 * A detector with one anchor per cell of `stride` voxels: the score of a cell is its brightest voxel, every box is moved and scaled by the
 * same `deltas`. Outputs `boxes` [1, N, 2 rank] and `scores` [1, N, 1].
 */
export function anchorGraph(rank: 2 | 3, stride: number, deltas: readonly number[]): Uint8Array {
  const g = new GraphBuilder('anchors');
  const batch = rank === 2 ? 'n' : 1;
  const image = g.input('input', 'float32', [batch, 1, ...spatial(rank)]);
  const cells = { kernel_shape: Array<number>(rank).fill(stride), strides: Array<number>(rank).fill(stride) };
  const score = g.node('MaxPool', [image], cells);
  const rows = (value: string, columns: number) => {
    const last = [0, ...Array.from({ length: rank }, (_, axis) => axis + 2), 1];
    return g.node('Reshape', [g.node('Transpose', [value], { perm: last }), g.ints([0, -1, columns])]);
  };
  const shape = [deltas.length, 1, ...Array<number>(rank).fill(stride)];
  const zeros = new Float32Array(shape.reduce((product, length) => product * length, 1));
  const weights = g.initializer('weights', 'float32', shape, zeros);
  const bias = g.initializer('bias', 'float32', [deltas.length], Float32Array.from(deltas));
  const moved = g.node('Conv', [image, weights, bias], cells);
  g.output(rows(moved, deltas.length), 'float32', [batch, 'rows', deltas.length], 'boxes');
  g.output(rows(score, 1), 'float32', [batch, 'rows', 1], 'scores');
  return g.toBytes();
}

/** A graph that answers with the same tables whatever it is given; its input counts for nothing but must be there. */
export function fixedTablesGraph(
  rank: 2 | 3,
  tables: Readonly<Record<string, { readonly dims: readonly number[]; readonly values: readonly number[] }>>,
): Uint8Array {
  const g = new GraphBuilder('tables');
  const image = g.input('input', 'float32', [1, 1, ...spatial(rank)]);
  const zero = g.node('Mul', [g.node('ReduceMean', [image], { keepdims: 0 }), g.scalar(0)]);
  for (const [name, { dims, values }] of Object.entries(tables)) {
    const table = g.initializer(`${name}_values`, 'float32', dims, Float32Array.from(values));
    g.output(g.node('Add', [table, zero]), 'float32', dims, name);
  }
  return g.toBytes();
}

/** A classifier of two classes: largest and mean value of the image, or of each slice. Output `scores` [N, 2]. */
export function brightnessGraph(rank: 2 | 3): Uint8Array {
  const g = new GraphBuilder('brightness');
  const batch = rank === 2 ? 'n' : 1;
  const image = g.input('input', 'float32', [batch, 1, ...spatial(rank)]);
  const flat = g.node('Flatten', [image], { axis: 1 });
  const of = (op: string) => g.node(op, [flat], { axes: [1], keepdims: 1 });
  const scores = g.node('Concat', [of('ReduceMax'), of('ReduceMean')], { axis: 1 });
  g.output(scores, 'float32', [batch, 2], 'scores');
  return g.toBytes();
}
