import { join } from 'node:path';
import type { ManifestSource } from '@overread/core/model';
import { readJson } from '../../package/files.ts';
import { sourceFault, unsupported } from '../fault.ts';
import { identityOf } from '../identity.ts';
import { isThere } from '../is-there.ts';
import { codedLabels, type LabelCodes } from '../labels.ts';
import { notesOnUnits } from '../series-named.ts';
import { notesOnSmaller, withSmallerWindows } from '../smaller-sizes.ts';
import { readSourceGraph } from '../source-graph.ts';
import { testInput } from '../test-input.ts';
import type { Imported } from '../write-imported.ts';
import { emptyFinishing, finishing, type Finishing } from './finishing.ts';
import { readInference } from './inference-file.ts';
import { runOf } from './inferer.ts';
import { inputOf } from './input.ts';
import { readPreparation } from './channels.ts';
import { checkEvaluation } from './evaluation.ts';
import { predictionKeys } from './keys.ts';
import {
  modalityOf,
  monaiVersion,
  multiplesOf,
  namesOfInput,
  namesOfOutput,
  onlyTensor,
  parseMetadata,
  requireVolume,
  type Metadata,
} from './metadata.ts';
import { partOf } from './parts.ts';
import { channelsOf } from './preparation.ts';
import { preparing } from './preparing.ts';
import { LeftOut } from './left-out.ts';
import { applyTransforms, transformsOf } from './transforms.ts';

export interface BundleOptions {
  /** The exported network; absent: `models/model.onnx` of the bundle. */
  readonly graph?: string | undefined;
  readonly codes: LabelCodes;
  /** Directions of the tensor's axes, where the bundle does not turn its images. */
  readonly orientation?: string | undefined;
  readonly licence?: string | undefined;
  /** Modality (0008,0060); absent: as the metadata says. */
  readonly modality?: string | undefined;
  /** Names of transforms that the author leaves out, between commas. */
  readonly leaveOut?: string | undefined;
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
  const notes: string[] = [];
  const run = runOf(config, () => multiplesOf(image.tensor, inputField), notes);
  requireVolume(image.tensor, inputField, run.across !== null);
  requireVolume(prediction.tensor, outputField, run.across !== null);
  checkEvaluation(config);
  const leftOut = new LeftOut(options.leaveOut);
  const [first, last] = [partOf(config, 'preprocessing'), partOf(config, 'postprocessing')];
  const { prepared, keys } = readPreparation(transformsOf(config, first, preparing, leftOut), {
    key: image.key,
    channels: image.tensor.num_channels,
    names: namesOfInput(image.tensor),
    version: monaiVersion(metadata),
    where: config.where(first),
    field: inputField,
  });
  const finished = emptyFinishing(prediction.tensor.num_channels);
  const behind = transformsOf(config, last, finishing, leftOut);
  const answer = predictionKeys(behind, prediction.key, keys, config.where(last));
  applyTransforms(behind, answer, finishing, finished);
  leftOut.checkFound();

  const graph = await readSourceGraph(options.graph ?? join(folder, 'models/model.onnx'));
  const modality = options.modality ?? modalityOf(image.tensor, inputField);
  const parts = { name: graph.input.name, run, modality, orientation: options.orientation };
  const whole = inputOf(prepared, { ...parts, where: `${file} preprocessing` });
  const input = withSmallerWindows(whole, graph, channelsOf(prepared));
  const names = namesOfOutput(prediction.tensor, outputField, finished);
  return {
    manifest: {
      ...identityOf(await sourceIdentity(metadata, folder, options.licence)),
      applicability: { modalities: [input.channels?.[0]?.series?.modality ?? modality] },
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
    notes: [
      ...leftOut.notes,
      ...prepared.notes,
      ...notes,
      ...finished.notes,
      ...notesOnUnits(input, modality),
      ...notesOnSmaller(input),
    ],
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
