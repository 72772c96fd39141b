import type { Progress } from '@overread/core/pipeline';
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
      let behind: Progress | null = null;
      const ended = new AbortController();
      const volume = job
        .readVolume({
          signal: AbortSignal.any([signal, ended.signal]),
          onProgress: (done, total) =>
            onProgress({ stage: 'images', unit: 'images', done, total, remainingMilliseconds: null }),
        })
        .then((read) => {
          reading = false;
          // From here on they wait for the worker, and see what it is at.
          if (behind !== null) onProgress(behind);
          return read;
        });
      // Told at once, however long the model still takes; what is downloaded serves the next run.
      const failed = volume.then(() => new Promise<never>(() => undefined));
      try {
        const run = client.analyse(
          { modelUrl: job.model.url, volume },
          {
            signal,
            onProgress: (progress) => {
              if (reading) behind = progress;
              else onProgress(progress);
            },
          },
        );
        return await Promise.race([run, failed]);
      } finally {
        // Where the model is at fault, nobody needs the images.
        ended.abort();
      }
    },
    release: () => client.release(),
  };
}
