import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '@overread/core/graph';
import { imported, manifestOf, type Change } from '../../../../support/imported-bundle.ts';
import { neighbourGraph } from '../../../../support/neighbour-graph.ts';

type Json = Record<string, unknown>;

const inputs =
  (change: object): Change =>
  ({ metadata }) => {
    const format = metadata['network_data_format'] as { inputs: { image: object } };
    Object.assign(format.inputs.image, change);
  };
const both =
  (...changes: Change[]): Change =>
  (parts) =>
    changes.forEach((change) => change(parts));

/** CT and PET, each prepared in its own way before they become channels. */
const petCt = (...between: Json[]): Change =>
  both(inputs({ num_channels: 2, channel_def: {} }), (parts) => {
    const keys = ['CT', 'PET'];
    parts.preprocessing = [
      { _target_: 'LoadImaged', keys: [...keys, 'label'] },
      { _target_: 'EnsureChannelFirstd', keys },
      { _target_: 'Orientationd', keys: [...keys, 'label'], axcodes: 'RAS' },
      { _target_: 'Spacingd', keys: [...keys, 'label'], pixdim: [2, 2, 3], mode: ['bilinear', 'bilinear', 'nearest'] },
      { _target_: 'ScaleIntensityRanged', keys: 'CT', a_min: -100, a_max: 250, b_min: 0, b_max: 1, clip: true },
      { _target_: 'NormalizeIntensityd', keys: 'PET', subtrahend: [5], divisor: 8 },
      ...between,
      { _target_: 'ConcatItemsd', keys, name: 'image' },
      { _target_: 'DeleteItemsd', keys },
      { _target_: 'EnsureTyped', keys: 'image' },
    ];
    parts.graph = neighbourGraph({ channels: 2 });
  });

/** [1, 3, D, H, W] or, without D, [N, 3, H, W] -> four scores. */
function colourGraph(channels: number, ...axes: string[]): Uint8Array {
  const graph = new GraphBuilder('colour');
  const image = graph.input('image', 'float32', [axes.length === 3 ? 1 : 'N', channels, ...axes]);
  const ones = axes.map(() => 1);
  const weights = Float32Array.from({ length: 4 * channels }, (_, n) => Math.sin(n + 1));
  const kernel = graph.initializer('kernel', 'float32', [4, channels, ...ones], weights);
  const shape = [axes.length === 3 ? 1 : 'N', 4, ...axes];
  graph.output(graph.node('Conv', [image, kernel]), 'float32', shape, 'pred');
  return graph.toBytes();
}

