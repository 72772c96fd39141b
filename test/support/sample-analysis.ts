import type { Analysis } from '@overread/core/analysis';

const code = (value: string, meaning: string) => ({ value, scheme: 'SCT', meaning });

/** An analysis with every optional part present: two voxels labelled, one finding, a heat map on a grid of its own. */
export function sampleAnalysis(changes: Partial<Analysis> = {}): Analysis {
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const grid = { dims: [3, 2, 2] as const, indexToWorld: identity };
  return {
    uid: '2.25.1001',
    model: {
      id: 'tiny-test',
      version: '1.0.0',
      title: 'Tiny test model',
      manufacturer: 'Overread',
      deviceUID: '2.25.1002',
      digest: 'ab'.repeat(32),
      regulatoryStatus: 'research use only',
    },
    source: {
      studyInstanceUID: '2.25.1',
      seriesInstanceUID: '2.25.2',
      modality: 'CT',
      seriesNumber: 3,
      frameOfReferenceUID: null,
      grid,
      slices: [
        { sopClassUID: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUID: '2.25.3', frameNumber: null, instanceNumber: 1 },
        { sopClassUID: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUID: '2.25.4', frameNumber: null, instanceNumber: 2 },
      ],
    },
    place: {
      location: 'browser',
      runtime: 'wasm',
      threads: 1,
      device: null,
      skipped: [{ runtime: 'webgpu', reason: 'no adapter' }],
    },
    outcome: 'completed',
    startedAt: '2026-01-02T03:04:05+00:00',
    finishedAt: '2026-01-02T03:04:06+00:00',
    timings: [{ stage: 'run', milliseconds: 12.5 }],
    warnings: [{ code: 'volume.slices-resampled', message: 'Slices were resampled.' }],
    findings: [
      {
        trackingIdentifier: 'Nodule 1',
        trackingUID: '2.25.5',
        label: 'Nodule',
        code: code('27925004', 'Nodule'),
        site: code('39607008', 'Lung'),
        laterality: code('24028007', 'Right'),
        place: 'upper third',
        score: { value: 0.75, kind: 'score' },
        presence: null,
        region: {
          box: { min: [0, 0, 0], max: [1, 1, 1] },
          centre: [1, 0, 0],
          segmentNumber: 1,
          axes: {
            long: [
              [0, 0, 0],
              [1, 0, 0],
            ],
            short: [
              [0, 0, 0],
              [0, 1, 0],
            ],
          },
        },
        measurements: [
          {
            name: code('118565006', 'Volume'),
            value: 3.5,
            unit: { value: 'mm3', scheme: 'UCUM', meaning: 'mm3' },
            derivation: null,
          },
        ],
        review: { state: 'unreviewed', reason: null, reviewer: null, at: null },
      },
    ],
    labelMaps: [
      {
        grid,
        labels: Uint8Array.from([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
        segments: [
          {
            number: 1,
            label: 'Nodule',
            category: code('49755003', 'Morphologically Abnormal Structure'),
            type: code('27925004', 'Nodule'),
            colour: [255, 128, 0],
            trackingIdentifier: 'Nodule 1',
            trackingUID: '2.25.5',
          },
        ],
      },
    ],
    heatMaps: [
      {
        label: 'Saliency',
        grid: { dims: [2, 1, 1], indexToWorld: identity },
        values: Float32Array.from([0.25, -1.5]),
        quantity: { value: '130404', scheme: 'DCM', meaning: 'Saliency' },
        unit: { value: '1', scheme: 'UCUM', meaning: 'no units' },
        displayRange: [0, 1],
      },
    ],
    ...changes,
  };
}
