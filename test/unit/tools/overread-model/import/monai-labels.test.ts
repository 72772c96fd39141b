import { describe, expect, it } from 'vitest';
import type { Manifest } from '@overread/core/model';
import { imported, manifestOf, type Change } from '../../../../support/imported-bundle.ts';

type Json = Record<string, unknown>;

const behind =
  (...transforms: Json[]): Change =>
  (parts) =>
    (parts.postprocessing = transforms.map((transform) => ({ keys: 'pred', ...transform })));
const softmax = { _target_: 'Activationsd', softmax: true };
const sigmoid = { _target_: 'Activationsd', sigmoid: true };
const largest = (fields: object = {}) => ({ _target_: 'KeepLargestConnectedComponentd', ...fields });
const discrete = (fields: object) => ({ _target_: 'AsDiscreted', ...fields });

/** Four labels of which none is background. */
const fourLabels: Change = (parts) => {
  const { outputs } = parts.metadata['network_data_format'] as { outputs: { pred: object } };
  Object.assign(outputs.pred, {
    channel_def: { '0': 'liver', '1': 'spleen', '2': 'kidney_left', '3': 'kidney_right' },
  });
};
const both =
  (...changes: Change[]): Change =>
  (parts) =>
    changes.forEach((change) => change(parts));

const labelsOf = ({ outputs: [output] }: Manifest) => (output?.kind === 'maskLogits' ? output.labels : []);

describe('labels of an imported MONAI bundle', () => {
  it('are the same held one channel each, and what follows is about them', async () => {
    const manifest = await manifestOf(
      behind(
        softmax,
        discrete({ argmax: [true], to_onehot: 4, dtype: 'bool' }),
        largest({ is_onehot: true }),
        largest({ applied_labels: [0, 1, 3] }),
        largest({ applied_labels: 0 }),
        largest({ applied_labels: [1, 2], independent: false }),
        { _target_: 'FillHolesd', applied_labels: [0, 2] },
      ),
    );
    expect(manifest.outputs).toEqual((await manifestOf()).outputs);
    expect(manifest.finish).toEqual([
      { kind: 'keepLargest', count: 1, together: false },
      { kind: 'keepLargest', labels: [1, 3], count: 1, together: false },
      { kind: 'keepLargest', labels: [1, 2], count: 1, together: true },
      { kind: 'fillHoles', labels: [2], across: 'volume' },
      expect.objectContaining({ kind: 'measureLabels' }),
    ]);
  });

  it('are counted from channel 0 behind a threshold, which steps for all of them leave out', async () => {
    const manifest = await manifestOf(
      both(
        fourLabels,
        behind(
          sigmoid,
          discrete({ threshold: 0.5 }),
          largest(),
          largest({ is_onehot: true, applied_labels: [0, 2] }),
          { _target_: 'FillHolesd', applied_labels: [0, 2] },
          { _target_: 'FillHolesd' },
        ),
      ),
    );
    expect(manifest.finish.slice(0, 4)).toMatchObject([
      { kind: 'keepLargest', labels: [2, 3, 4] },
      { kind: 'keepLargest', labels: [1, 3] },
      { kind: 'fillHoles', labels: [3] },
      { kind: 'fillHoles', labels: [2, 3, 4] },
    ]);
  });

  it.each<[string, Change, RegExp]>([
    ['scores as one channel each', behind(discrete({ to_onehot: 4 })), /\(AsDiscreted\.to_onehot\): without argmax/],
    [
      'too few classes',
      behind(discrete({ argmax: true, to_onehot: 3 })),
      /\(AsDiscreted\.to_onehot\): 3 classes, where the network answers with 4/,
    ],
    [
      'classes that are no number',
      behind(discrete({ argmax: true, to_onehot: true })),
      /\(AsDiscreted\.to_onehot\): true is no number of classes/,
    ],
    [
      'one channel taken for many',
      behind(softmax, discrete({ argmax: true }), largest({ is_onehot: true })),
      /\.is_onehot\): there is one channel of labels at this step/,
    ],
    [
      'many channels taken for one',
      behind(softmax, discrete({ argmax: true, to_onehot: 4 }), largest({ is_onehot: false })),
      /\.is_onehot\): each label has a channel of its own at this step/,
    ],
    [
      'background as part of a region',
      behind(softmax, discrete({ argmax: true }), largest({ applied_labels: [0, 1], independent: false })),
      /\.applied_labels\): background together with labels/,
    ],
  ])('are refused by name: %s', async (_, change, why) => {
    expect((await imported(change)).err).toMatch(why);
  });

  const output = (change: Json): Change => {
    return ({ metadata }) => {
      const { outputs } = metadata['network_data_format'] as { outputs: { pred: Json } };
      delete outputs.pred['channel_def'];
      Object.assign(outputs.pred, change);
    };
  };

  it('may be named as label_def', async () => {
    const label_def = { '0': 'background', '1': 'liver', '2': 'spleen', '3': 'kidney_left' };
    expect(labelsOf(await manifestOf(output({ label_def })))).toEqual(labelsOf(await manifestOf()));
  });

  it('are numbered where nothing names them, and want codes', async () => {
    expect((await imported(output({}))).err).toMatch(/no code is known for 'label 1', 'label 2', 'label 3'.*--codes/);
    const regions = both(output({}), behind(sigmoid, discrete({ threshold: 0.5 })));
    expect((await imported(regions)).err).toMatch(/no code is known for 'label 1', 'label 2', 'label 3', 'label 4'/);
  });
});

describe('a transform that cannot be expressed', () => {
  const merged = { _target_: 'Lambdad', keys: 'pred', func: '$lambda x: x.max(0)' };

  it('is left out where the author says so, and the card tells', async () => {
    const change: Change = (parts) => parts.postprocessing.push(merged);
    expect((await imported(change)).err).toMatch(/\(Lambdad\): .* --leave-out Lambdad/);
    const { card, err, manifest } = await imported(change, '--leave-out', ' Lambdad,');
    expect(err).toBe('');
    expect(card).toContain('postprocessing#transforms#4 (Lambdad) was left out by the author of this package');
    expect(manifest?.finish).toEqual((await manifestOf()).finish);
  });

  it('must be there to be left out', async () => {
    expect((await imported(() => undefined, '--leave-out', 'Lambdad')).err).toMatch(
      /--leave-out: the bundle has no transform 'Lambdad'/,
    );
  });
});
