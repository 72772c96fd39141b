import * as ort from 'onnxruntime-web/webgpu';
import {
  createGpuSession,
  outputTensor,
  type InferenceRuntime,
  type InferenceSession,
  type Tensor,
} from '@overread/core/pipeline';
import { runFailure, sessionFailure } from '../failure.ts';
import { guardThreads } from './threads-guard.ts';

export interface OrtPlace {
  readonly kind: 'webgpu' | 'wasm';
  readonly threads: number;
  readonly device: string | null;
}

/** Version of ONNX Runtime, part of what a passed self-test holds for. */
export const ortVersion = ort.env.versions.web ?? ort.env.versions.common;

/**
 * Settles what ONNX Runtime takes once per worker, before its first session.
 *
 * @param runtimeUrl folder of its `.mjs` and `.wasm` files, ending in a slash
 * @param threads WebAssembly threads, for every session of this worker
 */
export function configureOrt(runtimeUrl: string, threads: number): void {
  ort.env.wasm.wasmPaths = runtimeUrl;
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
}

/** onnxruntime-web as the pipeline's runtime. */
export function ortRuntime(place: OrtPlace): InferenceRuntime {
  const create = (graph: Uint8Array) => createSession(graph, place.kind);
  if (place.kind === 'wasm') return { ...place, createSession: create };
  return {
    ...place,
    createSession: (graph, inputShapes = {}) => createGpuSession({ target: 'webgpu', graph, inputShapes }, create),
  };
}

async function createSession(model: Uint8Array, kind: OrtPlace['kind']): Promise<InferenceSession> {
  const options = { executionProviders: [kind], graphOptimizationLevel: 'all' } as const;
  const session = await guardThreads(ort.InferenceSession.create(model, options)).catch((error: unknown) => {
    throw sessionFailure(error);
  });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: (feeds) => run(session, feeds),
    release: () => session.release(),
  };
}

async function run(
  session: ort.InferenceSession,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, Tensor>>> {
  const inputs = Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor)] as const);
  try {
    const outputs = await guardThreads(session.run(Object.fromEntries(inputs)));
    const answers = Object.entries(outputs).map(([name, output]) => [name, fromOrt(name, output)] as const);
    return Object.fromEntries(answers);
  } catch (error) {
    throw runFailure(error);
  } finally {
    for (const [, tensor] of inputs) tensor.dispose();
  }
}

function toOrt({ type, data, dims }: Tensor): ort.Tensor {
  // The constructor's overloads pair each type with its array; a Tensor of ours already does.
  return new ort.Tensor(type as 'float32', data as Float32Array, dims);
}

/** The output as the caller's own: onnxruntime-web copies outputs out of its heap, and the tensor is let go here. */
function fromOrt(name: string, output: ort.Tensor): Tensor {
  const own = outputTensor(name, output);
  output.dispose();
  return own;
}
