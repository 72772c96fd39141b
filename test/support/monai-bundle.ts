import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { neighbourGraph } from './neighbour-graph.ts';

type Json = Record<string, unknown>;

/** A small bundle in MONAI's form, as the parts of its two files; a test changes what it is about. */
function bundleParts() {
  return {
    metadata: {
      version: '0.3.1',
      name: 'Tiny abdomen',
      description: 'Tells three organs apart.',
      authors: 'Overread contributors',
      intended_use: 'Tests.',
      network_data_format: {
        inputs: {
          image: {
            type: 'image',
            format: 'hounsfield',
            modality: 'CT',
            num_channels: 1,
            spatial_shape: [32, 32, 32],
            channel_def: { '0': 'image' },
          },
        },
        outputs: {
          pred: {
            type: 'image',
            format: 'segmentation',
            num_channels: 4,
            spatial_shape: [32, 32, 32],
            channel_def: { '0': 'background', '1': 'liver', '2': 'spleen', '3': 'kidney_left' },
          },
        },
      },
    } as Json,
    preprocessing: [
      { _target_: 'LoadImaged', keys: '@image_key' },
      { _target_: 'EnsureChannelFirstd', keys: '@image_key' },
      { _target_: 'Orientationd', keys: '@image_key', axcodes: 'RAS' },
      { _target_: 'Spacingd', keys: '@image_key', pixdim: '@pixdim', mode: 'bilinear' },
      {
        _target_: 'monai.transforms.ScaleIntensityRangeD',
        keys: ['image'],
        a_min: 0,
        a_max: 100,
        b_min: 0.0,
        b_max: 1.0,
        clip: true,
      },
      { _target_: 'EnsureTyped', keys: '@image_key' },
    ] as Json[],
    inferer: {
      _target_: 'SlidingWindowInferer',
      roi_size: [32, 32, 32],
      sw_batch_size: 4,
      overlap: '$0.25 * 2',
      mode: 'gaussian',
    } as Json,
    postprocessing: [
      { _target_: 'Activationsd', keys: 'pred', softmax: true },
      { _target_: 'AsDiscreted', keys: 'pred', argmax: true },
      { _target_: 'Invertd', keys: 'pred', transform: '@preprocessing', orig_keys: 'image', nearest_interp: true },
      { _target_: 'SaveImaged', keys: 'pred', output_dir: '@output_dir' },
    ] as Json[],
    /** Further entries of the inference configuration. */
    extra: {
      imports: ['$import glob'],
      bundle_root: '.',
      image_key: 'image',
      highres: true,
      pixdim: '$[1.5, 1.5, 2.0] if @highres else [3.0] * 3',
      output_dir: "$@bundle_root + '/eval'",
      device: "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')",
    } as Json,
    graph: neighbourGraph(),
    /** Name of the inference configuration and how it is written. */
    inferenceFile: { name: 'inference.json', write: (value: unknown): string => JSON.stringify(value) },
  };
}

export type BundleParts = ReturnType<typeof bundleParts>;

/** Writes the bundle as a folder. */
export async function writeBundle(
  folder: string,
  change: (parts: BundleParts) => void = () => undefined,
): Promise<void> {
  const parts = bundleParts();
  change(parts);
  const { metadata, preprocessing, inferer, postprocessing, extra, graph, inferenceFile } = parts;
  const compose = (transforms: readonly Json[]) => ({ _target_: 'Compose', transforms });
  const inference = {
    ...extra,
    preprocessing: compose(preprocessing),
    inferer,
    postprocessing: compose(postprocessing),
  };
  await mkdir(join(folder, 'configs'), { recursive: true });
  await mkdir(join(folder, 'models'), { recursive: true });
  await writeFile(join(folder, 'configs/metadata.json'), JSON.stringify(metadata));
  await writeFile(join(folder, 'configs', inferenceFile.name), inferenceFile.write(inference));
  await writeFile(join(folder, 'models/model.onnx'), graph);
}
