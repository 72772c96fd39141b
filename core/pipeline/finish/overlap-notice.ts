import type { Notice } from '../../errors/index.ts';
import type { Manifest } from '../../model/index.ts';
import { labelledOutput } from './labelled-output.ts';

/**
 * Labels that a model decides each on its own may lie over each other (a tumour and its core), and a label map has one label per voxel. What is
 * hidden is said: a label that is not to be seen, or its volume, must not be taken for the model's word.
 */
export function overlapNotice(manifest: Manifest): readonly Notice[] {
  const output = labelledOutput(manifest);
  if (output?.kind !== 'maskLogits' || output.activation === 'softmax' || output.labels.length < 2) return [];
  const names = output.labels.map(({ name }) => name).join(', ');
  return [
    {
      code: 'labels.may-overlap',
      message: `The model decides each label on its own. Where they overlap only the one named last is kept, and the others are smaller by it: ${names}.`,
    },
  ];
}
