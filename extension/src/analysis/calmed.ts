import type { ProgressListener } from '@overread/core/pipeline';

/** Nobody reads faster, and each telling draws the panel anew: ms. */
const interval = 100;

/** Passes on every new stage and the end of each at once, and what lies between ten times a second. */
export function calmed(listener: ProgressListener, now: () => number = () => performance.now()): ProgressListener {
  let stage: string | null = null;
  let told = 0;
  return (progress) => {
    if (progress.stage === stage && progress.done < progress.total && now() - told < interval) return;
    stage = progress.stage;
    told = now();
    listener(progress);
  };
}
