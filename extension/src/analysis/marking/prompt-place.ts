import type { Progress } from '@overread/core/pipeline';
import { WorkerClient, type WorkerPrompts } from '@overread/inference-worker';
import type { Job } from '../backend.ts';
import { readAlong } from '../read-along.ts';

/** A promptable model that is open on a series. */
export type OpenPrompts = Pick<WorkerPrompts, 'encode' | 'decode' | 'keep'>;

/** Where the prompts of one series are answered: this browser alone, since the server runs a model once and is done. */
export interface PromptPlace {
  /** Opens the model on the series of the job; whatever was open here before answers no more. Rejects with an OverreadError. */
  open(
    job: Job,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
  ): Promise<OpenPrompts>;
  /** Gives the model, its embeddings and the worker back; the next one that is opened gets a fresh worker. */
  release(): void;
}

/**
 * A worker of its own: whatever ends that of the runs, or of another series, leaves the marks alone.
 * @param workerUrl Absolute address of `inference-worker.js`.
 */
export function createPromptPlace(workerUrl: string): PromptPlace {
  const client = new WorkerClient({ workerUrl });
  return {
    open: (job, options) =>
      readAlong(job, options, ({ volume }, onProgress) =>
        client.openPrompts({ modelUrl: job.model.url, volume }, { signal: options.signal, onProgress }),
      ),
    release: () => client.release(),
  };
}
