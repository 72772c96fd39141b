import type { LoadedModel } from '@overread/core/model';
import { selfTestValues } from '@overread/core/pipeline';
import { nodeRuntime } from '../../inference-server/src/inference/node-runtime.ts';
import type { PackageFiles } from './test-models.ts';

/**
 * A package as a site serves it, with its self-test as onnxruntime-node answers it.
 * @param shape of the self-test's input
 */
export async function servedFiles(
  { manifest, graph, decoder }: LoadedModel,
  shape: readonly number[],
): Promise<PackageFiles> {
  const selfTest = { seed: 3, shape: [...shape], range: [-1, 1] as [number, number], expected: [], tolerance: 1e-4 };
  const session = await nodeRuntime(1).createSession(graph);
  const expected = await selfTestValues({ ...manifest, selfTest }, session, 2);
  await session.release();
  const json = JSON.stringify({ ...manifest, selfTest: { ...selfTest, expected } });
  return {
    'model.json': new TextEncoder().encode(json),
    [manifest.graph.path]: graph,
    ...(decoder !== undefined && { [manifest.prompts!.decoder.path]: decoder }),
  };
}
