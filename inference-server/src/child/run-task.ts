import type { Analysis } from '@overread/core/analysis';
import { analyse, runSelfTest } from '@overread/core/pipeline';
import { Archive } from '../dicomweb/archive.ts';
import { loadSeries } from '../dicomweb/load-series.ts';
import { nodeRuntime } from '../inference/node-runtime.ts';
import { loadModelFolder } from '../catalogue/model-folder.ts';
import type { ComputationEvents } from '../jobs/compute-process.ts';
import type { ChildTask } from './messages.ts';

/** A whole run: model, self-test, series, pipeline. */
export async function runTask(task: ChildTask, { onProgress, onSelfTestPassed }: ComputationEvents): Promise<Analysis> {
  const runtime = nodeRuntime(task.threads);
  const model = await loadModelFolder(task.modelFolder);
  if (!task.passedSelfTests.includes(model.digest)) {
    onProgress({ stage: 'self-test', done: 0, total: 1, unit: 'steps', remainingMilliseconds: null });
    await runSelfTest(model, runtime);
    onSelfTestPassed(model.digest);
  }
  const series = await loadSeries(new Archive(task.archive), task.request, (done, total) =>
    onProgress({ stage: 'images', done, total, unit: 'images', remainingMilliseconds: null }),
  );
  const place = {
    location: 'server',
    runtime: runtime.kind,
    threads: runtime.threads,
    device: runtime.device,
    skipped: [],
  } as const;
  return analyse({ ...series, model, place }, runtime, { onProgress });
}
