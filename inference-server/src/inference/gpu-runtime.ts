import { createGpuSession, type InferenceRuntime } from '@overread/core/pipeline';
import { createOrtSession } from './ort-session.ts';

/**
 * The WebGPU of onnxruntime-node as the pipeline's runtime. It names neither its adapter nor what that can do: a GPU without
 * half precision shows in the self-test of a model that needs it, and one without room shows when it is run (`computeWherePossible`).
 * @param device name of the GPU, for results
 */
export function gpuRuntime(device: string | null): InferenceRuntime {
  return {
    kind: 'node-gpu',
    threads: 1,
    device,
    createSession: (graph, inputShapes = {}) =>
      createGpuSession({ target: 'node-gpu', graph, inputShapes, float16: null }, (rewritten, { freeDimensions }) =>
        createOrtSession(rewritten, { executionProviders: ['webgpu'], freeDimensionOverrides: freeDimensions }),
      ),
  };
}
