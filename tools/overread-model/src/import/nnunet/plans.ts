import * as z from 'zod/mini';
import { describeFaults } from '@overread/core/errors';
import { sourceFault, unsupported } from '../fault.ts';

const intensities = z.object({
  mean: z.number(),
  std: z.number(),
  percentile_00_5: z.number(),
  percentile_99_5: z.number(),
});

const resamplingForm = z.looseObject({
  order: z.optional(z.number()),
  order_z: z.optional(z.number()),
  force_separate_z: z.optional(z.nullable(z.boolean())),
  separate_z_anisotropy_threshold: z.optional(z.number().check(z.minimum(1))),
  mode: z.optional(z.string()),
  aniso_axis_mode: z.optional(z.string()),
});

/** Those, and others that change nothing of how an image is resampled. */
const ofResampling = new Set([
  'order',
  'order_z',
  'force_separate_z',
  'separate_z_anisotropy_threshold',
  'mode',
  'aniso_axis_mode',
  'is_seg',
  'num_threads',
  'device',
  'memefficient_seg_resampling',
]);

const configuration = z.object({
  inherits_from: z.optional(z.string()),
  previous_stage: z.optional(z.nullable(z.string())),
  preprocessor_name: z.optional(z.string()),
  spacing: z.optional(z.array(z.number())),
  patch_size: z.optional(z.array(z.int())),
  normalization_schemes: z.optional(z.array(z.string())),
  use_mask_for_norm: z.optional(z.array(z.boolean())),
  resampling_fn_data: z.optional(z.string()),
  resampling_fn_data_kwargs: z.optional(resamplingForm),
});

const plansForm = z.object({
  dataset_name: z.string(),
  image_reader_writer: z.optional(z.string()),
  label_manager: z.optional(z.string()),
  transpose_forward: z.array(z.int()),
  configurations: z.record(z.string(), configuration),
  foreground_intensity_properties_per_channel: z.optional(z.record(z.string(), intensities)),
  /** The older name of the same. */
  foreground_intensity_properties_by_modality: z.optional(z.record(z.string(), intensities)),
});

const datasetForm = z.object({
  name: z.optional(z.string()),
  description: z.optional(z.string()),
  reference: z.optional(z.string()),
  licence: z.optional(z.string()),
  license: z.optional(z.string()),
  channel_names: z.optional(z.record(z.string(), z.string())),
  /** nnU-Net v1. */
  modality: z.optional(z.record(z.string(), z.string())),
  labels: z.record(z.string(), z.union([z.int(), z.array(z.int())])),
  regions_class_order: z.optional(z.array(z.int())),
});

export type Plans = z.infer<typeof plansForm>;
export type Dataset = z.infer<typeof datasetForm>;
export type Intensities = z.infer<typeof intensities>;

/** A configuration with what it inherits filled in. */
export interface Configuration {
  readonly name: string;
  readonly spacing: readonly number[];
  readonly patchSize: readonly number[];
  readonly schemes: readonly string[];
  readonly masked: readonly boolean[];
  readonly resampling: string;
  readonly order: number;
  readonly orderAcross: number;
  /** Whether the thick axis is resampled apart: always, never, or (null) as the spacings are. */
  readonly apart: boolean | null;
  /** Beyond which ratio of spacings it is, where the spacings tell; absent: nnU-Net's own. */
  readonly apartBeyond: number | undefined;
  /** How PyTorch interpolates, and how along the thick axis where it is apart. */
  readonly mode: string;
  readonly modeAcross: string;
}

export const plansFile = 'plans.json';
export const datasetFile = 'dataset.json';

export function parsePlans(json: unknown): Plans {
  const parsed = plansForm.safeParse(json);
  if (parsed.success) return parsed.data;
  throw sourceFault(plansFile, describeFaults(parsed.error).join('; '));
}

export function parseDataset(json: unknown): Dataset {
  const parsed = datasetForm.safeParse(json);
  if (parsed.success) return parsed.data;
  throw sourceFault(datasetFile, describeFaults(parsed.error).join('; '));
}

/** @throws OverreadError `model.source-invalid` where there is none; `model.import-unsupported` for a cascade */
export function configurationNamed(plans: Plans, name: string): Configuration {
  const where = `${plansFile} configurations.${name}`;
  const merged = inherited(plans, name, 0);
  if (typeof merged.previous_stage === 'string') {
    throw unsupported(`${where}.previous_stage`, `a cascade after '${merged.previous_stage}' takes two networks`);
  }
  if (merged.preprocessor_name !== undefined && merged.preprocessor_name !== 'DefaultPreprocessor') {
    throw unsupported(`${where}.preprocessor_name`, `'${merged.preprocessor_name}' cannot be expressed`);
  }
  const required = <T>(field: string, value: T | undefined): T => {
    if (value === undefined) throw sourceFault(`${where}.${field}`, 'it is missing');
    return value;
  };
  const how = merged.resampling_fn_data_kwargs ?? {};
  const unknown = Object.keys(how).find((field) => !ofResampling.has(field));
  if (unknown !== undefined)
    throw unsupported(`${where}.resampling_fn_data_kwargs.${unknown}`, 'this field is not understood');
  const resampling = merged.resampling_fn_data ?? 'resample_data_or_seg_to_shape';
  const schemes = required('normalization_schemes', merged.normalization_schemes);
  return {
    name,
    spacing: required('spacing', merged.spacing),
    patchSize: required('patch_size', merged.patch_size),
    schemes,
    masked: merged.use_mask_for_norm ?? schemes.map(() => false),
    resampling,
    order: how.order ?? 3,
    orderAcross: how.order_z ?? 0,
    // Splines never go apart where nothing is said; PyTorch's way goes by the spacings.
    apart: how.force_separate_z === undefined ? usuallyApart(resampling) : how.force_separate_z,
    apartBeyond: how.separate_z_anisotropy_threshold,
    mode: how.mode ?? 'linear',
    modeAcross: how.aniso_axis_mode ?? 'nearest-exact',
  };
}

function usuallyApart(resampling: string): boolean | null {
  return resampling === 'resample_data_or_seg_to_shape' ? false : null;
}

/** Configurations may inherit from each other; no chain is longer. */
const longestChain = 8;

function inherited(plans: Plans, name: string, depth: number): z.infer<typeof configuration> {
  const own = Object.hasOwn(plans.configurations, name) ? plans.configurations[name] : undefined;
  if (own === undefined) {
    const names = Object.keys(plans.configurations).join(', ');
    throw sourceFault(`${plansFile} configurations`, `there is no '${name}', only ${names}`);
  }
  if (own.inherits_from === undefined) return own;
  if (depth > longestChain)
    throw sourceFault(`${plansFile} configurations.${name}.inherits_from`, 'it goes round in a circle');
  return { ...inherited(plans, own.inherits_from, depth + 1), ...own };
}
