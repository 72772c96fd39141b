import { OverreadError } from '../../errors/index.ts';
import type { Manifest } from '../../model/index.ts';
import { labelledOutputs } from './label-maps.ts';

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
  const labelled = labelledOutputs({ outputs });
  const maps = outputs.filter(({ kind }) => kind === 'heatMap').map(({ name }) => name);
  const table = new Set(labelled.flatMap(({ labels }) => labels.map(({ value }) => value)));
  let split = false;
  for (const [at, step] of finish.entries()) {
    const { kind } = step;
    const where = `finish[${at}] (${kind})`;
    if (onLabels.includes(kind) && labelled.length === 0)
      throw refusal(`${where} works on labels, and no output holds any`);
    if (step.kind === 'peaks') refuseWithoutMap(where, step.output, maps);
    const odd = labelsOf(step).find((label) => !table.has(label));
    if (odd !== undefined) throw refusal(`${where} names the label ${odd}, which no output has`);
    // After it a component has a label of its own, which later steps would not find under the name they know.
    if (split && kind !== 'components') throw refusal(`${where} stands after components, which must come last`);
    split ||= kind === 'components';
  }
}

/** @param wanted name of the output that the step names; absent: none */
function refuseWithoutMap(where: string, wanted: string | undefined, maps: readonly string[]): void {
  if (maps.length === 0) throw refusal(`${where} looks for peaks, and no output is a heat map`);
  if (wanted === undefined && maps.length > 1)
    throw refusal(`${where} must name one of the heat maps: ${maps.join(', ')}`);
  if (wanted !== undefined && !maps.includes(wanted)) throw refusal(`${where} names '${wanted}', which is no heat map`);
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
