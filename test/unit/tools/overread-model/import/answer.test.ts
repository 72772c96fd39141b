import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeGrid, type Vec3 } from '@overread/core/geometry';
import { GraphBuilder } from '@overread/core/graph';
import { loadModel, type LoadedModel } from '@overread/core/model';
import { analyse } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { nodeRuntime } from '../../../../../inference-server/src/inference/node-runtime.ts';
import { randomValues } from '../../../../support/graph-run.ts';
import { inFolder, overreadModel } from '../../../../support/model-command.ts';
import { writeBundle, type BundleParts } from '../../../../support/monai-bundle.ts';
import { neighbourGraph } from '../../../../support/neighbour-graph.ts';
import { writeNnunet } from '../../../../support/nnunet-folder.ts';
import { thorax } from '../../../../support/thorax.ts';

const dims: Vec3 = [11, 9, 7];
const spacing: Vec3 = [1.5, 1.5, 2];
const [ni, nj, nk] = dims;
const place = { location: 'server', runtime: 'node-cpu', threads: 1, device: null, skipped: [] } as const;

/** Axial slices with columns to the left, rows to the back and slices to the head, each voxel 0 or 100 HU at random. */
function noise(): Volume {
  const base = thorax({ spacing: [30, 30, 30] });
  const samples = Int16Array.from(randomValues(ni * nj * nk, 7), (value) => (value > 0 ? 100 : 0));
  const directions = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const;
  const slices = Array.from({ length: nk }, (_, k) => ({ ...base.slices[0]!, sopInstanceUID: `2.25.${k + 1}` }));
  return { ...base, grid: makeGrid(dims, spacing, directions, [-8, -6, 40]), slices, samples, padding: -1000 };
}

/**
 * What the network of the test says of each voxel, worked out by hand in the series' own axes. Its tensor's axes run to the right,
 * the front and the head, or `step` tells otherwise; each is one voxel of the network's grid long.
 */
function expectedLabels(volume: Volume, step: Readonly<Record<1 | 2 | 3, Vec3>>): Uint8Array {
  const inside = (index: Vec3) => index.every((at, axis) => at >= 0 && at < dims[axis]!);
  const bright = ([i, j, k]: Vec3) => inside([i, j, k]) && volume.samples[(k * nj + j) * ni + i]! === 100;
  return Uint8Array.from({ length: ni * nj * nk }, (_, at) => {
    const [i, j, k] = [at % ni, Math.floor(at / ni) % nj, Math.floor(at / (ni * nj))];
    // The weights are 1, 2 and 4, so the last axis whose neighbour is bright decides; 0 loses to the background's half.
    const label = ([3, 2, 1] as const).find((axis) =>
      bright([i + step[axis][0], j + step[axis][1], k + step[axis][2]]),
    );
    return label ?? 0;
  });
}

async function loaded(folder: string): Promise<LoadedModel> {
  return loadModel(async (path) => new Uint8Array(await readFile(join(folder, path))));
}

function bundle(change: (parts: BundleParts) => void): Promise<LoadedModel> {
  return inFolder(async (folder) => {
    await writeBundle(join(folder, 'bundle'), change);
    const { err } = await overreadModel(
      'import',
      'monai-bundle',
      join(folder, 'bundle'),
      '--out',
      join(folder, 'package'),
    );
    expect(err).toBe('');
    return loaded(join(folder, 'package'));
  });
}

let volume: Volume;
beforeAll(() => {
  volume = noise();
});
const labelsOf = async (model: LoadedModel) =>
  (await analyse({ volume, model, place }, nodeRuntime(1))).labelMaps[0]!.labels;

describe('an imported MONAI bundle', () => {
  const right: Vec3 = [-1, 0, 0];
  const front: Vec3 = [0, -1, 0];
  const head: Vec3 = [0, 0, 1];

  it('answers as worked out by hand, axes to the right, the front and the head', async () => {
    const model = await bundle(() => undefined);
    expect(await labelsOf(model)).toEqual(expectedLabels(volume, { 1: right, 2: front, 3: head }));
  });

  it('answers as worked out by hand in another orientation', async () => {
    const model = await bundle((parts) => {
      parts.preprocessing[2]!['axcodes'] = 'SPL';
      parts.extra['pixdim'] = [2, 1.5, 1.5];
    });
    expect(await labelsOf(model)).toEqual(expectedLabels(volume, { 1: head, 2: [0, 1, 0], 3: [1, 0, 0] }));
  });

  it('answers as worked out by hand at twice the spacing, where both grids have a voxel', async () => {
    const model = await bundle((parts) => (parts.extra['pixdim'] = [3, 3, 4]));
    const labels = await labelsOf(model);
    const expected = expectedLabels(volume, { 1: [-2, 0, 0], 2: [0, -2, 0], 3: [0, 0, 2] });
    let compared = 0;
    for (let k = 0; k < nk; k += 2) {
      for (let j = 0; j < nj; j += 2) {
        for (let i = 0; i < ni; i += 2, compared++) {
          const at = (k * nj + j) * ni + i;
          expect(labels[at], `voxel ${i}, ${j}, ${k}`).toBe(expected[at]);
        }
      }
    }
    expect(compared).toBe(6 * 5 * 4);
  });
});

