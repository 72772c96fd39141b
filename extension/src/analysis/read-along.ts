import type { Progress } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import type { Job } from './backend.ts';

interface Options {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

interface Read {
  readonly volume: Volume;
  readonly others: Readonly<Record<string, Volume>>;
}

/** The series of a job on their way. */
export interface Reading {
  readonly volume: Promise<Volume>;
  readonly others: Promise<Readonly<Record<string, Volume>>>;
}

/**
 * Reads the series of a job on the page's side while a worker gets the model ready; what a person follows is the images. Where either fails,
 * that is told at once.
 * @param use hands the series to the worker, and tells its progress
 */
export async function readAlong<T>(
  job: Job,
  { signal, onProgress }: Options,
  use: (reading: Reading, onProgress: Options['onProgress']) => Promise<T>,
): Promise<T> {
  let reading = true;
  let behind: Progress | null = null;
  const ended = new AbortController();
  const read = readSeries(job, {
    signal: AbortSignal.any([signal, ended.signal]),
    onProgress: (done, total) =>
      onProgress({ stage: 'images', unit: 'images', done, total, remainingMilliseconds: null }),
  }).then((all) => {
    reading = false;
    // From here on they wait for the worker, and see what it is at.
    if (behind !== null) onProgress(behind);
    return all;
  });
  // However long the model still takes; what is downloaded serves the next run.
  const failed = read.then(() => new Promise<never>(() => undefined));
  const series = { volume: read.then(({ volume }) => volume), others: read.then(({ others }) => others) };
  // A failure of the one that nobody takes is told by `failed`.
  for (const one of Object.values(series)) one.catch(() => undefined);
  try {
    const used = use(series, (progress) => {
      if (reading) behind = progress;
      else onProgress(progress);
    });
    return await Promise.race([used, failed]);
  } finally {
    // Where the model is at fault, nobody needs the images.
    ended.abort();
  }
}

/** All series of a job, one after the other. */
async function readSeries(job: Job, options: Parameters<Job['readVolume']>[1]): Promise<Read> {
  const volume = await job.readVolume(job.seriesInstanceUID, options);
  const others: [string, Volume][] = [];
  for (const [channel, series] of Object.entries(job.otherSeries)) {
    others.push([channel, await job.readVolume(series, options)]);
  }
  return { volume, others: Object.fromEntries(others) };
}
