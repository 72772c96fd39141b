import type { Manifest } from '../../model/index.ts';

/** Names of all outputs of the graph that the collectors of a manifest read: boxes come with scores, and with classes where they are told so. */
export function outputsRead({ outputs }: Pick<Manifest, 'outputs'>): readonly string[] {
  return outputs.flatMap((output) => {
    if (output.kind !== 'boxes') return [output.name];
    const { name, scores, classIndices } = output;
    return classIndices === undefined ? [name, scores] : [name, scores, classIndices];
  });
}
