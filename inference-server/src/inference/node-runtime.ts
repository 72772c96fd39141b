import { availableParallelism, cpus } from 'node:os';
import * as ort from 'onnxruntime-node';
import { OverreadError, reasonOf } from '@overread/core/errors';
import { outputTensor, type InferenceRuntime, type InferenceSession, type Tensor } from '@overread/core/pipeline';

/** All cores but one: the archive and the viewer's server may live on the same machine. */
export const defaultThreads = Math.max(1, availableParallelism() - 1);

/** The processor, for the place named in results. */
export function cpuName(): string | null {
  return cpus()[0]?.model.trim() || null;
}

/** onnxruntime-node on the CPU as the pipeline's runtime. */
export function nodeRuntime(threads = defaultThreads): InferenceRuntime {
  return { kind: 'node-cpu', threads, device: cpuName(), createSession: (model) => createSession(model, threads) };
}

async function createSession(model: Uint8Array, threads: number): Promise<InferenceSession> {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
  }).catch((error: unknown) => {
    throw new OverreadError('model.graph-unusable', { why: reasonOf(error), cause: error });
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
  const inputs = Object.entries(feeds).map(([name, { type, data, dims }]) => {
    // The constructor's overloads pair each type with its array; a Tensor of ours already does.
    return [name, new ort.Tensor(type as 'float32', data as Float32Array, dims)] as const;
  });
  const outputs = await session.run(Object.fromEntries(inputs)).catch((error: unknown) => {
    const why = reasonOf(error);
    const code = /bad_alloc|failed to allocate|out of memory/i.test(why) ? 'runtime.out-of-memory' : 'runtime.failed';
    throw new OverreadError(code, { why, cause: error });
  });
  return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, fromOrt(name, output)]));
}

/** The output's memory belongs to the native library until the tensor is disposed, so the caller gets a copy. */
function fromOrt(name: string, output: ort.Tensor): Tensor {
  const { type, data, dims } = output;
  const own = outputTensor(name, { type, dims: [...dims], data: (data as Float32Array).slice() });
  output.dispose();
  return own;
}
