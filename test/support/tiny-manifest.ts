import type { Manifest } from '@overread/core/model';
import { sha256Hex } from '@overread/core/model';

const organ = { value: '39607008', scheme: 'SCT', meaning: 'Lung' };
const anatomy = { value: '123037004', scheme: 'SCT', meaning: 'Anatomical Structure' };

/** A valid manifest of a two-channel model around `graph`: what a test does not care about is filled in here. */
export function tinyManifest(graph: Uint8Array, changes: Partial<Manifest> = {}): Manifest {
  return {
    manifest: 1,
    id: 'tiny-test',
    version: '1.0.0',
    title: 'Tiny test model',
    summary: 'Separates bright from dark voxels.',
    manufacturer: 'Overread',
    deviceUID: '2.25.1234567890',
    intendedUse: 'Tests.',
    limitations: ['Knows nothing of anatomy.'],
    regulatoryStatus: 'research use only',
    licence: 'MIT',
    authors: ['Overread contributors'],
    applicability: { modalities: ['CT'] },
    input: { name: 'input', spacing: 'native', masks: [], intensity: [], patch: { mode: 'whole' } },
    outputs: [
      {
        kind: 'maskLogits',
        name: 'logits',
        labels: [{ value: 1, name: 'Bright', category: anatomy, type: organ, colour: [200, 80, 80] }],
      },
    ],
    finish: [],
    scoreKind: 'score',
    operatingPoints: [],
    defaultOperatingPoint: null,
    graph: { path: 'graph.onnx', sha256: sha256Hex(graph), bytes: graph.byteLength },
    card: 'card.md',
    selfTest: { seed: 1, shape: [1, 1, 2, 2, 2], range: [0, 1], expected: [0], tolerance: 1e-4 },
    ...changes,
  };
}
