import * as ort from 'onnxruntime-node';
import { OverreadError, reasonOf } from '@overread/core/errors';
import { feedTensor, outputTensor, type InferenceSession, type Tensor } from '@overread/core/pipeline';

/** How all our sessions are made; what a place asks for on top is given to `createOrtSession`. */
const common: ort.InferenceSession.SessionOptions = {
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
  // From the second run of a shape on, a pattern is one more block beside the memory of the first run: twice as much is held.
  enableMemPattern: false,
};

/**
 * A session of onnxruntime-node.
 * @throws OverreadError `runtime.out-of-memory`, or `model.graph-unusable` with what ONNX Runtime says
 */
export async function createOrtSession(
  model: Uint8Array,
  options: ort.InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  const session = await ort.InferenceSession.create(model, { ...common, ...options }).catch((error: unknown) => {
    throw failure(error, 'model.graph-unusable');
  });
  const types = new Map(session.inputMetadata.map((input) => [input.name, input.isTensor ? input.type : undefined]));
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds, outputs = session.outputNames) {
      const inputs = Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor, types.get(name))] as const);
      const answers = await session.run(Object.fromEntries(inputs), [...outputs]).catch((error: unknown) => {
        throw failure(error, 'runtime.failed');
      });
      return Object.fromEntries(Object.entries(answers).map(([name, output]) => [name, fromOrt(name, output)]));
    },
    release: () => session.release(),
  };
}

function toOrt(tensor: Tensor, wanted: string | undefined): ort.Tensor {
  const { type, data, dims } = feedTensor(tensor, wanted);
  // The constructor's overloads pair each type with its array; a Tensor of ours already does.
  const made = new ort.Tensor(type as 'float32', data as Float32Array, dims);
  // Where the language has a Float16Array the constructor makes one of the bits, which the native side does not read.
  if (type === 'float16') Object.defineProperty(made, 'data', { value: data });
  return made;
}

/**
 * The output as the caller's own, as it came: its memory lies with the native library, which frees it once nobody holds the array, and
 * no later run writes there.
 */
function fromOrt(name: string, output: ort.Tensor): Tensor {
  const { type, data, dims } = output;
  return outputTensor(name, { type, dims: [...dims], data });
}

const memory = /bad_alloc|failed to allocate|out of memory|exceeds the max buffer size/i;

function failure(error: unknown, code: 'model.graph-unusable' | 'runtime.failed'): OverreadError {
  const why = reasonOf(error);
  return new OverreadError(memory.test(why) ? 'runtime.out-of-memory' : code, { why, cause: error });
}
