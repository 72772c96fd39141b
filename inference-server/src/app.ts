import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { defaultWarmBytes, type ComputeConfig } from './config.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { analyses, explanations, registerJobs } from './routes/jobs.ts';
import { registerErrors } from './routes/errors.ts';
import { registerService } from './routes/service.ts';
import { Compute } from './compute.ts';

const hour = 3_600_000;
const minute = 60_000;

type Optional = 'gpu' | 'warmBytes';

/** The companion server, built but not listening: tests send it requests without a port. */
export function buildApp(
  {
    gpu = 'auto',
    warmBytes = defaultWarmBytes,
    ...rest
  }: Omit<ComputeConfig, Optional> & Partial<Pick<ComputeConfig, Optional>>,
  options: Pick<FastifyServerOptions, 'logger'> = { logger: false },
): FastifyInstance {
  const app = fastify({ ...options, bodyLimit: 16 * 1024, forceCloseConnections: true });
  const config = { gpu, warmBytes, ...rest };
  const compute = new Compute(config, { mostBytes: warmBytes, keepFor: 10 * minute });
  const queue = new JobQueue({ start: (...job) => compute.start(...job), maxWaiting: 16, maxKept: 8, keepFor: hour });
  app.addHook('onClose', (_app, done) => {
    queue.close();
    compute.close();
    done();
  });
  registerErrors(app);
  app.register(
    (api, _options, done) => {
      registerService(api, queue, config);
      for (const routes of [analyses, explanations]) registerJobs(api, queue, config.models, routes);
      done();
    },
    { prefix: '/api/v1' },
  );
  return app;
}
