import { describe, expect, it } from 'vitest';
import { explainedClass, type ManifestSource } from '@overread/core/model';
import { brightnessGraph, kindOf, taskModel } from '../../../support/task-models.ts';

type Output = Extract<ManifestSource['outputs'][number], { kind: 'classScores' }>;

const [effusion, emphysema] = [kindOf('Effusion', '60046008'), kindOf('Emphysema', '87433001')];
const scores = (name: string, classes: Output['classes'], explained: boolean): Output => ({
  kind: 'classScores',
  name,
  classes,
  saliency: explained ? { kind: 'occlusion', size: [2, 2, 2], step: [2, 2, 2], fill: 0 } : null,
});
const { manifest } = taskModel(brightnessGraph(3), {
  input: { name: 'input', spacing: 'native', patch: { mode: 'whole' } },
  outputs: [scores('plain', [effusion], false), scores('explained', [emphysema, effusion], true)],
});

describe('the class that a finding is about', () => {
  it('is that of its name and code, in an output that can be explained', () => {
    const finding = { trackingIdentifier: 'Effusion', code: effusion.code };
    expect(explainedClass(manifest, finding)).toEqual({ output: 'explained', classIndex: 1 });
  });

  it('is none where name or code is another, or no output can be explained', () => {
    expect(explainedClass(manifest, { trackingIdentifier: 'Effusion', code: emphysema.code })).toBeNull();
    expect(explainedClass(manifest, { trackingIdentifier: 'Nodule', code: effusion.code })).toBeNull();
    const plain = { outputs: manifest.outputs.slice(0, 1) };
    expect(explainedClass(plain, { trackingIdentifier: 'Effusion', code: effusion.code })).toBeNull();
  });
});
