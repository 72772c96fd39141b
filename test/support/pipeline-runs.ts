import type { ComputePlace } from '@overread/core/analysis';
import type { Vec3 } from '@overread/core/geometry';
import type { LoadedModel, Manifest, ManifestSource } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import { tinyManifest } from './tiny-manifest.ts';

/** Where tests of the pipeline compute. */
export const nodePlace: ComputePlace = {
  location: 'server',
  runtime: 'node-cpu',
  threads: 1,
  device: null,
  skipped: [],
};

/** A regular volume of reproducible values in [-1, 1), smooth with noise; `value` may say otherwise. */
export function noiseVolume(dims: Vec3, value?: (i: number, j: number, k: number) => number): Volume {
  const [ni, nj, nk] = dims;
  const samples = new Float32Array(ni * nj * nk);
  let state = 9;
  for (let k = 0, at = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, at++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const wave = Math.sin(i / 3 + 1) * Math.cos(j / 4) * Math.sin(k / 2 + 0.5);
        samples[at] = value?.(i, j, k) ?? 0.5 * wave + state / 2 ** 32 - 0.5;
      }
    }
  }
  return {
    studyInstanceUID: '2.25.21',
    seriesInstanceUID: '2.25.22',
    modality: 'CT',
    frameOfReferenceUID: '2.25.23',
    slices: Array.from({ length: nk }, (_, k) => ({
      sopClassUID: '1.2.840.10008.5.1.4.1.1.2',
      sopInstanceUID: `2.25.24.${k + 1}`,
      frameNumber: null,
      instanceNumber: k + 1,
    })),
    grid: { dims, indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] },
    warnings: [],
    samples,
    unit: 'HU',
    padding: null,
  };
}

const one = { value: '1', scheme: 'UCUM', meaning: 'no units' };

/** An output of one scalar per voxel. */
export const heatOutput = (name = 'heat'): ManifestSource['outputs'][number] => ({
  kind: 'heatMap',
  name,
  quantity: one,
  unit: one,
  displayRange: [0, 1],
});

/** A package round a graph with input `input`; the patch and outputs are what a test is about. */
export function modelWith(
  graph: Uint8Array,
  input: Partial<ManifestSource['input']> & Pick<ManifestSource['input'], 'patch'>,
  outputs: ManifestSource['outputs'] = [heatOutput()],
  changes: Partial<Pick<ManifestSource, 'finish'>> = {},
): LoadedModel {
  const manifest: Manifest = tinyManifest(graph, {
    input: { name: 'input', spacing: 'native', ...input },
    outputs,
    ...changes,
  });
  return { manifest, digest: 'cd'.repeat(32), graph };
}
