export { WorkerClient, type RunOptions, type WorkerClientOptions, type WorkerJob } from './client.ts';
export type { WorkerPrompts } from './client/worker-prompts.ts';
