import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answered, ThreadAnswers, ThreadTask } from './messages.ts';

export type { SentTensor } from './messages.ts';

// The same file name as source and as compiled for the registry.
const program = new URL(`./main${extname(import.meta.url)}`, import.meta.url);

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** The thread that ONNX Runtime computes in, so that this one is free meanwhile: to cut the next window, to take what the last one said. */
class OrtThread {
  readonly #worker = new Worker(program);
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #failure: Error | null = null;

  constructor() {
    // It alone keeps no program from ending.
    this.#worker.unref();
    this.#worker.on('message', (answer: Answered) => this.#take(answer));
    this.#worker.on('messageerror', (error: Error) => this.#end(error));
    this.#worker.on('error', (error: Error) => this.#end(error));
    this.#worker.on('exit', (code) => this.#end(new Error(`the thread of ONNX Runtime ended with code ${code}`)));
  }

  get alive(): boolean {
    return this.#failure === null;
  }

  /** @throws Error with what ONNX Runtime says */
  ask<Kind extends ThreadTask['kind']>(task: Extract<ThreadTask, { kind: Kind }>): Promise<ThreadAnswers[Kind]> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure);
        return;
      }
      const id = ++this.#asked;
      // What cannot be sent throws here, and nothing is waited for.
      this.#worker.postMessage({ ...task, id });
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
    });
  }

  #take(answer: Answered): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (answer.ok) waiting?.resolve(answer.value as never);
    else waiting?.reject(new Error(answer.why));
  }

  #end(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

let thread: OrtThread | null = null;

/** The one thread of this program; started with the first session, and anew should it have failed. */
export function ortThread(): OrtThread {
  if (thread === null || !thread.alive) thread = new OrtThread();
  return thread;
}
