import { expect, it } from 'vitest';
import { analyse } from '@overread/core/pipeline';
import { nodeRuntime } from '../../../../../inference-server/src/inference/node-runtime.ts';
import { modelWith, nodePlace, noiseVolume } from '../../../../support/pipeline-runs.ts';
import { convolutionGraph } from '../../../../support/test-models.ts';
import { tinyManifest } from '../../../../support/tiny-manifest.ts';

const graph = convolutionGraph([2]);
const [logits] = tinyManifest(graph).outputs;
if (logits?.kind !== 'maskLogits') throw new Error('the tiny model has no logits');
const [label] = logits.labels;
const two = [label!, { ...label!, value: 2, name: 'Core' }];

it.each([
  ['labels that stand on their own', { activation: 'sigmoid', labels: two }, [`${label!.name}, Core`]],
  ['probabilities of each', { activation: 'none', labels: two }, [`${label!.name}, Core`]],
] as const)('a result says that labels may lie over each other: %s', async (_name, changes, names) => {
  const model = modelWith(graph, { patch: { mode: 'whole' } }, [
    { ...logits, ...changes, labels: [...changes.labels] },
  ]);
  const { warnings } = await analyse({ volume: noiseVolume([8, 8, 8]), model, place: nodePlace }, nodeRuntime(1));
  const said = warnings.filter(({ code }) => code === 'labels.may-overlap').map(({ message }) => message);
  expect(said).toEqual(names.map((list) => expect.stringContaining(`${list}.`) as string));
});

it('a result of labels of which one excludes the other says nothing of it', async () => {
  const model = modelWith(graph, { patch: { mode: 'whole' } }, [logits]);
  const { warnings } = await analyse({ volume: noiseVolume([8, 8, 8]), model, place: nodePlace }, nodeRuntime(1));
  expect(warnings.map(({ code }) => code)).not.toContain('labels.may-overlap');
});
