import { describe, expect, it } from 'vitest';
import { imported, manifestOf } from '../../../../support/imported-bundle.ts';

/** An evaluator as bundles have them. */
const usual = {
  _target_: 'SupervisedEvaluator',
  device: '@device',
  val_data_loader: '@dataloader',
  network: '@network',
  inferer: '@inferer',
  postprocessing: '@postprocessing',
  val_handlers: '@handlers',
  amp: true,
};
const loading = {
  _target_: 'CheckpointLoader',
  load_path: "$@bundle_root + '/m.pt'",
  load_dict: { model: '@network' },
};

/** Imports a bundle that is run by this evaluator. */
const withEvaluator = (evaluator: object, extra: object = {}) =>
  imported((parts) => Object.assign(parts.extra, { handlers: [loading], evaluator }, extra));

describe('the evaluator of a MONAI bundle', () => {
  it('changes nothing where it is as usual', async () => {
    const manifest = await manifestOf((parts) =>
      Object.assign(parts.extra, {
        dataset: { _target_: 'CacheDataset', data: '$list(files)', transform: '@preprocessing' },
        alias: '@inferer',
        handlers: [
          loading,
          { _target_: 'StatsHandler', iteration_log: false, output_transform: '$lambda x: None' },
          { _target_: 'scripts.notes.Keeper', _disabled_: true },
          null,
        ],
        evaluator: {
          ...usual,
          inferer: '$@alias',
          mode: 'eval',
          decollate: true,
          prepare_batch: '$monai.engines.default_prepare_batch',
          key_val_metric: { dice: { _target_: 'MeanDice' } },
          amp_kwargs: '$dict(dtype=torch.bfloat16)',
        },
      }),
    );
    expect(manifest).toEqual({ ...(await manifestOf()), deviceUID: manifest.deviceUID });
  });

  it.each<[string, object, RegExp]>([
    ['another class', { _target_: 'scripts.Mine' }, /evaluator \(Mine\): this evaluator may change/],
    [
      'a batch of its own',
      { prepare_batch: '$lambda b, d, n: (b.to(d), ())' },
      /\(SupervisedEvaluator\.prepare_batch\): '\$lambda b.*' may change what the network gets or answers/,
    ],
    ['a step of its own', { iteration_update: { _target_: 'scripts.Step' } }, /\.iteration_update\): '\{/],
    ['another mode', { mode: 'train' }, /\.mode\): "train" cannot be expressed/],
    ['batches that stay together', { decollate: false }, /\.decollate\): false cannot be expressed/],
    ['no inferer', { inferer: null }, /\.inferer\): it is absent, so the bundle's 'inferer' is not used/],
    [
      'another inferer',
      { inferer: { _target_: 'SimpleInferer' } },
      /\.inferer\): it is another one than the bundle's 'inferer'/,
    ],
    ['no transforms behind', { postprocessing: null }, /\.postprocessing\): it is absent/],
    [
      'other transforms behind',
      { postprocessing: { _target_: 'Compose', transforms: [] } },
      /\.postprocessing\): it is another one/,
    ],
    ['a field that is not known', { surprise: 1 }, /\.surprise\): this field is not understood/],
    [
      'a handler that transforms',
      { val_handlers: [loading, { _target_: 'PostProcessing', transform: '@other' }] },
      /evaluator#val_handlers#1 \(PostProcessing\): this handler may change/,
    ],
    ['handlers that are none', { val_handlers: ['stats'] }, /\.val_handlers\): handlers are expected/],
  ])('is refused by name where it has %s', async (_, change, why) => {
    const { status, err } = await withEvaluator({ ...usual, ...change });
    expect(err).toMatch(why);
    expect(status).toBe(1);
  });

  it('may name no inferer where it runs the whole volume', async () => {
    const { err } = await imported((parts) => {
      parts.inferer = { _target_: 'SimpleInferer' };
      Object.assign(parts.extra, { handlers: [], evaluator: { ...usual, inferer: null } });
    });
    expect(err).toBe('');
  });

  it('holds the parts of a bundle that does not name them by themselves', async () => {
    const manifest = await manifestOf((parts) => {
      const write = (value: unknown): string => {
        const { preprocessing, inferer, postprocessing, ...others } = value as Record<string, unknown>;
        const dataset = { _target_: 'Dataset', data: '@files', transform: preprocessing };
        const evaluator = { ...usual, inferer, postprocessing: '@behind', val_handlers: [] };
        return JSON.stringify({ ...others, behind: postprocessing, dataloader: { dataset }, evaluator });
      };
      parts.inferenceFile = { ...parts.inferenceFile, write };
    });
    expect(manifest).toEqual({ ...(await manifestOf()), deviceUID: manifest.deviceUID });
  });

  it('is fed by the preprocessing that is imported', async () => {
    const dataset = { _target_: 'Dataset', data: '@files', transform: { _target_: 'Compose', transforms: [] } };
    expect((await withEvaluator(usual, { dataset })).err).toMatch(
      /dataset \(Dataset\.transform\): it is another one than the bundle's 'preprocessing'/,
    );
  });
});
