import { categories, structures } from '@overread/core/dicom';
import type { ModelSource } from '../package.ts';
import { tissueGraph } from './graph.ts';

const { anatomicalStructure, tissue } = categories;

export const ctTissue: ModelSource = {
  folder: import.meta.dirname,
  graph: tissueGraph,
  selfTest: { seed: 20_001, shape: [1, 1, 12, 24, 24], range: [-1024, 1500], tolerance: 1e-3 },
  selfTestCount: 40,
  manifest: {
    manifest: 1,
    id: 'ct-tissue',
    version: '1.0.0',
    title: 'CT tissue map',
    summary: 'Lung, fat, soft tissue and bone by Hounsfield units, with their volumes.',
    manufacturer: 'Overread contributors',
    deviceUID: '2.25.83161402357316604218371950612738416291',
    intendedUse: 'Demonstration and research: shows a segmentation model from run to stored result. Not for diagnosis.',
    limitations: [
      'Tells tissues apart by Hounsfield units alone: contrast medium, implants and calcifications count as bone, fluid as soft tissue.',
      'Mixed voxels at borders may be counted as the tissue between, e.g. as fat where lung meets muscle.',
      'The lungs are found as air inside the body: consolidated, collapsed or removed lung is missing from the lung label.',
      'Main airways are left out of the lungs as far as they can be told apart; small airways and hilar vessels count as lung.',
    ],
    regulatoryStatus: 'Research use only',
    licence: 'MIT',
    authors: ['Overread contributors'],
    applicability: {
      modalities: ['CT'],
      bodyParts: ['CHEST', 'THORAX', 'LUNG'],
      minSlices: 20,
      maxSliceSpacing: 6,
      minExtent: 80,
    },
    input: {
      name: 'image',
      spacing: 'native',
      masks: [
        { kind: 'bodyMask', id: 'body', above: -500 },
        { kind: 'lungField', id: 'lungs', body: 'body', below: -400, minVolume: 150, closingRadius: 8 },
      ],
      // Padding lies far below air; a light smoothing must not carry it inwards.
      intensity: [{ kind: 'clip', min: -1024, max: 3071 }],
      patch: {
        mode: 'slidingWindow',
        size: [18, 512, 512],
        blending: { kind: 'crop', halo: [1, 1, 1] },
        onlyWhere: 'body',
      },
    },
    outputs: [
      {
        kind: 'maskLogits',
        name: 'logits',
        labels: [
          {
            value: 1,
            name: 'Lung',
            category: anatomicalStructure,
            type: structures.lung,
            colour: [90, 170, 230],
            within: 'lungs',
          },
          { value: 2, name: 'Fat', category: tissue, type: structures.fat, colour: [235, 200, 90], within: 'body' },
          {
            value: 3,
            name: 'Soft tissue',
            category: tissue,
            type: structures.softTissue,
            colour: [205, 110, 100],
            within: 'body',
          },
          { value: 4, name: 'Bone', category: tissue, type: structures.bone, colour: [240, 235, 215], within: 'body' },
        ],
      },
    ],
    finish: [
      { kind: 'assignMask', mask: 'lungs', label: 1 },
      {
        kind: 'measureLabels',
        measurements: [{ kind: 'volume' }, { kind: 'mean' }, { kind: 'shareBelow', threshold: -950, labels: [1] }],
      },
    ],
    scoreKind: 'score',
    operatingPoints: [],
    defaultOperatingPoint: null,
    card: 'card.md',
  },
};
