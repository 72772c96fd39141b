import type { ManifestSource } from '../manifest/index.ts';

interface Example {
  readonly title: string;
  readonly part: Partial<ManifestSource>;
}

const structure = { value: '123037004', scheme: 'SCT', meaning: 'Anatomical Structure' };
const abnormality = { value: '49755003', scheme: 'SCT', meaning: 'Morphologically Abnormal Structure' };

/** Parts of manifests, each complete in itself. */
export const examples: readonly Example[] = [
  {
    title: 'An organ in CT, trained with MONAI',
    part: {
      input: {
        name: 'image',
        orientation: 'RAS',
        spacing: [1.5, 1.5, 2],
        respacing: 'centres',
        intensity: [
          { kind: 'scale', fromMin: -57, fromMax: 164, toMin: 0, toMax: 1 },
          { kind: 'clip', min: 0, max: 1 },
        ],
        patch: {
          mode: 'slidingWindow',
          size: [96, 96, 96],
          blending: { kind: 'gaussian', overlap: 0.5 },
        },
      },
      outputs: [
        {
          kind: 'maskLogits',
          name: 'pred',
          labels: [
            {
              value: 1,
              name: 'Spleen',
              category: structure,
              type: { value: '78961009', scheme: 'SCT', meaning: 'Spleen' },
              colour: [160, 90, 170],
            },
          ],
        },
      ],
      finish: [{ kind: 'keepLargest' }, { kind: 'measureLabels', measurements: [{ kind: 'volume' }] }],
    },
  },
  {
    title: 'Four MR series of one study as channels',
    part: {
      input: {
        name: 'input',
        channels: [
          { name: 'T1' },
          { name: 'T1 with contrast', series: { modality: 'MR', words: ['T1'], contrast: 'with' } },
          { name: 'T2', series: { modality: 'MR', words: ['T2'] } },
          { name: 'FLAIR', series: { modality: 'MR', words: ['FLAIR'] } },
        ],
        orientation: 'RAS',
        spacing: 1,
        masks: [{ kind: 'threshold', id: 'head', above: 0 }],
        cropTo: 'head',
        intensity: [{ kind: 'zScore', over: 'nonzero' }],
        patch: {
          mode: 'slidingWindow',
          size: [128, 128, 128],
          blending: { kind: 'gaussian', overlap: 0.5, convention: 'nnunet' },
          mirror: ['D', 'H', 'W'],
        },
      },
    },
  },
  {
    title: 'Nodules as boxes',
    part: {
      outputs: [
        {
          kind: 'boxes',
          name: 'boxes',
          scores: 'scores',
          encoding: { kind: 'boxes', order: 'zyxzyx', origin: 'centre' },
          activation: 'sigmoid',
          classes: [
            {
              label: 'Nodule',
              code: { value: '27925004', scheme: 'SCT', meaning: 'Nodule' },
              category: abnormality,
              site: { value: '39607008', scheme: 'SCT', meaning: 'Lung' },
              colour: [240, 120, 60],
            },
          ],
          minScore: 0.02,
          maxOverlap: 0.22,
        },
      ],
    },
  },
  {
    title: 'A 2.5-D classifier, slice by slice',
    part: {
      input: {
        name: 'slices',
        layout: { kind: '2.5d', neighbours: 2 },
        spacing: 'native',
        size: [64, 256, 256],
        intensity: [{ kind: 'window', centre: 40, width: 80 }],
        patch: { mode: 'slices', batch: 4 },
      },
      outputs: [
        {
          kind: 'classScores',
          name: 'probability',
          per: 'slice',
          classes: [
            {
              label: 'Hemorrhage',
              code: { value: '50960005', scheme: 'SCT', meaning: 'Hemorrhage' },
              category: abnormality,
              site: { value: '12738006', scheme: 'SCT', meaning: 'Brain' },
              colour: [220, 60, 60],
            },
          ],
        },
      ],
    },
  },
];
