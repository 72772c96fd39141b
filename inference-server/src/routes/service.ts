import type { FastifyInstance } from 'fastify';
import type { Health, ModelList } from '@overread/core/protocol';
import { cpuName } from '../inference/node-runtime.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import { listModels, loadModelFolder } from '../catalogue/model-folder.ts';
import manifest from '../../package.json' with { type: 'json' };

/** `/health` and `/models`: what the panel asks before it offers the server. */
export function registerService(app: FastifyInstance, queue: JobQueue, modelsFolder: string, threads: number): void {
  app.get('/health', (): Health => {
    const runtime = { kind: 'node-cpu', threads, device: cpuName() } as const;
    return { status: 'ok', version: manifest.version, runtime, waiting: queue.waiting, running: queue.running };
  });

  app.get('/models', async (): Promise<ModelList> => {
    const listed = await listModels(modelsFolder);
    const loaded = await Promise.all(listed.map(({ folder }) => loadModelFolder(folder)));
    return { models: loaded.map(({ manifest: { id, version, title }, digest }) => ({ id, version, title, digest })) };
  });
}
