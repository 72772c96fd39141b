import type { InferenceRuntime } from '@overread/core/pipeline';
import { nodeSession } from '../../models/node-session.ts';

/** onnxruntime-node behind the pipeline's interface. */
export function nodeRuntime(threads = 2): InferenceRuntime {
  return { kind: 'node-cpu', threads, device: null, createSession: (graph) => nodeSession(graph, threads) };
}
