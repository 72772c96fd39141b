import { categories, quantities, structures, units } from '@overread/core/dicom';
import type { ModelSource } from '../package.ts';
import { nodulesGraph } from './graph.ts';
import { RIM } from './scales.ts';

/** Score from which a candidate is listed; 1 is an ideal ball, 1000 HU denser than lung, free on all sides. */
const MIN_SCORE = 0.09;

export const ctNodule: ModelSource = {
  folder: import.meta.dirname,
  graph: nodulesGraph,
  selfTest: { seed: 20_003, shape: [1, 1, 64, 64, 64], range: [0, 10], tolerance: 1e-3 },
  selfTestCount: 160,
  manifest: {
    manifest: 1,
    id: 'ct-nodule',
    version: '1.0.0',
    title: 'CT nodule candidates',
    summary: 'Round dense spots in the lungs by multi-scale dot enhancement, measured and ranked.',
    manufacturer: 'Overread contributors',
    deviceUID: '2.25.251700937214407760519148823306115947520',
    intendedUse: 'Demonstration and research: shows a detection model from run to stored result. Not for diagnosis.',
    limitations: [
      'Finds what is round and denser than lung: crossings and endings of vessels look the same to it, and ground-glass nodules are often missed.',
      'The score ranks candidates of one series; it is not a probability, and no sensitivity or specificity was measured.',
      'Nodules under 3 mm or over 30 mm, and those in collapsed lung or in the mediastinum, are not looked for.',
      'Sizes come from a threshold half way between nodule and lung, and are uncertain where a vessel or the pleura touches.',
    ],
    regulatoryStatus: 'Research use only',
    licence: 'MIT',
    authors: ['Overread contributors'],
    applicability: {
      modalities: ['CT'],
      bodyParts: ['CHEST', 'THORAX', 'LUNG'],
      minSlices: 40,
      maxSliceSpacing: 3,
      minExtent: 80,
    },
    input: {
      name: 'image',
      spacing: 1,
      masks: [
        { kind: 'bodyMask', id: 'body', above: -500 },
        { kind: 'lungField', id: 'lungs', body: 'body', below: -400, minVolume: 150, closingRadius: 10 },
      ],
      cropTo: 'lungs',
      intensity: [
        { kind: 'fillOutside', mask: 'lungs', value: -850 },
        { kind: 'clip', min: -1000, max: 100 },
        { kind: 'scale', fromMin: -1000, fromMax: 0, toMin: 0, toMax: 1 },
      ],
      patch: {
        mode: 'slidingWindow',
        size: [96, 512, 512],
        blending: { kind: 'crop', halo: [RIM, RIM, RIM] },
        onlyWhere: 'lungs',
      },
    },
    outputs: [
      { kind: 'heatMap', name: 'dots', quantity: quantities.saliency, unit: units.one, displayRange: [0.1, 1] },
    ],
    finish: [
      {
        kind: 'peaks',
        within: 'lungs',
        minScore: MIN_SCORE,
        maxFindings: 30,
        minDistance: 6,
        minDiameter: 3,
        maxDiameter: 30,
        finding: {
          label: 'Nodule',
          code: structures.nodule,
          category: categories.morphologicallyAbnormal,
          site: structures.lung,
          colour: [255, 140, 60],
        },
      },
    ],
    scoreKind: 'score',
    operatingPoints: [{ name: 'default', threshold: MIN_SCORE, evaluation: 'not evaluated' }],
    defaultOperatingPoint: 'default',
    card: 'card.md',
  },
};
