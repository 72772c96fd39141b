import type { FastifyInstance } from 'fastify';
import type { Health, ModelList } from '@overread/core/protocol';
import type { ComputeConfig } from '../config.ts';
import { findGpu } from '../inference/gpu-device.ts';
import { cpuName } from '../inference/node-runtime.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import { listModels, loadModelFolder } from '../catalogue/model-folder.ts';
import manifest from '../../package.json' with { type: 'json' };

/** `/health` and `/models`: what the panel asks before it offers the server. */
export function registerService(
  app: FastifyInstance,
  queue: JobQueue,
  { models: modelsFolder, threads, gpu }: Pick<ComputeConfig, 'models' | 'threads' | 'gpu'>,
): void {
  const found = findGpu(gpu);
  app.get('/health', (): Health => {
    // Where a run is first tried; whether a model passes its self-test there shows in its result.
    const runtime = found.ok
      ? ({ kind: 'node-gpu', threads: 1, device: found.device } as const)
      : ({ kind: 'node-cpu', threads, device: cpuName() } as const);
    return { status: 'ok', version: manifest.version, runtime, waiting: queue.waiting, running: queue.running };
  });

  app.get('/models', async (): Promise<ModelList> => {
    const listed = await listModels(modelsFolder);
    const loaded = await Promise.all(listed.map(({ folder }) => loadModelFolder(folder)));
    return { models: loaded.map(({ manifest: { id, version, title }, digest }) => ({ id, version, title, digest })) };
  });
}