describe('channels of an imported MONAI bundle', () => {
  it('are images that are put together, each with its own intensities', async () => {
    const { card, manifest } = await imported(petCt());
    expect(card).toContain('PET is read in the unit that its series is stored in');
    const { input, applicability } = manifest!;
    expect(applicability.modalities).toEqual(['CT']);
    expect(input).toMatchObject({
      channels: [
        { name: 'CT', series: { modality: 'CT', words: ['CT'] } },
        { name: 'PET', series: { modality: 'PT', words: ['PET'] } },
      ],
      orientation: 'RAS',
      spacing: [2, 2, 3],
    });
    expect(input.intensity).toEqual([
      { kind: 'scale', fromMin: -100, fromMax: 250, toMin: 0, toMax: 1, channels: ['CT'] },
      { kind: 'clip', min: 0, max: 1, channels: ['CT'] },
      { kind: 'normalize', mean: 5, deviation: 8, channels: ['PET'] },
    ]);
  });

  it('share what is done to all of them', async () => {
    const { input } = await manifestOf(
      both(petCt(), (parts) => {
        parts.preprocessing[4]!['keys'] = ['CT', 'PET'];
        parts.preprocessing.splice(5, 1);
        parts.preprocessing.push({ _target_: 'NormalizeIntensityd', keys: 'image', channel_wise: true });
      }),
    );
    expect(input.intensity).toEqual([
      { kind: 'scale', fromMin: -100, fromMax: 250, toMin: 0, toMax: 1 },
      { kind: 'clip', min: 0, max: 1 },
      { kind: 'zScore', over: 'all' },
    ]);
  });

  it('are cropped to what the first one shows, as its own steps leave it', async () => {
    const crop = { _target_: 'CropForegroundd', keys: ['CT', 'PET'], source_key: 'CT' };
    const { input } = await manifestOf(petCt(crop));
    expect(input).toMatchObject({ masks: [{ kind: 'threshold', above: -100 }], cropTo: 'foreground' });
    const after = await manifestOf(
      both(petCt(), (parts) => {
        const last = { _target_: 'CropForegroundd', keys: 'image', source_key: 'image', channel_indices: 0 };
        parts.preprocessing.push(last);
      }),
    );
    expect(after.input).toMatchObject({ masks: [{ kind: 'threshold', above: -100 }], cropTo: 'foreground' });
  });

  it.each<[string, Change, RegExp]>([
    [
      'of different grids',
      both(petCt(), (parts) => (parts.preprocessing[3]!['mode'] = ['bilinear', 'nearest', 'nearest'])),
      /\(ConcatItemsd\.keys\): 'PET' comes to lie on another grid than 'CT'/,
    ],
    [
      'cropped by another than the first',
      petCt({ _target_: 'CropForegroundd', keys: ['CT', 'PET'], source_key: 'PET' }),
      /\(CropForegroundd\.source_key\): 'PET' is not the image/,
    ],
    [
      'cropped alone',
      petCt({ _target_: 'CropForegroundd', keys: ['PET'], source_key: 'CT' }),
      /\(CropForegroundd\): 'CT' itself is not cropped/,
    ],
    [
      'put together by another name',
      both(petCt(), (parts) => (parts.preprocessing[6]!['name'] = 'both')),
      /\(ConcatItemsd\.name\): 'both' is not what the network is fed/,
    ],
    [
      'of another number',
      both(petCt(), inputs({ num_channels: 3 })),
      /inputs\.image\.num_channels: 3, where the transforms make 2/,
    ],
    [
      'taken away',
      both(petCt(), (parts) => parts.preprocessing.push({ _target_: 'DeleteItemsd', keys: 'image' })),
      /\(DeleteItemsd\.keys\): 'image' is what the network is fed/,
    ],
    [
      'of one name',
      both(inputs({ num_channels: 2, channel_def: { '0': 'T1', '1': 'T1' } })),
      /inputs\.image\.channel_def: a name of its own is expected for each of 2 channels/,
    ],
  ])('are refused by name: %s', async (_, change, why) => {
    expect((await imported(change)).err).toMatch(why);
  });

  const repeated = (repeats: number, ...behind: Json[]): Change =>
    both(inputs({ num_channels: 3, channel_def: { '0': 'image' } }), (parts) => {
      parts.preprocessing.push({ _target_: 'RepeatChanneld', keys: 'image', repeats }, ...behind);
      parts.graph = colourGraph(3, 'D', 'H', 'W');
    });

  it('are the same image three times where it is repeated, with numbers of their own behind', async () => {
    const { input } = await manifestOf(
      repeated(3, { _target_: 'NormalizeIntensityd', keys: 'image', subtrahend: [1, 2, 3], divisor: [4, 5, 6] }),
    );
    expect(input).toMatchObject({ samples: 'greyAsRgb', channels: [{ name: 'image' }] });
    expect(input.intensity.at(-1)).toEqual({ kind: 'normalize', mean: [1, 2, 3], deviation: [4, 5, 6] });
    const overAll = await manifestOf(repeated(3, { _target_: 'NormalizeIntensityd', keys: 'image' }));
    expect(overAll.input.intensity.at(-1)).toEqual({ kind: 'zScore', over: 'all' });
  });

  it('are not repeated otherwise', async () => {
    expect((await imported(repeated(2))).err).toMatch(/\(RepeatChanneld\.repeats\): only one greyscale image as three/);
    const again = repeated(3, { _target_: 'RepeatChanneld', keys: 'image', repeats: 3 });
    expect((await imported(again)).err).toMatch(/\(RepeatChanneld\.repeats\)/);
  });
});

describe('a network of two dimensions, slice by slice', () => {
  const sliced = (spatial_dim: number): Change =>
    both(inputs({ spatial_shape: [32, 32] }), (parts) => {
      parts.inferer = { _target_: 'SliceInferer', roi_size: [16, 24], spatial_dim, overlap: 0.5 };
      parts.preprocessing.push({ _target_: 'CropForegroundd', keys: 'image', source_key: 'image', margin: [1, 2, 3], allow_smaller: true }); // prettier-ignore
      parts.graph = colourGraph(1, 'H', 'W');
    });

  it.each<[number, string, number[], number[]]>([
    [0, 'RAS', [1.5, 1.5, 2], [1, 2, 3]],
    [1, 'ARS', [1.5, 1.5, 2], [2, 1, 3]],
    [2, 'SRA', [2, 1.5, 1.5], [3, 1, 2]],
  ])('has the axis %i of its slices first', async (axis, orientation, spacing, cropMargin) => {
    const { input } = await manifestOf(sliced(axis));
    expect(input).toMatchObject({
      layout: { kind: '2d' },
      orientation,
      spacing,
      cropMargin,
      patch: { mode: 'slidingWindow', size: [1, 16, 24], blending: { kind: 'constant', overlap: 0.5 } },
    });
  });

  it('has three axes to choose from', async () => {
    expect((await imported(sliced(3))).err).toMatch(/\(SliceInferer\.spatial_dim\): 0, 1 or 2 is expected/);
  });
});
