import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { ServerConfig } from './config.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { registerAnalyses } from './routes/analyses.ts';
import { registerErrors } from './routes/errors.ts';
import { registerService } from './routes/service.ts';
import { computeWith } from './compute.ts';

const hour = 3_600_000;

/** The companion server, built but not listening: tests send it requests without a port. */
export function buildApp(
  config: Omit<ServerConfig, 'port'>,
  options: Pick<FastifyServerOptions, 'logger'> = { logger: false },
): FastifyInstance {
  const app = fastify({ ...options, bodyLimit: 16 * 1024, forceCloseConnections: true });
  const queue = new JobQueue({ start: computeWith(config), maxWaiting: 16, maxKept: 8, keepFor: hour });
  app.addHook('onClose', (_app, done) => {
    queue.close();
    done();
  });
  registerErrors(app);
  app.register(
    (api, _options, done) => {
      registerService(api, queue, config.models, config.threads);
      registerAnalyses(api, queue, config.models);
      done();
    },
    { prefix: '/api/v1' },
  );
  return app;
}
