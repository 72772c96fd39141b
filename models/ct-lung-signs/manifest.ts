import { categories, structures } from '@overread/core/dicom';
import type { ModelSource } from '../package.ts';
import { lungSignsGraph } from './graph.ts';

/** Density that stands for lung, HU: outside the lungs, and where a block is covered to see what a score rests on. */
const LUNG = -850;
/** The same as the graph reads it. */
const PREPARED_LUNG = (LUNG + 1000) / 1000;
/** A block is 30 mm wide and lies beside the next: a few hundred runs for a chest. */
const BLOCK: [number, number, number] = [10, 10, 10];

export const ctLungSigns: ModelSource = {
  folder: import.meta.dirname,
  graph: lungSignsGraph,
  selfTest: { seed: 20_011, shape: [1, 1, 24, 24, 24], range: [-1.3, 1.3], tolerance: 1e-4 },
  selfTestCount: 2,
  manifest: {
    manifest: 1,
    id: 'ct-lung-signs',
    version: '1.0.0',
    title: 'CT lung signs',
    summary:
      'States whether there are nodules and emphysema in the lungs, by two simple rules, and shows what each score rests on.',
    manufacturer: 'Overread contributors',
    deviceUID: '2.25.176224510981330719446183602759481120335',
    intendedUse: 'Demonstration and research: shows a classifier from run to stored statements. Not for diagnosis.',
    limitations: [
      'Counts spots denser than what is round them: crossings of vessels, scars and consolidations raise the score of nodules too.',
      'Emphysema is the share of lung below -950 HU: noise, a deep breath and sharp reconstruction kernels raise it.',
      'Scores are no probabilities, and the operating point was not evaluated.',
      'What a score rests on is told by blocks of 30 mm: it shows what the rule goes by, not where a lesion ends.',
    ],
    regulatoryStatus: 'Research use only',
    licence: 'MIT',
    authors: ['Overread contributors'],
    applicability: {
      modalities: ['CT'],
      bodyParts: ['CHEST', 'THORAX', 'LUNG'],
      minSlices: 20,
      maxSliceSpacing: 5,
      minExtent: 80,
    },
    input: {
      name: 'image',
      spacing: 3,
      masks: [
        { kind: 'bodyMask', id: 'body', above: -500 },
        { kind: 'lungField', id: 'lungs', body: 'body', below: -400, minVolume: 150, closingRadius: 10 },
      ],
      cropTo: 'lungs',
      intensity: [
        { kind: 'fillOutside', mask: 'lungs', value: LUNG },
        { kind: 'clip', min: -1000, max: 100 },
        { kind: 'scale', fromMin: -1000, fromMax: 0, toMin: 0, toMax: 1 },
      ],
      patch: { mode: 'whole' },
    },
    outputs: [
      {
        kind: 'classScores',
        name: 'scores',
        classes: [
          {
            label: 'Pulmonary nodule',
            code: structures.nodule,
            category: categories.morphologicallyAbnormal,
            site: structures.lung,
            colour: [255, 140, 60],
          },
          {
            label: 'Pulmonary emphysema',
            code: { value: '87433001', scheme: 'SCT', meaning: 'Pulmonary emphysema' },
            category: categories.morphologicallyAbnormal,
            site: structures.lung,
            colour: [120, 200, 255],
          },
        ],
        saliency: { kind: 'occlusion', size: BLOCK, step: BLOCK, fill: PREPARED_LUNG },
      },
    ],
    finish: [],
    scoreKind: 'score',
    operatingPoints: [{ name: 'half', threshold: 0.5, evaluation: 'not evaluated' }],
    defaultOperatingPoint: 'half',
    card: 'card.md',
  },
};
