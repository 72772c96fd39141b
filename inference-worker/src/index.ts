export { WorkerClient, type RunOptions, type WorkerClientOptions, type WorkerJob } from './client.ts';
