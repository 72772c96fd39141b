import { OverreadError } from '../../errors/index.ts';
import type { Manifest } from '../../model/index.ts';

/** Steps that need labels to work on. */
const onLabels = ['assignMask', 'keepLargest', 'removeSmall', 'fillHoles', 'measureLabels', 'components'];

/**
 * Refuses models that say nothing on their own, and finish steps that have nothing to work on, or stand where they would not mean what they say.
 * @throws OverreadError `model.unsupported` naming the step
 */
export function refuseUnfinishable({ outputs, finish, prompts }: Pick<Manifest, 'outputs' | 'finish' | 'prompts'>): void {
  if (outputs.length === 0) throw refusal(prompts === undefined ? 'it has no outputs' : 'it answers prompts, and is not run on its own');
  const labelled = outputs.filter(({ kind }) => kind === 'maskLogits' || kind === 'labelMap');
  const maps = outputs.filter(({ kind }) => kind === 'heatMap');
  if (labelled.length > 1)
    throw refusal(`outputs: ${labelled.length} of them hold labels, and a result has one label map`);
  if (maps.length > 1) throw refusal(`outputs: ${maps.length} of them are heat maps, and a result has one`);
  let split = false;
  for (const [at, { kind }] of finish.entries()) {
    const where = `finish[${at}] (${kind})`;
    if (onLabels.includes(kind) && labelled.length === 0)
      throw refusal(`${where} works on labels, and no output holds any`);
    if (kind === 'peaks' && maps.length === 0) throw refusal(`${where} looks for peaks, and no output is a heat map`);
    // After it a component has a label of its own, which later steps would not find under the name they know.
    if (split && kind !== 'components') throw refusal(`${where} stands after components, which must come last`);
    split ||= kind === 'components';
  }
}

function refusal(why: string): OverreadError {
  return new OverreadError('model.unsupported', { why });
}
