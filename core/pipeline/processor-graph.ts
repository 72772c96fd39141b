import type { InputShapes, ModelProto, Target } from '../graph/index.ts';
import { loadGraphTools } from './graph-tools.ts';

/**
 * The graph as a processor gives the best answer to it: what ONNX Runtime computes there with too few digits is rewritten. The same bytes where
 * there is nothing to be rewritten, and for a file that core/graph does not read: the runtime says what is wrong with it.
 * @param inputShapes shapes of the inputs, as far as they are the same at every run
 * @throws OverreadError `runtime.unavailable` where the code for it cannot be loaded
 */
export async function processorGraph(
  target: Extract<Target, 'wasm' | 'node-cpu'>,
  graph: Uint8Array,
  inputShapes: InputShapes = {},
): Promise<Uint8Array> {
  const { readModel, rewriteForTarget, writeModel } = await loadGraphTools();
  let original: ModelProto;
  try {
    original = readModel(graph);
  } catch {
    return graph;
  }
  const { model, applied } = rewriteForTarget(original, target, { inputShapes });
  return applied.length === 0 ? graph : writeModel(model);
}
