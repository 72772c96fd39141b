import { describe, expect, it } from 'vitest';
import type { Manifest, ManifestSource } from '@overread/core/model';
import { refuseUnfinishable } from '../../../../../core/pipeline/finish/check.ts';
import { kindOf } from '../../../../support/task-models.ts';
import { tinyManifest } from '../../../../support/tiny-manifest.ts';

const manifest = (changes: Partial<ManifestSource>): Manifest => tinyManifest(new Uint8Array(), changes);
const [labels] = manifest({}).outputs;
const heat: ManifestSource['outputs'][number] = {
  kind: 'heatMap',
  name: 'heat',
  quantity: { value: '130404', scheme: 'DCM', meaning: 'Saliency' },
  unit: { value: '1', scheme: 'UCUM', meaning: 'no units' },
  displayRange: [0, 1],
};
const scores: ManifestSource['outputs'][number] = { kind: 'classScores', name: 'scores', classes: [kindOf('A', '1')] };
const finding = kindOf('Lesion', '52988006');
const components = { kind: 'components', label: 1, minVolume: 0, maxFindings: 5, finding } as const;
const refused = (why: RegExp) =>
  expect.objectContaining({ code: 'model.unsupported', why: expect.stringMatching(why) as string }) as Error;

describe('refuseUnfinishable', () => {
  it.each([
    ['labels and a map', { outputs: [labels!, heat] }],
    ['components last', { finish: [{ kind: 'fillHoles' }, components, components] }],
    ['scores alone', { outputs: [scores] }],
  ] as const)('takes %s', (_, changes) => {
    expect(() => refuseUnfinishable(manifest(changes as Partial<ManifestSource>))).not.toThrow();
  });

  it.each([
    ['a model without outputs', { outputs: [] }, /no outputs/],
    [
      'two outputs of labels',
      {
        outputs: [
          labels!,
          { kind: 'labelMap', name: 'other', labels: [{ ...(labels as { labels: never[] }).labels[0]!, value: 2 }] },
        ],
      },
      /one label map/,
    ],
    ['two heat maps', { outputs: [heat, { ...heat, name: 'second' }] }, /result has one/],
    [
      'a step on labels that there are none of',
      { outputs: [scores], finish: [{ kind: 'fillHoles' }] },
      /finish\[0\] \(fillHoles\)/,
    ],
    [
      'peaks of no map',
      {
        outputs: [labels!],
        finish: [
          { kind: 'peaks', minScore: 0, maxFindings: 1, minDistance: 1, minDiameter: 1, maxDiameter: 9, finding },
        ],
      },
      /finish\[0\] \(peaks\)/,
    ],
    ['a step after components', { finish: [components, { kind: 'fillHoles' }] }, /finish\[1\] \(fillHoles\)/],
  ] as const)('refuses %s by name', (_, changes, why) => {
    expect(() => refuseUnfinishable(manifest(changes as unknown as Partial<ManifestSource>))).toThrow(refused(why));
  });
});
