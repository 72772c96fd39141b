import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '@overread/core/graph';
import { readManifest, type Manifest } from '@overread/core/model';
import { inFolder, overreadModel } from '../../../../support/model-command.ts';
import { neighbourGraph } from '../../../../support/neighbour-graph.ts';
import { writeNnunet, type NnunetParts } from '../../../../support/nnunet-folder.ts';

type Change = (parts: NnunetParts) => void;

function imported(change: Change = () => undefined, ...options: readonly string[]) {
  return inFolder(async (folder) => {
    const [source, out] = [join(folder, 'source'), join(folder, 'package')];
    await writeNnunet(source, change);
    const result = await overreadModel('import', 'nnunet', source, '--out', out, ...options);
    const manifest = result.status === 0 ? readManifest(await readFile(join(out, 'model.json'))) : null;
    return { ...result, manifest };
  });
}

async function manifestOf(change?: Change, ...options: readonly string[]): Promise<Manifest> {
  const { manifest, err } = await imported(change, ...options);
  expect(err).toBe('');
  return manifest!;
}

/** [N, channels, H, W] -> [N, 4, H, W]. */
function flatGraph(channels: number): Uint8Array {
  const graph = new GraphBuilder('flat');
  const image = graph.input('input', 'float32', ['N', channels, 'H', 'W']);
  const weights = Float32Array.from({ length: 4 * channels }, (_, n) => Math.cos(n));
  const kernel = graph.initializer('kernel', 'float32', [4, channels, 1, 1], weights);
  graph.output(graph.node('Conv', [image, kernel]), 'float32', ['N', 4, 'H', 'W'], 'output');
  return graph.toBytes();
}

const configuration =
  (change: object, name = '3d_fullres'): Change =>
  (parts) =>
    void Object.assign(parts.plans.configurations[name]!, change);