describe('an imported MONAI bundle that is run slice by slice', () => {
  const nowhere: Vec3 = [99, 0, 0];

  /** [N, 1, H, W] -> half, the next value along H, twice the next one along W, and 0. */
  function flatNeighbours(): Uint8Array {
    const graph = new GraphBuilder('flat-neighbours');
    const image = graph.input('image', 'float32', ['N', 1, 'H', 'W']);
    const weights = new Float32Array(36);
    [weights[9 + 7], weights[18 + 5]] = [1, 2];
    const kernel = graph.initializer('kernel', 'float32', [4, 1, 3, 3], weights);
    const bias = graph.initializer('bias', 'float32', [4], Float32Array.of(0.5, 0, 0, 0));
    const logits = graph.node('Conv', [image, kernel, bias], { pads: [1, 1, 1, 1] });
    graph.output(logits, 'float32', ['N', 4, 'H', 'W'], 'pred');
    return graph.toBytes();
  }

  it.each<[string, number, Vec3, Vec3]>([
    ['to the head', 2, [-1, 0, 0], [0, -1, 0]],
    ['to the front', 1, [-1, 0, 0], [0, 0, 1]],
    ['to the right', 0, [0, -1, 0], [0, 0, 1]],
  ])('answers as worked out by hand, slices from one %s', async (_, spatial_dim, one, two) => {
    const model = await bundle((parts) => {
      const { inputs } = parts.metadata['network_data_format'] as { inputs: { image: object } };
      Object.assign(inputs.image, { spatial_shape: [32, 32] });
      parts.inferer = { _target_: 'SliceInferer', roi_size: [32, 32], spatial_dim };
      parts.graph = flatNeighbours();
    });
    expect(await labelsOf(model)).toEqual(expectedLabels(volume, { 1: one, 2: two, 3: nowhere }));
  });
});

describe('an imported MONAI bundle of two series', () => {
  /** [1, 2, D, H, W] -> half, the first channel, twice the second, and 0: what is brightest wins. */
  function brightest(): Uint8Array {
    const graph = new GraphBuilder('brightest');
    const image = graph.input('image', 'float32', [1, 2, 'D', 'H', 'W']);
    const kernel = graph.initializer('kernel', 'float32', [4, 2, 1, 1, 1], Float32Array.of(0, 0, 1, 0, 0, 2, 0, 0));
    const bias = graph.initializer('bias', 'float32', [4], Float32Array.of(0.5, 0, 0, 0));
    graph.output(graph.node('Conv', [image, kernel, bias]), 'float32', [1, 4, 'D', 'H', 'W'], 'pred');
    return graph.toBytes();
  }

  it('prepares each in its own way', async () => {
    const model = await bundle((parts) => {
      const { inputs } = parts.metadata['network_data_format'] as { inputs: { image: object } };
      Object.assign(inputs.image, { num_channels: 2, channel_def: { '0': 'CT', '1': 'PET' } });
      const keys = ['ct', 'pet'];
      parts.preprocessing = [
        { _target_: 'LoadImaged', keys },
        { _target_: 'Orientationd', keys, axcodes: 'RAS' },
        { _target_: 'ScaleIntensityRanged', keys: 'ct', a_min: 0, a_max: 100, b_min: 0, b_max: 1 },
        { _target_: 'NormalizeIntensityd', keys: 'pet' },
        { _target_: 'ConcatItemsd', keys, name: 'image' },
      ];
      parts.graph = brightest();
    });
    const samples = Int16Array.from(volume.samples, (_, at) => (at % 3 === 0 ? 900 : 300));
    const pet: Volume = { ...volume, modality: 'PT', samples };
    const { labelMaps } = await analyse({ volume, others: { PET: pet }, model, place }, nodeRuntime(1));
    // A third of PET is bright: two deviations of 1.41 above, and 0.71 below.
    const wanted = Uint8Array.from(volume.samples, (value, at) => (at % 3 === 0 ? 2 : value === 100 ? 1 : 0));
    expect(labelMaps[0]!.labels).toEqual(wanted);
  });
});

describe('an imported network of nnU-Net', () => {
  it('answers as worked out by hand', async () => {
    const model = await inFolder(async (folder) => {
      await writeNnunet(join(folder, 'source'), (parts) => {
        const intensities = { mean: 0, std: 100, percentile_00_5: -50, percentile_99_5: 100 };
        parts.plans.foreground_intensity_properties_per_channel = { '0': intensities };
        parts.plans.transpose_forward = [0, 1, 2];
        parts.plans.configurations['3d_fullres']!['spacing'] = [2, 1.5, 1.5];
        parts.graph = neighbourGraph({ extents: [32, 32, 32], input: 'input', output: 'output' });
      });
      const { err } = await overreadModel('import', 'nnunet', join(folder, 'source'), '--out', join(folder, 'package'));
      expect(err).toBe('');
      return loaded(join(folder, 'package'));
    });
    // [z, y, x] of images turned to run to the right, the front and the head.
    expect(await labelsOf(model)).toEqual(expectedLabels(volume, { 1: [0, 0, 1], 2: [0, -1, 0], 3: [-1, 0, 0] }));
  });
});
