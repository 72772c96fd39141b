import type { FastifyInstance } from 'fastify';
import { OverreadError } from '@overread/core/errors';
import { analysisRequestSchema, arrayToBytes, explanationRequestSchema, parseMessage } from '@overread/core/protocol';
import type { JobQueue } from '../jobs/job-queue.ts';
import { isFinal, statusOf, type Job, type Packed, type Task } from '../jobs/job.ts';
import { listModels } from '../catalogue/model-folder.ts';
import { openEventStream } from './event-stream.ts';

interface ById {
  Params: { id: string };
}

/** How one kind of task is asked for and answered; everything between is the same. */
interface JobRoutes {
  readonly path: string;
  readonly kind: Task['kind'];
  /** @throws OverreadError `server.bad-request` */
  readonly taskOf: (body: unknown) => Task;
  /** Name of the result's document in the answer. */
  readonly document: string;
}

export const analyses: JobRoutes = {
  path: '/analyses',
  kind: 'analysis',
  taskOf: (body) => ({
    kind: 'analysis',
    request: parseMessage(analysisRequestSchema, body, 'body', 'server.bad-request'),
  }),
  document: 'analysis',
};

export const explanations: JobRoutes = {
  path: '/explanations',
  kind: 'explanation',
  taskOf: (body) => ({
    kind: 'explanation',
    request: parseMessage(explanationRequestSchema, body, 'body', 'server.bad-request'),
  }),
  document: 'heatMap',
};

/** Jobs of one kind: start, look, follow, fetch, cancel. All kinds wait in one queue. */
export function registerJobs(
  app: FastifyInstance,
  queue: JobQueue,
  modelsFolder: string,
  { path, kind, taskOf, document }: JobRoutes,
): void {
  /** @throws OverreadError `server.not-found` where the id is that of another kind of job, too */
  const find = (id: string): Job => {
    const job = queue.get(id);
    if (job.task.kind !== kind) throw new OverreadError('server.not-found', { why: `no ${kind} of this id` });
    return job;
  };
  const resultOf = (id: string): Packed => {
    const { result, last } = find(id);
    if (result === null)
      throw new OverreadError('server.not-finished', { why: `the last that was told is '${last.kind}'` });
    return result;
  };

  app.post(path, async (request, reply) => {
    const task = taskOf(request.body);
    const known = await listModels(modelsFolder);
    if (!known.some((model) => model.id === task.request.model)) {
      throw new OverreadError('model.not-found', { details: { models: known.map((model) => model.id) } });
    }
    return reply.status(202).send(statusOf(queue.add(task)));
  });

  app.get<ById>(`${path}/:id`, (request) => statusOf(find(request.params.id)));

  app.get<ById>(`${path}/:id/events`, (request, reply) => {
    const { id } = find(request.params.id);
    reply.hijack();
    const stream = openEventStream(reply.raw);
    const stop = queue.listen(id, (event) => {
      stream.send(event.kind, event);
      if (isFinal(event)) stream.close();
    });
    reply.raw.once('close', stop);
  });

  app.get<ById>(`${path}/:id/result`, (request) => ({ [document]: resultOf(request.params.id).document }));

  app.get<{ Params: { id: string; name: string } }>(`${path}/:id/arrays/:name`, (request, reply) => {
    const { arrays } = resultOf(request.params.id);
    const array = Object.hasOwn(arrays, request.params.name) ? arrays[request.params.name] : undefined;
    if (array === undefined) throw new OverreadError('server.not-found', { why: 'the result has no such array' });
    return reply.type('application/octet-stream').send(Buffer.from(arrayToBytes(array)));
  });

  app.delete<ById>(`${path}/:id`, (request, reply) => {
    queue.remove(find(request.params.id).id);
    return reply.status(204).send();
  });
}