describe('a network of nnU-Net', () => {
  it('becomes a package that says the same', async () => {
    const { manifest, out } = await imported();
    expect(manifest).toMatchObject({
      id: 'abdomen',
      title: 'Abdomen',
      licence: 'CC-BY-4.0',
      applicability: { modalities: ['CT'] },
      input: {
        name: 'input',
        layout: { kind: '3d' },
        // [z, y, x] run to the head, the front and the right; the first two change places.
        orientation: 'ASR',
        spacing: [1.5, 2, 2],
        respacing: 'edges',
        interpolation: 'cubic',
        nearestAcross: 3,
        masks: [],
        intensity: [
          { kind: 'clip', min: -100, max: 200 },
          { kind: 'normalize', mean: 40, deviation: 20 },
        ],
        patch: {
          mode: 'slidingWindow',
          size: [32, 32, 32],
          // The graph takes this size only.
          smaller: [],
          blending: { kind: 'gaussian', overlap: 0.5, sigma: 0.125, convention: 'nnunet' },
          mirror: [],
        },
      },
      outputs: [
        {
          kind: 'maskLogits',
          name: 'output',
          activation: 'softmax',
          labels: [{ value: 1 }, { value: 2 }, { value: 3 }],
        },
      ],
    });
    expect(out).toContain('Without test-time mirroring');
  });

  it.each<[string, object, number | undefined]>([
    ['as the spacings are', { force_separate_z: null }, 3],
    ['always', { force_separate_z: true }, 1],
    ['never', { force_separate_z: false, order_z: 1 }, undefined],
    ['never, where nothing is said', {}, undefined],
    ['beyond another ratio', { force_separate_z: null, separate_z_anisotropy_threshold: 4 }, 4],
  ])('resamples thick slices apart: %s', async (_, how, nearestAcross) => {
    const { input } = await manifestOf(configuration({ resampling_fn_data_kwargs: { order: 3, ...how } }));
    expect(input.nearestAcross).toBe(nearestAcross);
  });

  const torch = (kwargs: object): Change =>
    configuration({ resampling_fn_data: 'resample_torch_fornnunet', resampling_fn_data_kwargs: kwargs });

  it('may be resampled by PyTorch', async () => {
    const { input } = await manifestOf(torch({ is_seg: false, num_threads: 2, memefficient_seg_resampling: false }));
    expect(input).toMatchObject({ interpolation: 'linear', nearestAcross: 3 });
  });

  /** The file that tells how label maps are improved. */
  const improving =
    (names: readonly string[], ...fields: readonly object[]): Change =>
    (parts) => {
      const written = { postprocessing_fns: names, postprocessing_kwargs: fields, input_folder: { mean: {} } };
      parts.files['postprocessing.json'] = JSON.stringify(written);
    };
  const largest = 'remove_all_but_largest_component_from_segmentation';

  it('keeps the largest components where nnU-Net found that it helps', async () => {
    const manifest = await manifestOf((parts) => {
      improving(
        [largest, largest, largest],
        { labels_or_regions: [1, [2, 3]] },
        { labels_or_regions: 2 },
        { labels_or_regions: 9 },
      )(parts);
      parts.files['postprocessing.pkl'] = 'pickled';
    });
    expect(manifest.finish).toMatchObject([
      { kind: 'keepLargest', labels: [1, 2, 3], count: 1, together: true },
      { kind: 'keepLargest', labels: [2], count: 1, together: true },
      { kind: 'measureLabels' },
    ]);
  });

  it('tells of steps that lie with the cross-validation, and takes none from there', async () => {
    const { manifest, out } = await imported((parts) => {
      improving([largest], { labels_or_regions: 1 })(parts);
      const { 'postprocessing.json': steps = '', ...others } = parts.files;
      parts.files = { ...others, 'crossval_results_folds_0_1/postprocessing.json': steps };
    });
    expect(manifest?.finish).toMatchObject([{ kind: 'measureLabels' }]);
    expect(out).toContain('The steps in crossval_results_folds_0_1/postprocessing.json are not part of this package');
  });

  it('normalizes each channel by its own scheme, and finds each in a series of its own modality', async () => {
    const { input, applicability } = await manifestOf((parts) => {
      configuration({
        normalization_schemes: ['CTNormalization', 'ZScoreNormalization', 'CTNormalization', 'NoNormalization'],
        use_mask_for_norm: [false, true, false, false],
      })(parts);
      Object.assign(parts.plans.foreground_intensity_properties_per_channel, {
        '2': { mean: 60, percentile_00_5: -50, percentile_99_5: 250, std: 0 },
      });
      parts.dataset['channel_names'] = { '0': 'CT', '1': 'PET', '2': 'CT late', '3': 'T2' };
      parts.graph = neighbourGraph({ extents: [32, 32, 32], channels: 4, input: 'input', output: 'output' });
    });
    expect(applicability.modalities).toEqual(['CT']);
    expect(input.channels.map(({ name, series }) => [name, series?.modality])).toEqual([
      ['CT', 'CT'],
      ['PET', 'PT'],
      ['CT late', 'CT'],
      ['T2', 'MR'],
    ]);
    expect(input.intensity).toEqual([
      { kind: 'clip', min: -100, max: 200, channels: ['CT'] },
      { kind: 'normalize', mean: 40, deviation: 20, channels: ['CT'] },
      { kind: 'zScore', over: 'nonzero', channels: ['PET'] },
      { kind: 'clip', min: -50, max: 250, channels: ['CT late'] },
      { kind: 'normalize', mean: 60, deviation: 1e-8, channels: ['CT late'] },
    ]);
    // CT is 0 nowhere outside the patient.
    expect(input.cropTo).toBeUndefined();
  });

  it('is not cropped to what is above 0 HU where CT is normalized otherwise', async () => {
    const { input } = await manifestOf(configuration({ normalization_schemes: ['ZScoreNormalization'] }));
    expect(input).toMatchObject({ masks: [], intensity: [{ kind: 'zScore', over: 'all' }] });
    expect(input.cropTo).toBeUndefined();
  });

  it('is read in two dimensions, with series as channels, overlapping regions and statistics of the nonzero', async () => {
    const manifest = await manifestOf(
      (parts) => {
        Object.assign(parts.plans.configurations['2d']!, {
          normalization_schemes: ['ZScoreNormalization', 'ZScoreNormalization'],
          use_mask_for_norm: [true, true],
        });
        parts.plans.image_reader_writer = 'SimpleITKIO';
        parts.plans.transpose_forward = [2, 0, 1];
        parts.dataset = {
          channel_names: { '1': 'FLAIR', '0': 'T1' },
          labels: { background: 0, tumor: [1, 2, 3], edema: [2, 3], necrosis: [3], brain: [4], ignore: 5 },
          regions_class_order: [1, 2, 3, 4],
        };
        parts.graph = flatGraph(2);
      },
      ...['--configuration', '2d', '--orientation', 'SPL', '--mirror', 'WH', '--licence', 'MIT'],
    );
    expect(manifest).toMatchObject({
      licence: 'MIT',
      applicability: { modalities: ['MR'] },
      input: {
        layout: { kind: '2d' },
        channels: [{ name: 'T1' }, { name: 'FLAIR', series: { modality: 'MR', words: ['FLAIR'] } }],
        orientation: 'LSP',
        spacing: [null, 0.8, 0.8],
        masks: [{ kind: 'threshold', id: 'nonzero', above: 0 }],
        cropTo: 'nonzero',
        intensity: [{ kind: 'zScore', over: 'nonzero' }],
        patch: { size: [1, 64, 48], mirror: ['W', 'H'] },
      },
      outputs: [{ activation: 'sigmoid', threshold: 0.5, overlap: 'later' }],
    });
    const [output] = manifest.outputs;
    const labels = output?.kind === 'maskLogits' ? output.labels : [];
    expect(labels.map(({ name, value }) => [name, value])).toEqual([
      ['Tumor', 1],
      ['Edema', 2],
      ['Necrosis', 3],
      ['Brain', 4],
    ]);
  });

  it.each<[string, Change, readonly string[], RegExp]>([
    [
      'a cascade',
      () => undefined,
      ['--configuration', '3d_cascade_fullres'],
      /configurations\.3d_cascade_fullres\.previous_stage: a cascade after '3d_lowres'/,
    ],
    [
      'a configuration that is not there',
      () => undefined,
      ['--configuration', '3d_lowres'],
      /there is no '3d_lowres', only 3d_fullres, 2d/,
    ],
    [
      'configurations in a circle',
      configuration({ inherits_from: '2d' }),
      [],
      /inherits_from: it goes round in a circle/,
    ],
    [
      'a normalization',
      configuration({ normalization_schemes: ['MyNormalization'] }),
      [],
      /normalization_schemes: 'MyNormalization' cannot be expressed/,
    ],
    [
      'a resampling',
      configuration({ resampling_fn_data: 'my_resampling' }),
      [],
      /resampling_fn_data: 'my_resampling' cannot be expressed/,
    ],
    ['a preprocessor', configuration({ preprocessor_name: 'My' }), [], /preprocessor_name: 'My' cannot be expressed/],
    [
      'an order of splines',
      configuration({ resampling_fn_data_kwargs: { order: 5 } }),
      [],
      /kwargs\.order: splines of order 5/,
    ],
    [
      'splines across slices',
      configuration({ resampling_fn_data_kwargs: { order: 3, order_z: 1, force_separate_z: null } }),
      [],
      /kwargs\.order_z: splines of order 1 across slices/,
    ],
    ['a way of PyTorch', torch({ mode: 'bicubic' }), [], /kwargs\.mode: 'bicubic' cannot be expressed/],
    [
      'a way of PyTorch across slices',
      torch({ aniso_axis_mode: 'linear' }),
      [],
      /kwargs\.aniso_axis_mode: 'linear' cannot be expressed/,
    ],
    [
      'a field of the resampling',
      configuration({ resampling_fn_data_kwargs: { prefilter: true } }),
      [],
      /resampling_fn_data_kwargs\.prefilter: this field is not understood/,
    ],
    [
      'a step behind',
      improving(['fill_holes'], { labels_or_regions: 1 }),
      [],
      /postprocessing\.json postprocessing_fns\[0\]: 'fill_holes' cannot be expressed/,
    ],
    [
      'a step behind without its labels',
      improving([largest]),
      [],
      /postprocessing\.json postprocessing_kwargs: 1 are expected/,
    ],
    [
      'another background',
      improving([largest], { labels_or_regions: 1, background_label: 2 }),
      [],
      /postprocessing\.json: postprocessing_kwargs.*background_label/,
    ],
    [
      'steps behind that are pickled',
      (parts) => (parts.files['postprocessing.pkl'] = 'pickled'),
      [],
      /postprocessing\.pkl: what is pickled is not read/,
    ],
    [
      'images as their files have them',
      (parts) => (parts.plans.image_reader_writer = 'SimpleITKIO'),
      [],
      /image_reader_writer: SimpleITKIO leaves images.*--orientation/,
    ],
    [
      'natural images',
      (parts) => (parts.plans.image_reader_writer = 'NaturalImage2DIO'),
      [],
      /'NaturalImage2DIO' cannot be expressed/,
    ],
    [
      'axes in no order',
      (parts) => (parts.plans.transpose_forward = [0, 0, 1]),
      [],
      /transpose_forward: an order of the axes/,
    ],
    [
      'intensities that are missing',
      (parts) => (parts.plans.foreground_intensity_properties_per_channel = {}),
      [],
      /nothing for channel 0/,
    ],
    [
      'channels that do not agree',
      (parts) => (parts.dataset['channel_names'] = { '0': 'CT', '1': 'PET' }),
      [],
      /channel_names: 2 channels/,
    ],
    [
      'a modality that no name tells',
      (parts) => (parts.dataset['channel_names'] = { '0': 'cbct2' }),
      [],
      /no modality is known for cbct2.*--modality/,
    ],
    [
      'labels with a gap',
      (parts) => (parts.dataset['labels'] = { background: 0, liver: 1, spleen: 3 }),
      [],
      /labels\.spleen: the value 2 is expected/,
    ],
    [
      'regions without an order',
      (parts) => (parts.dataset['labels'] = { background: 0, tumor: [1, 2] }),
      [],
      /regions_class_order: 1 numbers are expected/,
    ],
    ['an axis to mirror that is none', () => undefined, ['--mirror', 'XY'], /--mirror: letters of DHW/],
    [
      'another number of classes',
      (parts) => (parts.dataset['labels'] = { background: 0, liver: 1 }),
      [],
      /outputs\[0\]\.name: output 'output' is \[1, 4, 32, 32, 32\], where \[1, 2, D, H, W\]/,
    ],
    [
      'another window',
      configuration({ patch_size: [64, 64, 64] }),
      [],
      /input\.patch: the graph takes 32 along D, where the manifest gives 64/,
    ],
  ])('is refused by name: %s', async (_, change, options, why) => {
    const { status, err } = await imported(change, ...options);
    expect(err).toMatch(why);
    // There is none to be corrected.
    expect(err).not.toContain('model.json');
    expect(status).toBe(1);
  });

  it('is refused by name where it is of version 1', async () => {
    await inFolder(async (folder) => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'plans.pkl'), 'pickled');
      const { status, err } = await overreadModel('import', 'nnunet', folder, '--out', join(folder, 'package'));
      expect([status, err]).toEqual([1, expect.stringContaining('plans.pkl: plans of nnU-Net v1 are not read')]);
    });
  });
});
