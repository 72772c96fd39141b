import type { LoadedModel, Manifest } from '@overread/core/model';
import { recordedSelfTest } from '@overread/core/pipeline';
import { nodeRuntime } from '../../inference-server/src/inference/node-runtime.ts';
import type { PackageFiles } from './test-models.ts';

/**
 * A package as a site serves it, with its self-test as onnxruntime-node answers it.
 * @param shape of the self-test's input
 * @param tested `encoder`: a promptable model's decoder is not, as it takes inputs of one size only
 */
export async function servedFiles(
  { manifest, graph, decoder }: LoadedModel,
  shape: readonly number[],
  tested: 'encoder' | 'both' = 'both',
): Promise<PackageFiles> {
  const untested: Manifest['selfTest'] = { seed: 3, shape: [...shape], range: [-1, 1], expected: [], tolerance: 1e-4 };
  const run = tested === 'both' && decoder !== undefined && { decoder };
  const model = { manifest: { ...manifest, selfTest: untested }, graph, ...run };
  const json = JSON.stringify({ ...manifest, selfTest: await recordedSelfTest(model, nodeRuntime(1), 2) });
  return {
    'model.json': new TextEncoder().encode(json),
    [manifest.graph.path]: graph,
    ...(decoder !== undefined && { [manifest.prompts!.decoder.path]: decoder }),
  };
}
