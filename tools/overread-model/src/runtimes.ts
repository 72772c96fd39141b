import type { InferenceRuntime } from '@overread/core/pipeline';
import { ortRuntime } from '@overread/inference-worker/runtime';
import { nodeRuntime } from '@overread/server/runtime';

/** onnxruntime-node, with all cores but one. */
export function onNode(): InferenceRuntime {
  return nodeRuntime();
}

/** onnxruntime-web's WebAssembly in this Node, one thread: what a browser without cross-origin isolation runs. */
export function onWebAssembly(): InferenceRuntime {
  return ortRuntime({ kind: 'wasm', threads: 1, device: null });
}
