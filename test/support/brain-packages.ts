import { readFileSync } from 'node:fs';
import { categories } from '@overread/core/dicom';
import { parseManifest, sha256Hex, type LoadedModel, type ManifestSource } from '@overread/core/model';
import { recordedSelfTest } from '@overread/core/pipeline';
import { nodeRuntime } from '../../inference-server/src/inference/node-runtime.ts';
import { sharedData } from './shared-data.ts';

type Label = Extract<ManifestSource['outputs'][number], { kind: 'maskLogits' }>['labels'][number];

/** Names of the labels of one network, from value 1 on, with SNOMED CT codes. */
type LabelTable = readonly (readonly [name: string, value: string, meaning: string])[];

const matter: LabelTable = [
  ['White matter', '68523003', 'Cerebral white matter'],
  ['Grey matter', '40146001', 'Cerebral cortex'],
];
const regions: LabelTable = [
  ['Cerebral white matter', '68523003', 'Cerebral white matter'],
  ['Cerebral cortex', '40146001', 'Cerebral cortex'],
  ['Lateral ventricle', '66720007', 'Lateral ventricle of brain'],
  ['Inferior lateral ventricle', '66720007', 'Lateral ventricle of brain'],
  ['Cerebellar white matter', '113305005', 'Cerebellum'],
  ['Cerebellar cortex', '113305005', 'Cerebellum'],
  ['Thalamus', '42695009', 'Thalamus'],
  ['Caudate', '11000004', 'Caudate nucleus'],
  ['Putamen', '89278009', 'Putamen'],
  ['Pallidum', '14738005', 'Globus pallidus'],
  ['Third ventricle', '49841001', 'Third ventricle'],
  ['Fourth ventricle', '35918002', 'Fourth ventricle'],
  ['Brain stem', '15926001', 'Brainstem'],
  ['Hippocampus', '5366008', 'Hippocampus'],
  ['Amygdala', '4958002', 'Amygdala'],
  ['Accumbens', '427667007', 'Nucleus accumbens'],
  ['Ventral diencephalon', '12738006', 'Brain'],
];
const brain: LabelTable = [['Brain', '12738006', 'Brain']];

interface Network {
  readonly output: string;
  readonly labels: LabelTable;
  readonly intensity: NonNullable<ManifestSource['input']['intensity']>;
  /** Edge of the cube of its self-test: small, yet wider than its receptive field for the middle to be exact. */
  readonly selfTestEdge: number;
}

const minMax: Network['intensity'] = [{ kind: 'minMax' }];
/** Bright vessels and fat of a scan clipped, as FreeSurfer's conform does: the brightest thousandth of what is not background. */
const withoutPeaks: Network['intensity'] = [{ kind: 'percentiles', lower: 0, upper: 0.999, over: 'nonzero' }];

/** The pretrained networks among the sample data: what their README says of inputs and outputs. */
const brainNetworks = {
  model5_gw_ae: { output: 'c9', labels: matter, intensity: minMax, selfTestEdge: 48 },
  model11_gw_ae: { output: 'c8', labels: matter, intensity: minMax, selfTestEdge: 48 },
  model18cls: { output: 'c9', labels: regions, intensity: minMax, selfTestEdge: 48 },
  mindgrab: {
    output: 'c25',
    labels: brain,
    intensity: [{ kind: 'percentiles', lower: 0.02, upper: 0.98 }],
    selfTestEdge: 48,
  },
} as const satisfies Record<string, Network>;

export type BrainNetwork = keyof typeof brainNetworks;

/**
 * A package around one of the networks: a T1 series is conformed (256 voxels of 1 mm each way; the tensor's axes run to the left, to the feet
 * and to the front) and measured label by label. The self-test's answer is recorded with onnxruntime-node.
 * @param scale whether values are already those of a conformed volume (0 to 255), or what the scanner wrote
 */
export async function brainPackage(name: BrainNetwork, scale: 'conformed' | 'scanned'): Promise<LoadedModel> {
  const path = sharedData('models', `${name}.onnx`);
  if (path === null) throw new Error('The sample networks are not on this machine.');
  const graph = new Uint8Array(readFileSync(path));
  const { output, labels, intensity, selfTestEdge: edge }: Network = brainNetworks[name];
  const source: ManifestSource = {
    manifest: 1,
    id: name.replaceAll('_', '-'),
    version: '1.0.0',
    title: `Brain ${name}`,
    summary: 'A pretrained network on T1-weighted MR of the head.',
    manufacturer: 'neuroneural',
    deviceUID: '2.25.314159265358979',
    intendedUse: 'Tests.',
    limitations: ['Research only.'],
    regulatoryStatus: 'research use only',
    licence: 'MIT',
    authors: ['neuroneural'],
    applicability: { modalities: ['MR'], bodyParts: ['BRAIN', 'HEAD'], minSlices: 100 },
    input: {
      name: 'input',
      orientation: 'LIA',
      straighten: true,
      spacing: 1,
      size: [256, 256, 256],
      intensity: scale === 'scanned' && intensity === minMax ? withoutPeaks : intensity,
      patch: { mode: 'whole' },
    },
    outputs: [{ kind: 'maskLogits', name: output, labels: labels.map(labelOf) }],
    finish: [{ kind: 'measureLabels', measurements: [{ kind: 'volume' }] }],
    graph: { path: `${name}.onnx`, sha256: sha256Hex(graph), bytes: graph.byteLength },
    card: 'card.md',
    selfTest: { seed: 5, shape: [1, 1, edge, edge, edge], range: [0, 1], expected: [], tolerance: 1e-3 },
  };
  const manifest = parseManifest(source);
  const recorded = { ...manifest, selfTest: await recordedSelfTest({ manifest, graph }, nodeRuntime(1), 64) };
  return { manifest: recorded, digest: sha256Hex(new TextEncoder().encode(JSON.stringify(recorded))), graph };
}

function labelOf([name, value, meaning]: LabelTable[number], index: number): Label {
  return {
    value: index + 1,
    name,
    category: categories.anatomicalStructure,
    type: { value, scheme: 'SCT', meaning },
    colour: [(index * 67 + 90) % 256, (index * 131 + 140) % 256, (index * 29 + 60) % 256],
  };
}
