import { parseManifest, sha256Hex, type Manifest, type ManifestSource } from '@overread/core/model';

type SlidingWindow = Extract<Manifest['input']['patch'], { mode: 'slidingWindow' }>;

const organ = { value: '39607008', scheme: 'SCT', meaning: 'Lung' };
const anatomy = { value: '123037004', scheme: 'SCT', meaning: 'Anatomical Structure' };

/** A valid manifest of a two-channel model around `graph`: what a test does not care about is filled in here. */
export function tinyManifest(graph: Uint8Array, changes: Partial<ManifestSource> = {}): Manifest {
  return parseManifest({
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
    input: { name: 'input', spacing: 'native', patch: { mode: 'whole' } },
    outputs: [
      {
        kind: 'maskLogits',
        name: 'logits',
        labels: [{ value: 1, name: 'Bright', category: anatomy, type: organ, colour: [200, 80, 80] }],
      },
    ],
    graph: { path: 'graph.onnx', sha256: sha256Hex(graph), bytes: Math.max(1, graph.byteLength) },
    card: 'card.md',
    selfTest: { seed: 1, shape: [1, 1, 2, 2, 2], range: [0, 1], expected: [0], tolerance: 1e-4 },
    ...changes,
  } satisfies ManifestSource);
}

/** A patch of windows of `size` that keep what lies `halo` away from their faces, [D, H, W] both. */
export function croppedWindow(
  size: readonly [number, number, number],
  halo: readonly [number, number, number],
): SlidingWindow {
  return {
    mode: 'slidingWindow',
    size: [...size],
    smaller: [],
    mirror: [],
    blending: { kind: 'crop', halo: [...halo] },
  };
}
