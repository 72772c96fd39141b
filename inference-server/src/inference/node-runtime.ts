import { availableParallelism, cpus } from 'node:os';
import { createProcessorSession, type InferenceRuntime } from '@overread/core/pipeline';
import { createOrtSession } from './ort-session.ts';

/** All cores but one: the archive and the viewer's server may live on the same machine. */
export const defaultThreads = Math.max(1, availableParallelism() - 1);

/** The processor, for the place named in results. */
export function cpuName(): string | null {
  return cpus()[0]?.model.trim() || null;
}

/** onnxruntime-node on the CPU as the pipeline's runtime. */
export function nodeRuntime(threads = defaultThreads): InferenceRuntime {
  return {
    kind: 'node-cpu',
    threads,
    device: cpuName(),
    limits: { value: null, total: process.availableMemory() },
    createSession: (graph, inputShapes = {}) =>
      createProcessorSession({ target: 'node-cpu', graph, inputShapes }, (rewritten) =>
        createOrtSession(rewritten, { executionProviders: ['cpu'], intraOpNumThreads: threads }),
      ),
  };
}
