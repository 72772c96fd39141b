import type { InferenceSession as OrtSession } from 'onnxruntime-node';
import { OverreadError, reasonOf } from '@overread/core/errors';
import { feedTensor, outputTensor, type InferenceSession, type Tensor } from '@overread/core/pipeline';
import { ortThread, type SentTensor } from './ort-thread/index.ts';

/** How all our sessions are made; what a place asks for on top is given to `createOrtSession`. */
const common: OrtSession.SessionOptions = {
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
  // From the second run of a shape on, a pattern is one more block beside the memory of the first run: twice as much is held.
  enableMemPattern: false,
};

let sessions = 0;

/**
 * A session of onnxruntime-node, in a thread of its own.
 * @throws OverreadError `runtime.out-of-memory`, or `model.graph-unusable` with what ONNX Runtime says
 */
export async function createOrtSession(
  graph: Uint8Array,
  options: OrtSession.SessionOptions,
): Promise<InferenceSession> {
  const thread = ortThread();
  const session = ++sessions;
  const { inputNames, outputNames, inputTypes } = await thread
    .ask({ kind: 'create', session, graph, options: { ...common, ...options } })
    .catch((error: unknown) => {
      throw failure(error, 'model.graph-unusable');
    });
  const desk = new FeedDesk();
  return {
    inputNames,
    outputNames,
    offThread: true,
    async run(feeds, wanted = outputNames) {
      const sent = Object.entries(feeds).map(
        ([name, tensor]) => [name, desk.put(name, feedTensor(tensor, inputTypes[name]))] as const,
      );
      const answers = await thread
        .ask({ kind: 'run', session, feeds: Object.fromEntries(sent), wanted })
        .catch((error: unknown) => {
          throw failure(error, 'runtime.failed');
        });
      return Object.fromEntries(Object.entries(answers).map(([name, output]) => [name, outputTensor(name, output)]));
    },
    release: async () => {
      // With a thread that ended its sessions are gone, and there is something else to be told.
      if (thread.alive) await thread.ask({ kind: 'release', session });
    },
  };
}

/** Memory that both threads see, in which feeds are handed over: one array per input, used again as long as its size stays. */
class FeedDesk {
  readonly #arrays = new Map<string, Tensor['data']>();

  /** The tensor with its values copied to where the thread reads them; they hold until the next of that name. */
  put(name: string, { type, dims, data }: Tensor): SentTensor {
    const known = this.#arrays.get(name);
    const fits = known !== undefined && known.constructor === data.constructor && known.length === data.length;
    const shared = fits ? known : sharedLike(data);
    this.#arrays.set(name, shared);
    // Arrays of one kind, as was seen.
    (shared as Float32Array).set(data as Float32Array);
    return { type, dims, data: shared };
  }
}

function sharedLike(data: Tensor['data']): Tensor['data'] {
  const Kind = data.constructor as new (memory: SharedArrayBuffer) => Tensor['data'];
  return new Kind(new SharedArrayBuffer(data.byteLength));
}

const memory = /bad_alloc|failed to allocate|out of memory|exceeds the max buffer size/i;
/** What is thrown on a GPU that is out of memory; that it is so (`VK_ERROR_OUT_OF_DEVICE_MEMORY`) only the log says. */
const noBuffer = /\[invalid buffer[^\]]*\] is invalid due to a previous error/i;

function failure(error: unknown, code: 'model.graph-unusable' | 'runtime.failed'): OverreadError {
  const why = reasonOf(error);
  if (noBuffer.test(why)) {
    const room = 'the GPU could not make a buffer that the graph needs';
    return new OverreadError('runtime.out-of-memory', { why: room, cause: error });
  }
  return new OverreadError(memory.test(why) ? 'runtime.out-of-memory' : code, { why, cause: error });
}
