import { describe, expect, it } from 'vitest';
import type { Manifest, ManifestSource } from '@overread/core/model';
import { refuseUnfinishable } from '../../../../../core/pipeline/finish/check.ts';
import { kindOf } from '../../../../support/task-models.ts';
import { tinyManifest } from '../../../../support/tiny-manifest.ts';

type Output = ManifestSource['outputs'][number];
const manifest = (changes: Partial<ManifestSource>): Manifest => tinyManifest(new Uint8Array(), changes);
const label = {
  value: 1,
  name: 'Lung',
  category: kindOf('Lung', '39607008').category,
  type: kindOf('Lung', '39607008').code,
  colour: [200, 80, 80] as [number, number, number],
};
const labels: Output = { kind: 'maskLogits', name: 'logits', labels: [label] };
const heat: Output = {
  kind: 'heatMap',
  name: 'heat',
  quantity: { value: '130404', scheme: 'DCM', meaning: 'Saliency' },
  unit: { value: '1', scheme: 'UCUM', meaning: 'no units' },
  displayRange: [0, 1],
};
const scores: Output = { kind: 'classScores', name: 'scores', classes: [kindOf('A', '1')] };
const finding = kindOf('Lesion', '52988006');
const components = { kind: 'components', label: 1, minVolume: 0, maxFindings: 5, finding } as const;
const two = [heat, { ...heat, name: 'second' }];
const peaks = {
  kind: 'peaks',
  minScore: 0,
  maxFindings: 1,
  minDistance: 1,
  minDiameter: 1,
  maxDiameter: 9,
  finding,
} as const;
const refused = (why: RegExp) =>
  expect.objectContaining({ code: 'model.unsupported', why: expect.stringMatching(why) as string }) as Error;

/** What a parsed manifest cannot hold any more, handed over by a program. */
const withStep = (step: Manifest['finish'][number]): Manifest => ({ ...manifest({}), finish: [step] });

describe('refuseUnfinishable', () => {
  it.each<[string, Partial<ManifestSource>]>([
    ['labels and a map', { outputs: [labels, heat] }],
    ['components last', { finish: [{ kind: 'fillHoles' }, components, components] }],
    ['scores alone', { outputs: [scores] }],
    [
      'two outputs of labels',
      { outputs: [labels, { kind: 'labelMap', name: 'other', labels: [{ ...label, value: 2 }] }] },
    ],
    ['peaks of one of two maps', { outputs: two, finish: [{ ...peaks, output: 'second' }] }],
  ])('takes %s', (_, changes) => {
    expect(() => refuseUnfinishable(manifest(changes))).not.toThrow();
  });

  it.each<[string, Partial<ManifestSource>, RegExp]>([
    ['a model without outputs', { outputs: [] }, /no outputs/],
    [
      'a step on labels that there are none of',
      { outputs: [scores], finish: [{ kind: 'fillHoles' }] },
      /finish\[0\] \(fillHoles\)/,
    ],
    [
      'peaks of no map',
      {
        outputs: [labels],
        finish: [peaks],
      },
      /finish\[0\] \(peaks\)/,
    ],
    ['peaks of one of two maps, and not which', { outputs: two, finish: [peaks] }, /must name one.*heat, second/],
    ['peaks of a map that is none', { outputs: two, finish: [{ ...peaks, output: 'third' }] }, /'third'/],
    ['a step after components', { finish: [components, { kind: 'fillHoles' }] }, /finish\[1\] \(fillHoles\)/],
  ])('refuses %s by name', (_, changes, why) => {
    expect(() => refuseUnfinishable(manifest(changes))).toThrow(refused(why));
  });

  it.each<Manifest['finish'][number]>([
    { kind: 'keepLargest', labels: [1, 9], count: 1, together: false },
    { kind: 'removeSmall', labels: [9], minVolume: 1 },
    { kind: 'fillHoles', labels: [9], across: 'slice' },
    { kind: 'measureLabels', measurements: [{ kind: 'volume', labels: [9] }] },
    { ...components, label: 9 },
    { kind: 'assignMask', mask: 'body', label: 9 },
  ])('refuses labels that are not in the table: $kind', (step) => {
    expect(() => refuseUnfinishable(withStep(step))).toThrow(refused(/finish\[0\] .* the label 9/));
  });
});
