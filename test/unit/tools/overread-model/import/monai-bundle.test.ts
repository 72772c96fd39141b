import { join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { inFolder, overreadModel } from '../../../../support/model-command.ts';
import { imported, manifestOf, type Change } from '../../../../support/imported-bundle.ts';
import { writeBundle, type BundleParts } from '../../../../support/monai-bundle.ts';
import { neighbourGraph } from '../../../../support/neighbour-graph.ts';

/** A bundle with this text for its configuration. */
const inYaml =
  (text: string): Change =>
  (parts) =>
    (parts.inferenceFile = { name: 'inference.yaml', write: () => text });

/** Ten lists, each of ten times the one before. */
const multiplied = Array.from({ length: 10 }, (_, n) => {
  const items = Array.from({ length: 10 }, () => (n === 0 ? 'x' : `*l${n - 1}`));
  return `l${n}: &l${n} [${items.join(', ')}]`;
}).join('\n');

/** What the metadata says of input and output, by other names. */
function renamedFormat({ metadata }: BundleParts, input: string, output: string): object {
  const { inputs, outputs } = metadata['network_data_format'] as Record<string, Record<string, object>>;
  return { inputs: { [input]: Object.values(inputs!)[0] }, outputs: { [output]: Object.values(outputs!)[0] } };
}

describe('a MONAI bundle', () => {
  it('becomes a package that says the same', async () => {
    const { manifest, card, out } = await imported();
    expect(out).toContain('tiny-abdomen 0.3.1');
    expect(manifest).toMatchObject({
      id: 'tiny-abdomen',
      version: '0.3.1',
      title: 'Tiny abdomen',
      applicability: { modalities: ['CT'] },
      input: {
        name: 'image',
        orientation: 'RAS',
        spacing: [1.5, 1.5, 2],
        respacing: 'centres',
        interpolation: 'linear',
        intensity: [
          { kind: 'scale', fromMin: 0, fromMax: 100, toMin: 0, toMax: 1 },
          { kind: 'clip', min: 0, max: 1 },
        ],
        patch: {
          mode: 'slidingWindow',
          size: [32, 32, 32],
          smaller: [
            [24, 24, 24],
            [16, 16, 16],
          ],
          blending: { kind: 'gaussian', overlap: 0.5, sigma: 0.125, convention: 'monai' },
        },
      },
      outputs: [{ kind: 'maskLogits', name: 'pred', activation: 'softmax' }],
      finish: [{ kind: 'measureLabels' }],
    });
    const [output] = manifest!.outputs;
    const labels = output?.kind === 'maskLogits' ? output.labels : [];
    expect(labels.map(({ value, name, type, modifier }) => [value, name, type.value, modifier?.meaning])).toEqual([
      [1, 'Liver', '10200004', undefined],
      [2, 'Spleen', '78961009', undefined],
      [3, 'Kidney left', '64033007', 'Left'],
    ]);
    expect(manifest!.selfTest.expected).toHaveLength(40);
    expect(card).toContain('Imported from the MONAI bundle "Tiny abdomen" 0.3.1.');
    expect(card).toContain('windows of 24 x 24 x 24 or 16 x 16 x 16 voxels are run in place of 32 x 32 x 32');
  });

  it('may have several series, overlapping labels, statistics, a crop and steps behind', async () => {
    const manifest = await manifestOf((parts) => {
      const format = parts.metadata['network_data_format'] as { inputs: { image: object }; outputs: { pred: object } };
      Object.assign(format.inputs.image, {
        modality: 'MRI',
        num_channels: 2,
        channel_def: { '0': 'T1', '1': 'FLAIR' },
      });
      Object.assign(format.outputs.pred, {
        channel_def: { '0': 'edema', '1': 'necrosis', '2': 'tumor', '3': 'brain' },
      });
      parts.preprocessing.splice(2, 3);
      parts.preprocessing.push(
        { _target_: 'Orientationd', keys: 'image', as_closest_canonical: true },
        { _target_: 'CropForegroundd', keys: ['image'], source_key: 'image', margin: [1, 2, 3], allow_smaller: false },
        { _target_: 'NormalizeIntensityd', keys: 'image', nonzero: true, channel_wise: true },
        { _target_: 'Compose', transforms: [{ _target_: 'Lambdad', keys: 'image', func: '$f', _disabled_: true }] },
      );
      parts.postprocessing.splice(0, 3, { _target_: 'Activationsd', keys: 'pred', sigmoid: true });
      parts.postprocessing.push(
        { _target_: 'AsDiscreted', keys: 'pred', threshold: 0.4 },
        { _target_: 'KeepLargestConnectedComponentd', keys: 'pred', applied_labels: [1, 2], num_components: 2 },
        { _target_: 'FillHolesd', keys: 'pred', applied_labels: [0, 3] },
      );
      parts.inferer = { _target_: 'SimpleInferer' };
      Object.assign(format.inputs.image, { spatial_shape: ['8*n', '8 * n', '*'] });
      parts.graph = neighbourGraph({ channels: 2 });
    });
    expect(manifest).toMatchObject({
      input: {
        channels: [
          { name: 'T1', series: { modality: 'MR', words: ['T1'] } },
          { name: 'FLAIR', series: { modality: 'MR', words: ['FLAIR'] } },
        ],
        orientation: 'RAS',
        spacing: 'native',
        masks: [{ kind: 'threshold', id: 'foreground', above: 0 }],
        cropTo: 'foreground',
        cropMargin: [1, 2, 3],
        outside: 0,
        intensity: [{ kind: 'zScore', over: 'nonzero' }],
        patch: { mode: 'whole', multipleOf: [8, 8, 1] },
      },
      outputs: [
        { activation: 'sigmoid', threshold: 0.4, labels: [{ value: 1 }, { value: 2 }, { value: 3 }, { value: 4 }] },
      ],
      finish: [
        // MONAI counts channels here, and those from 0.
        { kind: 'keepLargest', labels: [2, 3], count: 2, together: false },
        { kind: 'fillHoles', labels: [4], across: 'volume' },
        { kind: 'measureLabels' },
      ],
    });
  });

  it.each(['inference.yaml', 'inference.yml'])('may be configured in YAML: %s', async (name) => {
    const inYaml = await manifestOf((parts) => (parts.inferenceFile = { name, write: (value) => stringify(value) }));
    // Each import makes a device identifier of its own.
    expect(inYaml).toEqual({ ...(await manifestOf()), deviceUID: inYaml.deviceUID });
  });

  it('reads YAML as PyYAML does: merged maps, words for true and false', async () => {
    const manifest = await manifestOf((parts) => {
      Object.assign(parts.extra, { highres: 'NO', keyed: 'KEYED' });
      parts.preprocessing[5] = { _target_: 'EnsureTyped', MERGED: 0 };
      const write = (value: unknown): string =>
        stringify(value)
          .replace('highres: NO', 'highres: no')
          .replace('keyed: KEYED', 'keyed: &keyed { keys: image }')
          .replace('MERGED: 0', '<<: *keyed');
      parts.inferenceFile = { name: 'inference.yaml', write };
    });
    expect(manifest.input.spacing).toEqual([3, 3, 3]);
  });

  /** Renames an item in every transform of a list. */
  const renamed = (transforms: Record<string, unknown>[], to: string) =>
    transforms.forEach((transform) => (transform['keys'] = to));

  it.each<[string, Change]>([
    [
      'declared by another name',
      (parts) => (parts.metadata['network_data_format'] = renamedFormat(parts, 'scan', 'seg')),
    ],
    ['loaded by another name', (parts) => renamed(parts.preprocessing, 'img')],
    [
      'loaded with a label',
      (parts) => {
        renamed(parts.preprocessing, 'img');
        parts.preprocessing[0]!['keys'] = ['label', 'img'];
        parts.preprocessing.push({ _target_: 'Orientationd', keys: 'label', axcodes: 'LPS' });
        parts.postprocessing.push({ _target_: 'AsDiscreted', keys: 'label', to_onehot: 4 });
      },
    ],
  ])('is prepared the same where the image is %s', async (_, change) => {
    const manifest = await manifestOf(change);
    expect(manifest.input).toEqual((await manifestOf()).input);
  });

  it('tells what is done in another order or way', async () => {
    const { out, card } = await imported((parts) => {
      parts.inferer['padding_mode'] = 'replicate';
      const [activation, discrete, invert] = parts.postprocessing;
      parts.postprocessing = [activation!, { ...invert, nearest_interp: false }, discrete!];
    });
    for (const text of [out, card]) {
      expect(text).toContain('padded by "replicate" there');
      expect(text).toContain('Invertd takes probabilities back');
    }
    const blended = await imported((parts) => (parts.postprocessing[2]!['nearest_interp'] = false));
    expect(blended.card).toContain('Invertd blends the numbers of labels there');
  });

  it('has the modality that the author says, in the letters of DICOM', async () => {
    const unknown: Change = (parts) => {
      const { inputs } = parts.metadata['network_data_format'] as { inputs: { image: object } };
      Object.assign(inputs.image, { modality: 'none' });
    };
    expect((await manifestOf(unknown, '--modality', 'MR')).applicability.modalities).toEqual(['MR']);
    expect(await imported(unknown, '--modality', 'mr')).toMatchObject({
      status: 2,
      err: expect.stringContaining("not 'mr'") as string,
    });
  });

  it('takes the crop threshold back through the intensity steps', async () => {
    const manifest = await manifestOf((parts) => {
      parts.preprocessing[4] = {
        _target_: 'ScaleIntensityRanged',
        keys: 'image',
        a_min: -200,
        a_max: 200,
        b_min: 0,
        b_max: 1,
        clip: true,
      };
      parts.preprocessing.push({ _target_: 'CropForegroundd', keys: 'image', source_key: 'image' });
    });
    expect(manifest.input.masks).toEqual([{ kind: 'threshold', id: 'foreground', above: -200 }]);
  });

  it('takes the entry of its own key where a transform works on several', async () => {
    const manifest = await manifestOf((parts) => {
      parts.preprocessing[0]!['keys'] = ['label', 'image'];
      Object.assign(parts.preprocessing[3]!, { keys: ['label', 'image'], mode: ['nearest', 3] });
      parts.postprocessing.splice(
        0,
        2,
        { _target_: 'Activationsd', keys: ['label', 'pred'], softmax: [false, true] },
        { _target_: 'AsDiscreted', keys: ['pred', 'label'], argmax: [true, false], to_onehot: [null, 4] },
      );
    });
    expect(manifest.input.interpolation).toBe('cubic');
    expect(manifest.outputs).toMatchObject([{ activation: 'softmax' }]);
  });

  it('reads what a margin does at the edge from the version of MONAI', async () => {
    const cropped = (version: string | undefined) =>
      imported((parts) => {
        parts.metadata['monai_version'] = version;
        parts.preprocessing.push({ _target_: 'CropForegroundd', keys: 'image', source_key: 'image', margin: 4 });
      });
    const { manifest } = await cropped('1.5.0');
    expect(manifest?.input).toMatchObject({ cropTo: 'foreground', cropMargin: [4, 4, 4], cropWithin: false });
    const { manifest: before } = await cropped('1.4.0');
    expect(before?.input).toMatchObject({ cropTo: 'foreground', cropMargin: [4, 4, 4], cropWithin: true });
    expect((await cropped(undefined)).err).toMatch(/\(CropForegroundd\.allow_smaller\): .* monai_version/);
  });

  it.each<[string, object, boolean]>([
    ['any channel', {}, true],
    ['the first', { channel_indices: [0] }, false],
  ])('tells where the foreground of %s was meant', async (_, fields, told) => {
    const { card, err } = await imported((parts) => {
      const format = parts.metadata['network_data_format'] as { inputs: { image: object } };
      Object.assign(format.inputs.image, { modality: 'MR', num_channels: 2, channel_def: { '0': 'T1', '1': 'T2' } });
      parts.preprocessing.push({ _target_: 'CropForegroundd', keys: 'image', source_key: 'image', ...fields });
      parts.graph = neighbourGraph({ channels: 2 });
    });
    expect(err).toBe('');
    expect(card.includes('above 0 in any channel there')).toBe(told);
  });

  it('keeps labels where they overlap, as a mask each does there', async () => {
    const manifest = await manifestOf((parts) => {
      const names = { '0': 'liver', '1': 'spleen', '2': 'kidney_left', '3': 'kidney_right' };
      const formats = parts.metadata['network_data_format'] as { outputs: { pred: object } };
      Object.assign(formats.outputs.pred, { num_channels: 4, channel_def: names });
      parts.postprocessing.splice(
        0,
        2,
        { _target_: 'Activationsd', keys: 'pred', sigmoid: true },
        { _target_: 'AsDiscreted', keys: 'pred', threshold: 0.5 },
      );
    });
    expect(manifest.outputs).toMatchObject([{ activation: 'sigmoid', threshold: 0.5, overlap: 'kept' }]);
  });

  it('takes types that hold the same values', async () => {
    const manifest = await manifestOf((parts) => {
      parts.preprocessing[0]!['dtype'] = '$np.float32';
      parts.preprocessing[5]!['dtype'] = '$torch.float64';
      parts.postprocessing[1]!['dtype'] = '$torch.uint8';
      parts.postprocessing.push({ _target_: 'CastToTyped', keys: ['label', 'pred'], dtype: ['bool', 'np.int32'] });
    });
    expect(manifest.input).toEqual((await manifestOf()).input);
  });

  it('divides by 1 where MONAI is told to divide by 0', async () => {
    const manifest = await manifestOf((parts) =>
      parts.preprocessing.push({ _target_: 'NormalizeIntensityd', keys: 'image', subtrahend: 40, divisor: 0 }),
    );
    expect(manifest.input.intensity.at(-1)).toEqual({ kind: 'normalize', mean: 40, deviation: 1 });
  });

  const step =
    (transform: object): Change =>
    (parts) =>
      parts.preprocessing.push({ keys: 'image', ...transform });
  const behind =
    (transform: object): Change =>
    (parts) =>
      parts.postprocessing.push({ keys: 'pred', ...transform });
  const format =
    (which: 'inputs' | 'outputs', change: object): Change =>
    (parts) => {
      const formats = parts.metadata['network_data_format'] as Record<string, Record<string, object>>;
      Object.assign(Object.values(formats[which]!)[0]!, change);
    };

  it.each<[string, Change, RegExp]>([
    [
      'a transform',
      step({ _target_: 'Lambdad', func: '$lambda x: x' }),
      /preprocessing#transforms#6 \(Lambdad\): this transform cannot be expressed/,
    ],
    ['a transform behind', behind({ _target_: 'Lambdad', func: '$f' }), /postprocessing#transforms#4 \(Lambdad\)/],
    [
      'a transform of something unknown',
      step({ _target_: 'ScaleIntensityd', keys: ['img'] }),
      /\(ScaleIntensityd\.keys\): 'img' is not known: 'image' is expected/,
    ],
    [
      'a transform behind of something unknown',
      behind({ _target_: 'FillHolesd', keys: 'prediction' }),
      /\(FillHolesd\.keys\): 'prediction' is not known: 'pred' is expected/,
    ],
    [
      'a fixed mean with the deviation of the image',
      step({ _target_: 'NormalizeIntensityd', subtrahend: 40 }),
      /\(NormalizeIntensityd\.divisor\): statistics and a fixed number cannot be mixed/,
    ],
    [
      'a fixed deviation with the mean of the image',
      step({ _target_: 'NormalizeIntensityd', divisor: [20], channel_wise: true }),
      /\(NormalizeIntensityd\.subtrahend\): statistics and a fixed number/,
    ],
    [
      'a deviation that only some channels have',
      step({ _target_: 'NormalizeIntensityd', subtrahend: [40], divisor: [null], channel_wise: true }),
      /\(NormalizeIntensityd\.divisor\): statistics and a fixed number/,
    ],
    [
      'entries for another number of keys',
      (parts) => (parts.preprocessing[3]!['mode'] = ['bilinear', 'nearest']),
      /\(Spacingd\.mode\): one value is expected, or 1: one for each key/,
    ],
    [
      'a foreground of another channel',
      step({ _target_: 'CropForegroundd', source_key: 'image', channel_indices: 1 }),
      /\(CropForegroundd\.channel_indices\): 1 cannot be expressed/,
    ],
    [
      'a margin filled with something',
      step({ _target_: 'CropForegroundd', source_key: 'image', margin: 1, allow_smaller: false, constant_values: -1 }),
      /\(CropForegroundd\.constant_values\): -1 cannot be expressed/,
    ],
    [
      'an image in whole numbers',
      (parts) => (parts.preprocessing[0]!['dtype'] = '$np.int16'),
      /\(LoadImaged\.dtype\): values as int16 cannot be expressed/,
    ],
    [
      'values cut to whole numbers',
      step({ _target_: 'ScaleIntensityd', dtype: 'torch.uint8' }),
      /\(ScaleIntensityd\.dtype\): values as uint8/,
    ],
    [
      'values in half precision',
      step({ _target_: 'EnsureTyped', dtype: ['float16'] }),
      /\(EnsureTyped\.dtype\): values as float16/,
    ],
    [
      'a type that is none',
      step({ _target_: 'CastToTyped', dtype: 32 }),
      /\(CastToTyped\.dtype\): the name of a type is expected/,
    ],
    [
      'scores in whole numbers',
      (parts) => parts.postprocessing.splice(1, 0, { _target_: 'CastToTyped', keys: 'pred', dtype: '$torch.uint8' }),
      /\(CastToTyped\.dtype\): values as uint8/,
    ],
    [
      'labels as true and false',
      (parts) => (parts.postprocessing[1]!['dtype'] = 'bool'),
      /\(AsDiscreted\.dtype\): labels as bool/,
    ],
    [
      'a choice along another axis',
      (parts) => (parts.postprocessing[1]!['dim'] = 1),
      /\(AsDiscreted\.dim\): 1 cannot be expressed/,
    ],
    [
      'values that override those of transforms',
      step({ _target_: 'Compose', transforms: [], overrides: { image: { mode: 'nearest' } } }),
      /\(Compose\.overrides\): other values than those of the transforms/,
    ],
    [
      'a scale with one end',
      step({ _target_: 'ScaleIntensityd', minv: null, maxv: 255 }),
      /\(ScaleIntensityd\.factor\)/,
    ],
    [
      'two images',
      (parts) => {
        for (const transform of parts.preprocessing) transform['keys'] = ['t1', 't2'];
      },
      /preprocessing: which of 't1', 't2' the network is fed cannot be told: 'image' is declared/,
    ],
    [
      'two names of the image',
      (parts) => {
        parts.metadata['network_data_format'] = renamedFormat(parts, 'scan', 'pred');
        parts.preprocessing[0]!['keys'] = ['image', 'scan'];
      },
      /preprocessing: 'scan' is declared, and there is 'image' too/,
    ],
    [
      'a prediction by no name that is known',
      (parts) => {
        for (const transform of parts.postprocessing) transform['keys'] = 'out';
      },
      /postprocessing: none of 'out' is known as the prediction: 'pred' is declared/,
    ],
    [
      'a crop to something else',
      step({ _target_: 'CropForegroundd', keys: ['image', 'label'], source_key: 'label' }),
      /\(CropForegroundd\.source_key\): 'label' is not the image/,
    ],
    [
      'a field',
      step({ _target_: 'ScaleIntensityd', minv: 0, maxv: 1, surprise: 3 }),
      /\(ScaleIntensityd\.surprise\): this field is not understood/,
    ],
    [
      'another spacing',
      (parts) => (parts.preprocessing[3]!['diagonal'] = true),
      /\(Spacingd\.diagonal\): true cannot be expressed/,
    ],
    [
      'an interpolation',
      (parts) => (parts.preprocessing[3]!['mode'] = 'bicubic'),
      /\(Spacingd\.mode\): "bicubic" is not linear/,
    ],
    [
      'other letters for axes',
      (parts) => (parts.preprocessing[2]!['labels'] = [['R', 'L'], ['A', 'P'], ['I', 'S']]), // prettier-ignore
      /\(Orientationd\.labels\): other letters/,
    ],
    [
      'images turned as they are read',
      (parts) => (parts.preprocessing[0]!['affine_lps_to_ras'] = false),
      /\(LoadImaged\.affine_lps_to_ras\): false cannot be expressed/,
    ],
    [
      'axes turned twice',
      step({ _target_: 'Orientationd', axcodes: 'LPS' }),
      /\(Orientationd\): the axes are turned a second time/,
    ],
    ['no axes', (parts) => parts.preprocessing.splice(2, 1), /preprocessing: it has no Orientationd.*--orientation/],
    [
      'an expression',
      (parts) => (parts.extra['pixdim'] = '$np.array([1, 1, 1])'),
      /pixdim: '\$np\.array\(\[1, 1, 1\]\)' cannot be evaluated: 'np\.array\(…\)' is code/,
    ],
    ['a reference to nothing', (parts) => delete parts.extra['pixdim'], /there is no 'pixdim'/],
    ['a scale without ends', step({ _target_: 'ScaleIntensityd', factor: 0.1 }), /\(ScaleIntensityd\.factor\)/],
    [
      'an inferer',
      (parts) => (parts.inferer = { _target_: 'SaliencyInferer', cam_name: 'CAM' }),
      /inferer \(SaliencyInferer\): this inferer cannot be expressed/,
    ],
    [
      'a free window',
      (parts) => (parts.inferer['roi_size'] = [32, 32, -1]),
      /\(SlidingWindowInferer\.roi_size\): a window of fixed size/,
    ],
    ['several overlaps', (parts) => (parts.inferer['overlap'] = [0.1, 0.2, 0.2]), /\.overlap\): one overlap/],
    ['no choice of labels', (parts) => parts.postprocessing.splice(1, 1), /postprocessing: it has no AsDiscreted/],
    [
      'a threshold of a softmax',
      (parts) => (parts.postprocessing[1] = { _target_: 'AsDiscreted', keys: 'pred', threshold: 0.5 }),
      /channel 0 is background/,
    ],
    [
      'a crop that cannot be said in modality values',
      (parts) => {
        parts.preprocessing.push(
          { _target_: 'NormalizeIntensityd', keys: 'image' },
          { _target_: 'CropForegroundd', keys: 'image', source_key: 'image' },
        );
      },
      /\(CropForegroundd\): what is above 0 cannot be said/,
    ],
    [
      'a label without a code',
      format('outputs', { channel_def: { '0': 'background', '1': 'liver', '2': 'wrench', '3': 'spanner' } }),
      /no code is known for 'wrench', 'spanner'.*--codes/,
    ],
    [
      'a channel without a name',
      format('outputs', { num_channels: 5 }),
      /outputs\.pred\.channel_def: channel 4 has no name/,
    ],
    ['two dimensions', format('inputs', { spatial_shape: [32, 32] }), /inputs\.image\.spatial_shape: three dimensions/],
    [
      'an unknown modality',
      format('inputs', { modality: 'microscopy' }),
      /inputs\.image\.modality: 'microscopy' is none of/,
    ],
    [
      'a version that is none',
      (parts) => (parts.metadata['version'] = 'one'),
      /configs\/metadata\.json version: 'one'/,
    ],
    [
      'a graph of another kind',
      (parts) => (parts.graph = neighbourGraph({ extents: [16, 16, 16] })),
      /does not fit its graph: input\.patch: the graph takes 16 along D/,
    ],
    [
      'what no package may say',
      (parts) => (parts.inferer['sigma_scale'] = -1),
      /what the source says makes no valid package: .*sigma/,
    ],
    [
      'transforms that hold themselves',
      (parts) => parts.preprocessing.push('@preprocessing' as never),
      /\(Compose\.transforms\): it holds itself, or too many transforms/,
    ],
    [
      'transforms that multiply themselves',
      (parts) => {
        const twice = (n: number) => ({ _target_: 'Compose', transforms: [`@c${n + 1}`, `@c${n + 1}`] });
        for (let n = 0; n < 19; n++) parts.extra[`c${n}`] = twice(n);
        parts.extra['c19'] = { _target_: 'Compose', transforms: [] };
        parts.preprocessing.push('@c0' as never);
      },
      /\(Compose\.transforms\): it holds itself, or too many transforms/,
    ],
    ['YAML that is none', inYaml('preprocessing: [unclosed'), /inference\.yaml: it is no YAML/],
    ['YAML that is code', inYaml('a: !!python/object/apply:os.system [ls]'), /inference\.yaml: .*tag/i],
    ['YAML that multiplies itself', inYaml(multiplied), /inference\.yaml: .*alias/i],
    ['a file that is no graph', (parts) => (parts.graph = new TextEncoder().encode('<html>')), /no ONNX file/],
    [
      'statistics over all channels',
      (parts) => {
        format('inputs', { num_channels: 2, channel_def: { '0': 'a', '1': 'b' } })(parts);
        parts.preprocessing.push({ _target_: 'NormalizeIntensityd', keys: 'image' });
      },
      /\(NormalizeIntensityd\.channel_wise\): statistics over all channels/,
    ],
  ])('is refused by name: %s', async (_, change, why) => {
    const { status, err } = await imported(change);
    expect(err).toMatch(why);
    // There is none to be corrected.
    expect(err).not.toContain('model.json');
    expect(status).toBe(1);
  });

  it('takes codes that the author writes', async () => {
    await inFolder(async (folder) => {
      const codes = join(folder, 'codes.json');
      const wrench = {
        type: { value: '1', scheme: '99TEST', meaning: 'Wrench' },
        colour: [1, 2, 3],
        name: 'The wrench',
      };
      await writeFile(codes, JSON.stringify({ wrench }));
      const manifest = await manifestOf(
        format('outputs', { channel_def: { '0': 'background', '1': 'liver', '2': 'wrench', '3': 'spleen' } }),
        '--codes',
        codes,
      );
      const [output] = manifest.outputs;
      expect(output?.kind === 'maskLogits' && output.labels[1]).toMatchObject({
        name: 'The wrench',
        type: wrench.type,
        colour: [1, 2, 3],
      });
      await writeFile(codes, JSON.stringify({ wrench: { type: { value: '1' } } }));
      const refused = await imported(format('outputs', {}), '--codes', codes);
      expect(refused.err).toMatch(/codes\.json: wrench\.type\.scheme: /);
    });
  });

  it('is never written over a package that is there', async () => {
    await inFolder(async (folder) => {
      await writeBundle(folder);
      await writeFile(join(folder, 'model.json'), '{}');
      const { status, err } = await overreadModel('import', 'monai-bundle', folder, '--out', folder);
      expect([status, err]).toEqual([1, expect.stringMatching(/model\.json is there\.\s+Name another folder/)]);
      expect(await readFile(join(folder, 'model.json'), 'utf8')).toBe('{}');
    });
  });
});
