import type { Attributes } from '@overread/core/dicom';
import type { EncodeOptions } from '@overread/core/results';
import type { SeriesGeometry } from '@overread/core/volume';

/** Options that ask for everything that can be written, verification included. */
export function everyObject(geometry: SeriesGeometry, images: readonly Attributes[]): EncodeOptions {
  const [ni, nj, nk] = geometry.grid.dims;
  return {
    source: images[0] ?? {},
    segmentation: true,
    predecessors: [],
    parametricMap: true,
    presentationState: { images },
    secondaryCapture: {
      // A ramp along the rows: black on the left, white on the right.
      samples: Float32Array.from({ length: ni * nj * nk }, (_, at) => ((at % ni) / (ni - 1)) * 100),
      window: { centre: 50, width: 100 },
      inverted: false,
    },
    keyObjects: true,
    verification: { observer: 'READER^ROBIN', organization: 'Phantom hospital', at: '2026-11-03T11:00:00+01:00' },
  };
}
