import { WorkerClient } from '@overread/inference-worker';
import { text } from '../text/index.ts';
import type { InferenceBackend } from './backend.ts';
import { readAlong } from './read-along.ts';

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
    analyse: (job, options) =>
      readAlong(job, options, (series, onProgress) =>
        client.analyse({ modelUrl: job.model.url, ...series }, { signal: options.signal, onProgress }),
      ),
    explain: (job, options) =>
      readAlong(job, options, (series, onProgress) =>
        client.explain({ modelUrl: job.model.url, of: job.of, ...series }, { signal: options.signal, onProgress }),
      ),
    release: () => client.release(),
  };
}
