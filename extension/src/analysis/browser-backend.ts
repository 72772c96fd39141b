import { WorkerClient } from '@overread/inference-worker';
import { text } from '../text/index.ts';
import type { InferenceBackend } from './backend.ts';

/**
 * Runs in this browser: the viewer's images go to a worker, nothing leaves the workstation.
 * @param workerUrl Absolute address of `inference-worker.js`.
 */
export function createBrowserBackend(workerUrl: string): InferenceBackend {
  const client = new WorkerClient({ workerUrl });
  return {
    location: 'browser',
    availability: () =>
      Promise.resolve(
        typeof WebAssembly === 'object' && typeof Worker === 'function'
          ? { ok: true }
          : { ok: false, reason: text('place.noWebAssembly') },
      ),
    async analyse(job, { signal, onProgress }) {
      const volume = await job.readVolume({
        signal,
        onProgress: (done, total) =>
          onProgress({ stage: 'images', unit: 'images', done, total, remainingMilliseconds: null }),
      });
      signal.throwIfAborted();
      return client.analyse({ modelUrl: job.model.url, volume }, { signal, onProgress });
    },
    release: () => client.release(),
  };
}
