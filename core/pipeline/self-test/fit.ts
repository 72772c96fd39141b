import { isOverreadError, OverreadError } from '../../errors/index.ts';
import type { ModelProto } from '../../graph/index.ts';
import type { LoadedModel } from '../../model/index.ts';

/**
 * A runtime would say it in its own words, of the first difference, or only when it runs.
 * @throws OverreadError `model.graph-mismatch` where a graph does not fit the manifest, `graph.over-limit`, `graph.external-data`
 */
export async function requireFit({
  manifest,
  graph,
  decoder,
}: Pick<LoadedModel, 'manifest' | 'graph' | 'decoder'>): Promise<void> {
  const { decoderFaults, fitFaults, readModel } = await import('../../graph/index.ts');
  const faultsOf = (bytes: Uint8Array, fit: (model: ModelProto) => readonly string[]): readonly string[] => {
    let model: ModelProto;
    try {
      model = readModel(bytes);
    } catch (error) {
      // What is damaged is the runtime's to refuse: it says what is wrong with the file. What is sound and too much never reaches it.
      if (isOverreadError(error) && error.code !== 'graph.damaged') throw error;
      return [];
    }
    return fit(model);
  };
  const { prompts } = manifest;
  const faults = [
    ...faultsOf(graph, (model) => fitFaults(manifest, model)),
    ...(prompts === undefined || decoder === undefined
      ? []
      : faultsOf(decoder, (model) => decoderFaults(prompts, model))),
  ];
  if (faults.length === 0) return;
  throw new OverreadError('model.graph-mismatch', { why: faults.join('; '), details: { faults } });
}
