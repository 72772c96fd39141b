import { join } from 'node:path';
import type { ManifestSource } from '@overread/core/model';
import { readJson } from '../../package/files.ts';
import { sourceFault, unsupported } from '../fault.ts';
import { identityOf } from '../identity.ts';
import { isThere } from '../is-there.ts';
import { codedLabels, type LabelCodes } from '../labels.ts';
import { readSourceGraph } from '../source-graph.ts';
import { testInput } from '../test-input.ts';
import type { Imported } from '../write-imported.ts';
import { emptyFinishing, finishing, type Finishing } from './finishing.ts';
import { readInference } from './inference-file.ts';
import { patchOf } from './inferer.ts';
import { imageKeys, predictionKeys } from './keys.ts';
import {
  channelNames,
  modalityOf,
  monaiVersion,
  multiplesOf,
  onlyTensor,
  parseMetadata,
  type Metadata,
} from './metadata.ts';
import { emptyPreparation, preparing, type Preparation } from './preparation.ts';
import { applyTransforms, transformsOf } from './transforms.ts';

export interface BundleOptions {
  /** The exported network; absent: `models/model.onnx` of the bundle. */
  readonly graph?: string | undefined;
  readonly codes: LabelCodes;
  /** Directions of the tensor's axes, where the bundle does not turn its images. */
  readonly orientation?: string | undefined;
  readonly licence?: string | undefined;
}

const metadataFile = 'configs/metadata.json';

/**
 * A MONAI bundle as a package.
 * @throws OverreadError `model.source-invalid`, `model.import-unsupported`, each naming file, field and class;
 *   `model.file-missing`; `graph.*`
 */
export async function importBundle(folder: string, options: BundleOptions): Promise<Imported> {
  const metadata = parseMetadata(await readJson(join(folder, metadataFile)), metadataFile);
  const { inputs, outputs } = metadata.network_data_format;
  const image = onlyTensor(inputs, 'inputs', metadataFile);
  const prediction = onlyTensor(outputs, 'outputs', metadataFile);
  const inputField = `${metadataFile} network_data_format.inputs.${image.key}`;
  const outputField = `${metadataFile} network_data_format.outputs.${prediction.key}`;

  const { file, config } = await readInference(folder);
  const channels = channelNames(image.tensor, inputField);
  const prepared = emptyPreparation(channels.length, monaiVersion(metadata));
  const before = transformsOf(config, 'preprocessing', preparing);
  const keys = imageKeys(before, image.key, config.where('preprocessing'));
  applyTransforms(before, keys, preparing, prepared);
  const finished = emptyFinishing();
  const behind = transformsOf(config, 'postprocessing', finishing);
  const answer = predictionKeys(behind, prediction.key, keys, config.where('postprocessing'));
  applyTransforms(behind, answer, finishing, finished);
  const notes: string[] = [];
  const patch = patchOf(config, multiplesOf(image.tensor, inputField), notes);

  const graph = await readSourceGraph(options.graph ?? join(folder, 'models/model.onnx'));
  const modality = modalityOf(image.tensor, inputField);
  const input = inputOf(prepared, {
    name: graph.input.name,
    patch,
    channels,
    modality,
    orientation: options.orientation,
    where: `${file} preprocessing`,
  });
  const names = channelNames(prediction.tensor, outputField);
  return {
    manifest: {
      ...identityOf(await sourceIdentity(metadata, folder, options.licence)),
      applicability: { modalities: [modality] },
      input: graph.input.type === 'float16' ? { ...input, type: 'float16' } : input,
      outputs: [
        outputOf(graph.output.name, names, finished, {
          codes: options.codes,
          field: outputField,
          where: `${file} postprocessing`,
        }),
      ],
      finish: [...finished.steps, { kind: 'measureLabels', measurements: [{ kind: 'volume' }] }],
    },
    graph: graph.bytes,
    selfTest: testInput(graph, input),
    origin: `Imported from the MONAI bundle "${metadata.name ?? 'without a name'}" ${metadata.version}.`,
    notes: [...prepared.notes, ...notes, ...finished.notes, ...notesOnOverlap(finished, names)],
  };
}

