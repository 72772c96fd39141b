import { categories, structures } from '@overread/core/dicom';
import { parseManifest, sha256Hex, type LoadedModel, type ManifestSource } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import { tinyManifest } from '../../support/tiny-manifest.ts';
import { meshNet, uNet } from '../../support/networks.ts';

type Labels = Extract<ManifestSource['outputs'][number], { kind: 'maskLogits' }>['labels'];

const labels = (count: number): Labels =>
  Array.from({ length: count }, (_, n) => ({
    value: n + 1,
    name: `Label ${n + 1}`,
    category: categories.anatomicalStructure,
    type: structures.lung,
    colour: [90, (n * 37) % 256, 200],
  }));

function packageOf(
  id: string,
  graph: Uint8Array,
  input: Omit<ManifestSource['input'], 'name'>,
  count: number,
): LoadedModel {
  const source: ManifestSource = {
    ...tinyManifest(graph),
    id,
    input: { name: 'input', ...input },
    outputs: [{ kind: 'maskLogits', name: 'logits', labels: labels(count) }],
    finish: [{ kind: 'measureLabels', measurements: [{ kind: 'volume' }] }],
    // What the random network says is not at issue: any finite answer passes.
    selfTest: { seed: 1, shape: [1, 1, 16, 16, 16], range: [0, 1], expected: [0], tolerance: 1e6 },
  };
  const manifest = parseManifest(source);
  return { manifest, digest: sha256Hex(new TextEncoder().encode(JSON.stringify(manifest))), graph };
}

/** MeshNet of the size of `model5_gw_ae`, a whole head of 256^3 at once. */
export const meshNetModel = (): LoadedModel =>
  packageOf(
    'mesh-net',
    meshNet(5, 3),
    { spacing: 'native', intensity: [{ kind: 'minMax' }], patch: { mode: 'whole' } },
    2,
  );

/** A MeshNet of 104 classes, as cortical parcellations have. */
export const manyClassesModel = (): LoadedModel =>
  packageOf(
    'mesh-net-104',
    meshNet(21, 104),
    { spacing: 'native', intensity: [{ kind: 'minMax' }], patch: { mode: 'whole' } },
    103,
  );

/** A 3-D U-Net on 96^3 windows with a quarter of overlap, blended as MONAI does. */
export const uNetModel = (): LoadedModel =>
  packageOf(
    'u-net',
    uNet(8, 4, 3),
    {
      spacing: 'native',
      intensity: [{ kind: 'window', centre: 40, width: 400 }],
      patch: { mode: 'slidingWindow', size: [96, 96, 96], blending: { kind: 'gaussian', overlap: 0.25 } },
    },
    2,
  );

/** Smooth structure and noise in the range of its modality, on a regular grid. */
export function syntheticVolume(dims: readonly [number, number, number], modality: 'CT' | 'MR'): Volume {
  const [ni, nj, nk] = dims;
  const samples = new Int16Array(ni * nj * nk);
  let state = 1;
  for (let k = 0, at = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, at++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const wave = Math.sin(i / 17) * Math.cos(j / 23) * Math.sin(k / 11 + 1);
        samples[at] = 400 * wave + state / 2 ** 26;
      }
    }
  }
  return {
    studyInstanceUID: '2.25.11',
    seriesInstanceUID: '2.25.12',
    modality,
    frameOfReferenceUID: '2.25.13',
    slices: Array.from({ length: nk }, (_, k) => ({
      sopClassUID: '1.2.840.10008.5.1.4.1.1.2',
      sopInstanceUID: `2.25.14.${k + 1}`,
      frameNumber: null,
      instanceNumber: k + 1,
    })),
    grid: { dims, indexToWorld: [0.6, 0, 0, -150, 0, 0.6, 0, -150, 0, 0, 2, -140, 0, 0, 0, 1] },
    warnings: [],
    samples,
    unit: modality === 'CT' ? 'HU' : '1',
    padding: null,
  };
}

export const head = (): Volume => syntheticVolume([256, 256, 256], 'MR');
export const chest = (): Volume => syntheticVolume([512, 512, 143], 'CT');
