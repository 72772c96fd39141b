import * as ort from 'onnxruntime-web/webgpu';
import {
  createGpuSession,
  createProcessorSession,
  feedTensor,
  fittingRuntime,
  outputTensor,
  type DeviceLabels,
  type InferenceRuntime,
  type InferenceSession,
  type PlaceLimits,
  type Tensor,
} from '@overread/core/pipeline';
import { OverreadError } from '@overread/core/errors';
import { runFailure, sessionFailure } from '../failure.ts';
import { GpuLabels, gpuLabels } from '../gpu/index.ts';
import { throwIfStopping } from '../stop/own-cell.ts';
import { guardThreads } from './threads-guard.ts';

/** Files of ONNX Runtime, as `env.wasm.wasmPaths` takes them: the folder where they stand, ending in a slash, or the address of each. */
export type OrtFiles = string | { readonly mjs: string; readonly wasm: string };

export interface OrtPlace {
  readonly kind: 'webgpu' | 'wasm';
  readonly threads: number;
  readonly device: string | null;
  /** Absent: whatever it needs is tried. */
  readonly limits?: PlaceLimits;
  /** Whether the GPU computes with half-precision floats; absent: the self-test will tell. A processor does. */
  readonly float16?: boolean | null;
}

/** WebAssembly addresses 4 GiB; ONNX Runtime itself and the gaps between its blocks take their share. */
export const wasmLimits: PlaceLimits = { value: null, total: 3.75 * 2 ** 30 };

/** Version of ONNX Runtime, part of what a passed self-test holds for. */
export const ortVersion = ort.env.versions.web ?? ort.env.versions.common;

/**
 * Settles what ONNX Runtime takes once per worker, before its first session.
 *
 * @param files its `.mjs` and `.wasm` files
 * @param threads WebAssembly threads, for every session of this worker
 */
export function configureOrt(files: OrtFiles, threads: number): void {
  ort.env.wasm.wasmPaths = files;
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
}

/** onnxruntime-web as the pipeline's runtime. */
export function ortRuntime({ float16 = null, ...place }: OrtPlace): InferenceRuntime {
  const { kind } = place;
  if (kind === 'wasm') {
    return fittingRuntime({
      ...place,
      createSession: (graph, inputShapes = {}) =>
        createProcessorSession({ target: kind, graph, inputShapes }, (rewritten) =>
          createSession(rewritten, { executionProviders: [kind] }),
        ),
    });
  }
  return fittingRuntime({
    ...place,
    createSession: (graph, inputShapes = {}, labelled = []) =>
      createGpuSession(
        { target: kind, graph, inputShapes, float16 },
        async (rewritten, { freeDimensions, floatOutputs }) => {
          const settings = { executionProviders: [kind], freeDimensionOverrides: freeDimensions };
          const stay = labelled.filter((name) => floatOutputs.includes(name));
          if (stay.length === 0) return { ...(await createSession(rewritten, settings)), offThread: true };
          const bound = Object.fromEntries(stay.map((name) => [name, 'gpu-buffer'] as const));
          return {
            ...(await createSession(rewritten, { ...settings, preferredOutputLocation: bound })),
            offThread: true,
            labelsOnDevice: async (outputs) =>
              gpuLabels(
                await ort.env.webgpu.device,
                outputs.filter(({ name }) => stay.includes(name)),
              ),
          };
        },
      ),
  });
}

async function createSession(
  model: Uint8Array,
  settings: ort.InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  throwIfStopping();
  // From the second run of a shape on, a memory pattern is one more block beside the memory of the first run, which WebAssembly keeps.
  const options = { graphOptimizationLevel: 'all', enableMemPattern: false, ...settings } as const;
  const session = await guardThreads(ort.InferenceSession.create(model, options)).catch((error: unknown) => {
    throw sessionFailure(error);
  });
  let failed = false;
  const types = new Map(session.inputMetadata.map((input) => [input.name, input.isTensor ? input.type : undefined]));
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds, wanted = session.outputNames, onDevice) {
      throwIfStopping();
      // What a run that failed had bound to the session, the next one would answer for.
      if (failed) throw new OverreadError('runtime.failed', { why: 'an earlier run of this session failed' });
      const inputs = Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor, types.get(name))] as const);
      try {
        const outputs = await guardThreads(session.run(Object.fromEntries(inputs), [...wanted]));
        return await answersOf(outputs, onDevice);
      } catch (error) {
        failed = true;
        throwIfStopping();
        throw runFailure(error);
      } finally {
        for (const [, tensor] of inputs) tensor.dispose();
      }
    },
    release: () => session.release(),
  };
}

function toOrt(tensor: Tensor, wanted: string | undefined): ort.Tensor {
  const { type, data, dims } = feedTensor(tensor, wanted);
  // The constructor's overloads pair each type with its array; a Tensor of ours already does.
  return new ort.Tensor(type as 'float32', data as Float32Array, dims);
}

/** Outputs as the caller's own: copied out of the heap or the GPU's memory, and let go there; or taken by what chooses labels on the GPU. */
async function answersOf(
  outputs: ort.InferenceSession.OnnxValueMapType,
  onDevice: DeviceLabels | undefined,
): Promise<Record<string, Tensor>> {
  const answers: Record<string, Tensor> = {};
  try {
    for (const [name, output] of Object.entries(outputs)) {
      const { type, dims, location } = output;
      if (location === 'gpu-buffer' && onDevice instanceof GpuLabels && onDevice.names.has(name)) {
        onDevice.take(name, { type, dims, buffer: output.gpuBuffer });
      } else answers[name] = outputTensor(name, { type, dims, data: await output.getData() });
    }
  } finally {
    for (const output of Object.values(outputs)) output.dispose();
  }
  if (onDevice instanceof GpuLabels) await onDevice.keepUp();
  return answers;
}
