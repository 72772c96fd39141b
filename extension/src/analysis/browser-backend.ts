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
      // Images are read on the page's side while the worker loads the model; what a person follows is the images.
      let reading = true;
      const ended = new AbortController();
      const volume = job
        .readVolume({
          signal: AbortSignal.any([signal, ended.signal]),
          onProgress: (done, total) =>
            onProgress({ stage: 'images', unit: 'images', done, total, remainingMilliseconds: null }),
        })
        .finally(() => (reading = false));
      try {
        return await client.analyse(
          { modelUrl: job.model.url, volume },
          { signal, onProgress: (progress) => (reading ? undefined : onProgress(progress)) },
        );
      } finally {
        // Where the model is at fault, nobody needs the images.
        ended.abort();
      }
    },
    release: () => client.release(),
  };
}
