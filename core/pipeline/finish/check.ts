import { OverreadError } from '../../errors/index.ts';
import type { Manifest } from '../../model/index.ts';

/** Steps that need labels to work on. */
const onLabels = ['assignMask', 'keepLargest', 'removeSmall', 'fillHoles', 'measureLabels', 'components'];

/**
 * Refuses models that say nothing on their own, and finish steps that have nothing to work on, or stand where they would not mean what they say.
 * @throws OverreadError `model.unsupported` naming the step
 */
export function refuseUnfinishable({
  outputs,
  finish,
  prompts,
}: Pick<Manifest, 'outputs' | 'finish' | 'prompts'>): void {
  if (outputs.length === 0)
    throw refusal(prompts === undefined ? 'it has no outputs' : 'it answers prompts, and is not run on its own');
  const labelled = outputs.filter(({ kind }) => kind === 'maskLogits' || kind === 'labelMap');
  const maps = outputs.filter(({ kind }) => kind === 'heatMap');
  if (labelled.length > 1)
    throw refusal(`outputs: ${labelled.length} of them hold labels, and a result has one label map`);
  if (maps.length > 1) throw refusal(`outputs: ${maps.length} of them are heat maps, and a result has one`);
  const table = new Set(
    labelled.flatMap((output) => ('labels' in output ? output.labels.map(({ value }) => value) : [])),
  );
  let split = false;
  for (const [at, { kind }] of finish.entries()) {
    const where = `finish[${at}] (${kind})`;
    if (onLabels.includes(kind) && labelled.length === 0)
      throw refusal(`${where} works on labels, and no output holds any`);
    if (kind === 'peaks' && maps.length === 0) throw refusal(`${where} looks for peaks, and no output is a heat map`);
    const odd = labelsOf(finish[at]!).find((label) => !table.has(label));
    if (odd !== undefined) throw refusal(`${where} names the label ${odd}, which no output has`);
    // After it a component has a label of its own, which later steps would not find under the name they know.
    if (split && kind !== 'components') throw refusal(`${where} stands after components, which must come last`);
    split ||= kind === 'components';
  }
}

/** Labels that a step names. */
function labelsOf(step: Manifest['finish'][number]): readonly number[] {
  switch (step.kind) {
    case 'assignMask':
      return [step.label, ...(step.except ?? [])];
    case 'components':
      return [step.label];
    case 'keepLargest':
    case 'removeSmall':
    case 'fillHoles':
      return step.labels ?? [];
    case 'measureLabels':
      return step.measurements.flatMap(({ labels }) => labels ?? []);
    case 'peaks':
      return [];
  }
}

function refusal(why: string): OverreadError {
  return new OverreadError('model.unsupported', { why });
}
