import { join } from 'node:path';
import type { ManifestSource } from '@overread/core/model';
import { readJson } from '../../package/files.ts';
import { sourceFault, unsupported } from '../fault.ts';
import { identityOf } from '../identity.ts';
import { isThere } from '../is-there.ts';
import { codedLabels, type LabelCodes } from '../labels.ts';
import { notesOnSmaller, withSmallerWindows } from '../smaller-sizes.ts';
import { readSourceGraph } from '../source-graph.ts';
import { modalityNamed, notesOnUnits, seriesNamed } from '../series-named.ts';
import { testInput } from '../test-input.ts';
import type { Imported } from '../write-imported.ts';
import { mirrorAxes, orientationOf } from './axes.ts';
import { labelValuesOf } from './label-values.ts';
import { normalizationOf } from './normalization.ts';
import { notesOnPostprocessing, postprocessingOf } from './postprocessing.ts';
import {
  configurationNamed,
  datasetFile,
  parseDataset,
  parsePlans,
  plansFile,
  type Configuration,
  type Dataset,
  type Plans,
} from './plans.ts';

export interface NnunetOptions {
  /** The exported network; absent: `model.onnx` of the folder. */
  readonly graph?: string | undefined;
  readonly codes: LabelCodes;
  /** Directions of the arrays [z, y, x] that the reader gives, where it does not turn them itself. */
  readonly orientation?: string | undefined;
  readonly licence?: string | undefined;
  /** Absent: `3d_fullres`. */
  readonly configuration?: string | undefined;
  /** Axes of test-time mirroring, e.g. `DHW`; absent: none. */
  readonly mirror?: string | undefined;
  /** Modality (0008,0060); absent: as the channels' names tell. */
  readonly modality?: string | undefined;
}

type Input = ManifestSource['input'];
type Spacing = [number | null, number | null, number | null];

/**
 * A network of nnU-Net v2 as a package.
 * @throws OverreadError `model.source-invalid`, `model.import-unsupported`, each naming file and field;
 *   `model.file-missing`; `graph.*`
 */
export async function importNnunet(folder: string, options: NnunetOptions): Promise<Imported> {
  await refuseV1(folder);
  const plans = parsePlans(await readJson(join(folder, plansFile)));
  const dataset = parseDataset(await readJson(join(folder, datasetFile)));
  const configuration = configurationNamed(plans, options.configuration ?? '3d_fullres');
  const channels = channelsOf(dataset, configuration);
  const modality = options.modality ?? modalityOf(channels);
  const { regions, values } = labelValuesOf(dataset);
  const cleaning = await postprocessingOf(folder, values);
  const graph = await readSourceGraph(options.graph ?? join(folder, 'model.onnx'));
  const intensity = normalizationOf(plans, configuration, channels);
  const whole: Input = {
    name: graph.input.name,
    ...(graph.input.type === 'float16' && { type: 'float16' }),
    ...(configuration.patchSize.length === 2 && { layout: { kind: '2d' } }),
    ...(channels.length > 1 && { channels: channels.map((name) => seriesNamed(name, modality)) }),
    orientation: orientationOf(plans, options.orientation),
    ...spacingOf(configuration),
    // CT is 0 nowhere outside the patient, however it is normalized; where background is 0, the network saw only what is not.
    ...(modality !== 'CT' &&
      !configuration.schemes.includes('CTNormalization') && {
        masks: [{ kind: 'threshold', id: 'nonzero', above: 0 }],
        cropTo: 'nonzero',
      }),
    intensity,
    patch: patchOf(configuration, options.mirror),
  };
  const input = withSmallerWindows(whole, graph, channels.length);
  return {
    manifest: {
      ...identityOf(sourceIdentity(plans, dataset, options.licence)),
      applicability: { modalities: [modality] },
      input,
      outputs: [
        {
          kind: 'maskLogits',
          name: graph.output.name,
          activation: regions ? 'sigmoid' : 'softmax',
          ...(regions ? { overlap: 'later' } : {}),
          labels: codedLabels(values, options.codes),
        },
      ],
      finish: [...cleaning, { kind: 'measureLabels', measurements: [{ kind: 'volume' }] }],
    },
    graph: graph.bytes,
    selfTest: testInput(graph, input),
    origin: `Imported from nnU-Net: ${plans.dataset_name}, configuration ${configuration.name}.`,
    notes: [
      ...notesOn(configuration, input),
      ...(await notesOnPostprocessing(folder)),
      ...notesOnUnits(input, modality),
      ...notesOnSmaller(input),
    ],
  };
}

/** v1 keeps its plans pickled. */
async function refuseV1(folder: string): Promise<void> {
  const there = (name: string) => isThere(join(folder, name));
  if (!(await there(plansFile)) && (await there('plans.pkl'))) {
    throw unsupported('plans.pkl', 'plans of nnU-Net v1 are not read; convert the model to v2');
  }
}

function channelsOf(dataset: Dataset, { schemes, name }: Configuration): readonly string[] {
  const channels = Object.entries(dataset.channel_names ?? dataset.modality ?? {})
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, channel]) => channel);
  if (channels.length === schemes.length) return channels;
  throw sourceFault(
    `${datasetFile} channel_names`,
    `${channels.length} channels, where ${plansFile} configurations.${name}.normalization_schemes has ${schemes.length}`,
  );
}

