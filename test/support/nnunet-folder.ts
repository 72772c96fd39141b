import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { neighbourGraph } from './neighbour-graph.ts';

type Json = Record<string, unknown>;

/** A small model in nnU-Net's form, as the parts of its files; a test changes what it is about. */
function nnunetParts() {
  return {
    plans: {
      dataset_name: 'Dataset042_Abdomen',
      plans_name: 'nnUNetPlans',
      image_reader_writer: 'NibabelIOWithReorient',
      transpose_forward: [1, 0, 2],
      transpose_backward: [1, 0, 2],
      configurations: {
        '3d_fullres': {
          preprocessor_name: 'DefaultPreprocessor',
          batch_size: 2,
          patch_size: [32, 32, 32],
          spacing: [1.5, 2, 2],
          normalization_schemes: ['CTNormalization'],
          use_mask_for_norm: [false],
          resampling_fn_data: 'resample_data_or_seg_to_shape',
          resampling_fn_data_kwargs: { is_seg: false, order: 3, order_z: 0, force_separate_z: null },
        },
        '2d': {
          inherits_from: '3d_fullres',
          patch_size: [64, 48],
          spacing: [0.8, 0.8],
        },
        '3d_cascade_fullres': { inherits_from: '3d_fullres', previous_stage: '3d_lowres' },
      } as Record<string, Json>,
      foreground_intensity_properties_per_channel: {
        '0': { max: 300, mean: 40, median: 45, min: -900, percentile_00_5: -100, percentile_99_5: 200, std: 20 },
      } as Json,
    },
    dataset: {
      channel_names: { '0': 'CT' },
      labels: { background: 0, liver: 1, spleen: 2, kidney: 3 },
      licence: 'CC-BY-4.0',
      reference: 'Overread contributors',
      file_ending: '.nii.gz',
    } as Json,
    /** Further files, as text, by their paths. */
    files: {} as Record<string, string>,
    graph: neighbourGraph({ extents: [32, 32, 32], input: 'input', output: 'output' }),
  };
}

export type NnunetParts = ReturnType<typeof nnunetParts>;

/** Writes the model as a folder. */
export async function writeNnunet(
  folder: string,
  change: (parts: NnunetParts) => void = () => undefined,
): Promise<void> {
  const parts = nnunetParts();
  change(parts);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'plans.json'), JSON.stringify(parts.plans));
  await writeFile(join(folder, 'dataset.json'), JSON.stringify(parts.dataset));
  await writeFile(join(folder, 'model.onnx'), parts.graph);
  for (const [name, text] of Object.entries(parts.files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}
