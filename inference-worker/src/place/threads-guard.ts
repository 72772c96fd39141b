import { OverreadError } from '@overread/core/errors';

// ONNX Runtime starts its threads by the global `Worker` and then waits for them, forever where one cannot start (a
// Content-Security-Policy, a file that is not served) or dies. So each Worker that this worker starts is listened to.

const waiting = new Set<(error: OverreadError) => void>();
let failure: OverreadError | null = null;

/** For workers of our own, which are no threads of ONNX Runtime's. */
export const UnwatchedWorker = globalThis.Worker;

/** Listens to every Worker started from now on. */
function watchThreads(): void {
  globalThis.Worker = class extends UnwatchedWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener('error', ({ message }) => threadFailed(message));
    }
  };
}

// A worker inside a worker is not everywhere; then there are no threads either.
if ('Worker' in globalThis) watchThreads();

/** What `work` gives, unless a thread fails before. */
export function guardThreads<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (failure !== null) {
      reject(failure);
      return;
    }
    waiting.add(reject);
    work.then(resolve, reject).finally(() => waiting.delete(reject));
  });
}

/** The browser gives no message where a policy or the network is at fault. */
function threadFailed(message: string | undefined): void {
  const why = message
    ? `a thread failed: ${message}`
    : 'its threads could not be started (blocked, or a file not served)';
  failure = new OverreadError('runtime.unavailable', { why });
  for (const reject of waiting) reject(failure);
  waiting.clear();
}