function modalityOf(channels: readonly string[]): string {
  const [first = null] = channels.map(modalityNamed);
  if (first !== null) return first;
  throw sourceFault(
    `${datasetFile} channel_names`,
    `no modality is known for ${channels.join(', ')}: say which by --modality`,
  );
}

function spacingOf(
  configuration: Configuration,
): Pick<Input, 'spacing' | 'respacing' | 'interpolation' | 'nearestAcross'> {
  const { name, spacing, patchSize, resampling } = configuration;
  const where = `${plansFile} configurations.${name}`;
  if (resampling.startsWith('no_resampling')) return { spacing: 'native' };
  // A 2-D configuration leaves the distance of slices as it is.
  const all = patchSize.length === 2 ? [null, ...spacing.slice(-2)] : spacing;
  if (all.length !== 3) throw sourceFault(`${where}.spacing`, 'three numbers are expected');
  const interpolation = interpolationOf(where, configuration);
  return { spacing: all as Spacing, respacing: 'edges', interpolation, ...acrossOf(where, configuration) };
}

/** Beyond this ratio of spacings nnU-Net resamples the thick axis apart, where it is not told to. */
const anisotropy = 3;

/** How the thick axis is resampled where it is apart from the others; a 2-D configuration does not resample it at all. */
function acrossOf(
  where: string,
  { patchSize, resampling, orderAcross, apart, apartBeyond }: Configuration,
): Pick<Input, 'nearestAcross'> {
  if (patchSize.length === 2 || apart === false || resampling === 'resample_torch_simple') return {};
  if (orderAcross !== 0) {
    throw unsupported(
      `${where}.resampling_fn_data_kwargs.order_z`,
      `splines of order ${orderAcross} across slices cannot be expressed`,
    );
  }
  return { nearestAcross: apart === true ? 1 : (apartBeyond ?? anisotropy) };
}

function interpolationOf(
  where: string,
  { resampling, order, mode, modeAcross }: Configuration,
): 'linear' | 'nearest' | 'cubic' {
  if (resampling === 'resample_torch_fornnunet' || resampling === 'resample_torch_simple') {
    const fields = `${where}.resampling_fn_data_kwargs`;
    if (mode !== 'linear') throw unsupported(`${fields}.mode`, `'${mode}' cannot be expressed`);
    if (modeAcross !== 'nearest-exact')
      throw unsupported(`${fields}.aniso_axis_mode`, `'${modeAcross}' cannot be expressed`);
    return 'linear';
  }
  if (resampling !== 'resample_data_or_seg_to_shape') {
    throw unsupported(`${where}.resampling_fn_data`, `'${resampling}' cannot be expressed`);
  }
  const known = ({ 0: 'nearest', 1: 'linear', 3: 'cubic' } as const)[order];
  if (known !== undefined) return known;
  throw unsupported(`${where}.resampling_fn_data_kwargs.order`, `splines of order ${order} cannot be expressed`);
}

function patchOf({ name, patchSize }: Configuration, mirror: string | undefined): Input['patch'] {
  const flat = patchSize.length === 2;
  const [depth, height, width] = flat ? [1, ...patchSize] : patchSize;
  if (depth === undefined || height === undefined || width === undefined) {
    throw sourceFault(`${plansFile} configurations.${name}.patch_size`, 'two or three numbers are expected');
  }
  return {
    mode: 'slidingWindow',
    size: [depth, height, width],
    blending: { kind: 'gaussian', overlap: 0.5, sigma: 0.125, convention: 'nnunet' },
    mirror: mirrorAxes(mirror, flat),
  };
}

function sourceIdentity(plans: Plans, dataset: Dataset, licence: string | undefined) {
  const name = dataset.name ?? plans.dataset_name.replace(/^(?:Dataset|Task)\d+_/, '');
  return {
    name,
    version: '1.0.0',
    versionField: 'version',
    summary: dataset.description ?? `Segments ${name} (nnU-Net).`,
    authors: dataset.reference ?? 'Not named in the source',
    intendedUse: 'Not stated in the source.',
    licence: licence ?? dataset.licence ?? dataset.license ?? 'Not stated in the source',
  };
}

function notesOn({ masked }: Configuration, { patch, cropTo }: Input): readonly string[] {
  const notes: string[] = [
    'nnU-Net takes logits back to the grid of the series before labels are chosen; here labels are chosen first and taken back to the nearest ' +
      'voxel. Borders differ by up to half a voxel.',
    'nnU-Net normalizes before it resamples; here values are resampled first.',
  ];
  if (masked.includes(true))
    notes.push(
      'Zeros enclosed by other values are part of nnU-Net’s mask for normalization; here every zero stays zero.',
    );
  if (cropTo !== undefined)
    notes.push('nnU-Net crops to what is not 0 in any channel; here to what is above 0 in the first.');
  if (patch.mode === 'slidingWindow' && (patch.mirror ?? []).length === 0) {
    notes.push(
      'Without test-time mirroring, as nnU-Net with --disable_tta; --mirror DHW adds it, at eight times the cost.',
    );
  }
  return notes;
}
