import { selfTestInput } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';

/** A small CT of seeded noise and blocks, values from -1 to 1, voxels of 1 mm. */
export function noiseVolume(dims: readonly [number, number, number]): Volume {
  const [ni, nj, nk] = dims;
  const slices = Array.from({ length: nk }, (_, k) => ({
    sopClassUID: '1.2.840.10008.5.1.4.1.1.2',
    sopInstanceUID: `2.25.7.${k + 1}`,
    frameNumber: null,
    instanceNumber: k + 1,
  }));
  return {
    studyInstanceUID: '2.25.5',
    seriesInstanceUID: '2.25.6',
    modality: 'CT',
    frameOfReferenceUID: '2.25.8',
    slices,
    grid: { dims, indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] },
    warnings: [],
    samples: selfTestInput(11, [1, 1, nk, nj, ni], [-1, 1]),
    unit: 'HU',
    padding: null,
  };
}
