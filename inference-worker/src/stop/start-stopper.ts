import { UnwatchedWorker } from '../place/threads-guard.ts';
import { startWorker } from '../start-worker.ts';

/** A stopper that does not answer is not waited for any longer than this, ms: the model runs without. */
const patience = 3_000;

/** Starts a stopper, and resolves once it listens: a worker inside a worker does not start while its parent computes. */
export function startStopper(url: string): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const stopper = startWorker(url, 'overread-stopper', UnwatchedWorker);
    const fail = (why: string) => {
      stopper.terminate();
      reject(new Error(why));
    };
    const timer = setTimeout(() => fail('it does not answer'), patience);
    stopper.addEventListener('message', () => {
      clearTimeout(timer);
      resolve(stopper);
    });
    stopper.addEventListener('error', (event) => {
      // Else it would be an error of this worker.
      event.preventDefault();
      fail(event.message);
    });
  });
}
