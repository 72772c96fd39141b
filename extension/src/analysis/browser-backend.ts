import type { Progress } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { WorkerClient } from '@overread/inference-worker';
import { text } from '../text/index.ts';
import type { InferenceBackend, Job } from './backend.ts';

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
      const read = readSeries(job, {
        signal: AbortSignal.any([signal, ended.signal]),
        onProgress: (done, total) =>
          onProgress({ stage: 'images', unit: 'images', done, total, remainingMilliseconds: null }),
      }).then((series) => {
        reading = false;
        // From here on they wait for the worker, and see what it is at.
        if (behind !== null) onProgress(behind);
        return series;
      });
      // Told at once, however long the model still takes; what is downloaded serves the next run.
      const failed = read.then(() => new Promise<never>(() => undefined));
      try {
        const run = client.analyse(
          {
            modelUrl: job.model.url,
            volume: read.then(({ volume }) => volume),
            others: read.then(({ others }) => others),
          },
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

/** All series of a job, one after the other. */
async function readSeries(job: Job, options: Parameters<Job['readVolume']>[1]) {
  const volume = await job.readVolume(job.seriesInstanceUID, options);
  const others: [string, Volume][] = [];
  for (const [channel, series] of Object.entries(job.otherSeries)) {
    others.push([channel, await job.readVolume(series, options)]);
  }
  return { volume, others: Object.fromEntries(others) };
}
