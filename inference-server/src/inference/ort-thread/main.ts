import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, type Transferable } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import type { Answered, Asked, SentTensor, ThreadAnswers, ThreadTask } from './messages.ts';

// The thread with ONNX Runtime and nothing else: its calls occupy the thread that makes them.

if (parentPort === null) throw new Error('this program is started as a thread');
const port = parentPort;
const sessions = new Map<number, ort.InferenceSession>();

// This thread makes next to no garbage, so V8 would hardly ever look for any: the memory in which a session's feeds were handed over, up to
// a whole volume, stayed for as long as the thread still had a view of it.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function perform(task: ThreadTask): Promise<ThreadAnswers[ThreadTask['kind']]> {
  switch (task.kind) {
    case 'create': {
      const session = await ort.InferenceSession.create(task.graph, task.options);
      sessions.set(task.session, session);
      const types = session.inputMetadata.flatMap((input) => (input.isTensor ? [[input.name, input.type]] : []));
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        inputTypes: Object.fromEntries(types) as Record<string, string>,
      };
    }
    case 'run': {
      const feeds = Object.entries(task.feeds).map(([name, tensor]) => [name, toOrt(tensor)] as const);
      const outputs = await sessionOf(task).run(Object.fromEntries(feeds), [...task.wanted]);
      const sent = Object.entries(outputs).map(([name, { type, dims, data }]) => [name, { type, dims, data }] as const);
      return Object.fromEntries(sent);
    }
    case 'release':
      await sessionOf(task).release();
      sessions.delete(task.session);
      collectGarbage();
      return null;
  }
}

function sessionOf({ session }: { readonly session: number }): ort.InferenceSession {
  const found = sessions.get(session);
  if (found === undefined) throw new Error(`there is no session ${session}`);
  return found;
}

function toOrt({ type, data, dims }: SentTensor): ort.Tensor {
  // The constructor's overloads pair each type with its array; who sends a tensor already does.
  const made = new ort.Tensor(type as 'float32', data as Float32Array, dims);
  // Where the language has a Float16Array the constructor makes one of the bits, which the native side does not read.
  if (type === 'float16') Object.defineProperty(made, 'data', { value: data });
  return made;
}

/** The arrays of outputs: handed over, not copied. */
function arraysOf(value: ThreadAnswers[ThreadTask['kind']]): Transferable[] {
  if (value === null || 'inputNames' in value) return [];
  return [
    ...new Set(Object.values(value).flatMap(({ data }) => (ArrayBuffer.isView(data) ? [data.buffer] : []))),
  ].filter((buffer) => buffer instanceof ArrayBuffer);
}

async function answerTo(task: Asked): Promise<void> {
  let answer: Answered;
  try {
    answer = { id: task.id, ok: true, value: await perform(task) };
  } catch (error) {
    answer = { id: task.id, ok: false, why: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer, answer.ok ? arraysOf(answer.value) : []);
}

// One after another: ONNX Runtime is not asked twice at a time.
let last: Promise<void> = Promise.resolve();
port.on('message', (task: Asked) => {
  last = last.then(() => answerTo(task));
});