async function sourceIdentity(metadata: Metadata, folder: string, licence: string | undefined) {
  const { name, version, description, task, authors, intended_use, copyright } = metadata;
  const hasLicence = await isThere(join(folder, 'LICENSE'));
  return {
    name: name ?? task ?? 'MONAI bundle',
    version,
    versionField: `${metadataFile} version`,
    summary: description ?? task ?? 'Imported from a MONAI bundle.',
    authors: authors ?? copyright ?? 'Not named in the bundle',
    intendedUse: intended_use ?? 'Not stated in the bundle.',
    licence: licence ?? (hasLicence ? 'See the LICENSE file of the bundle' : 'Not stated in the bundle'),
  };
}

interface InputParts {
  readonly name: string;
  readonly patch: ManifestSource['input']['patch'];
  readonly channels: readonly string[];
  readonly modality: string;
  readonly orientation: string | undefined;
  /** The preprocessing, as an error names it. */
  readonly where: string;
}

function inputOf(prepared: Preparation, parts: InputParts): ManifestSource['input'] {
  const { name, patch, channels, modality } = parts;
  const orientation = prepared.orientation ?? parts.orientation;
  if (orientation === undefined) {
    throw unsupported(
      parts.where,
      'it has no Orientationd, so the axes are those of its files: say which by --orientation, e.g. RAS',
    );
  }
  const { spacing, crop, interpolation, intensity } = prepared;
  return {
    name,
    ...(channels.length > 1 && {
      channels: channels.map((channel) => ({ name: channel, series: { modality, words: [channel] } })),
    }),
    orientation,
    spacing: spacing ?? 'native',
    ...(spacing !== null && { respacing: 'centres', interpolation }),
    ...(crop !== null && {
      masks: [{ kind: 'threshold', id: 'foreground', above: crop.above }],
      cropTo: 'foreground',
      cropMargin: crop.margin,
      outside: 0,
    }),
    intensity,
    patch,
  };
}

/** A map of each label tells where two of them are; a label map has room for one. */
function notesOnOverlap({ choice }: Finishing, labels: readonly string[]): readonly string[] {
  if (choice?.kind !== 'threshold' || labels.length < 2) return [];
  return [
    'Labels may overlap there, each in a mask of its own; here one label map holds them, and where they overlap the later covers the earlier, ' +
      `in this order: ${labels.join(', ')}.`,
  ];
}

type Output = ManifestSource['outputs'][number];

function outputOf(
  name: string,
  channels: readonly string[],
  { activation, choice }: Finishing,
  { codes, field, where }: { readonly codes: LabelCodes; readonly field: string; readonly where: string },
): Output {
  if (choice === null) throw unsupported(where, 'it has no AsDiscreted that chooses labels');
  const [first = '', ...others] = channels;
  const background = /^(background|everything else|other)$/i.test(first.trim());
  if (choice.kind === 'argmax') {
    if (!background) throw unsupported(`${field}.channel_def`, `channel 0 is '${first}' where background is expected`);
    const labels = others.map((label, at) => ({ name: label, value: at + 1 }));
    return { kind: 'maskLogits', name, activation: 'softmax', labels: codedLabels(labels, codes) };
  }
  if (background)
    throw unsupported(`${field}.channel_def`, 'a threshold chooses each channel, and channel 0 is background');
  if (activation === 'softmax') throw unsupported(where, 'a threshold of a softmax cannot be expressed');
  const { threshold } = choice;
  if (activation === null && (threshold < 0 || threshold > 1)) {
    throw sourceFault(where, `a threshold of ${threshold} without an activation is no probability`);
  }
  const labels = channels.map((label, at) => ({ name: label, value: at + 1 }));
  return { kind: 'maskLogits', name, activation: activation ?? 'none', threshold, labels: codedLabels(labels, codes) };
}
