import { OverreadError } from '@overread/core/errors';
import type { AnalysisRequest } from '@overread/core/protocol';
import type { ServerConfig } from './config.ts';
import { startComputation, type Computation } from './jobs/compute-process.ts';
import type { Listener } from './jobs/job.ts';
import { listModels } from './catalogue/model-folder.ts';

/**
 * How a job is computed: its model is looked up, then a process does the rest. A model whose self-test passed on this
 * machine since the server started is not tested again.
 */
export function computeWith({ archive, threads, models }: Omit<ServerConfig, 'port'>) {
  const passedSelfTests = new Set<string>();
  return (request: AnalysisRequest, onEvent: Listener): Computation => {
    let running: Computation | null = null;
    let cancelled = false;
    const run = async () => {
      const model = (await listModels(models)).find(({ id }) => id === request.model);
      if (model === undefined) throw new OverreadError('model.not-found');
      if (cancelled) throw new OverreadError('run.cancelled');
      const task = { request, modelFolder: model.folder, archive, threads, passedSelfTests: [...passedSelfTests] };
      running = startComputation(task, {
        onProgress: (progress) => onEvent({ kind: 'progress', progress }),
        onSelfTestPassed: (digest) => passedSelfTests.add(digest),
      });
      return running.result;
    };
    return {
      result: run(),
      cancel() {
        cancelled = true;
        running?.cancel();
      },
    };
  };
}
