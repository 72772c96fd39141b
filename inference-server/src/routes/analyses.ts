import type { FastifyInstance } from 'fastify';
import { OverreadError } from '@overread/core/errors';
import { analysisRequestSchema, arrayToBytes, parseMessage, type PackedAnalysis } from '@overread/core/protocol';
import type { JobQueue } from '../jobs/job-queue.ts';
import { isFinal, statusOf } from '../jobs/job.ts';
import { listModels } from '../catalogue/model-folder.ts';
import { openEventStream } from './event-stream.ts';

interface ById {
  Params: { id: string };
}

/** `/analyses`: start, look, follow, fetch, cancel. */
export function registerAnalyses(app: FastifyInstance, queue: JobQueue, modelsFolder: string): void {
  app.post('/analyses', async (request, reply) => {
    const wanted = parseMessage(analysisRequestSchema, request.body, 'body', 'server.bad-request');
    const known = await listModels(modelsFolder);
    if (!known.some((model) => model.id === wanted.model)) {
      throw new OverreadError('model.not-found', { details: { models: known.map((model) => model.id) } });
    }
    return reply.status(202).send(statusOf(queue.add(wanted)));
  });

  app.get<ById>('/analyses/:id', (request) => statusOf(queue.get(request.params.id)));

  app.get<ById>('/analyses/:id/events', (request, reply) => {
    const { id } = request.params;
    queue.get(id);
    reply.hijack();
    const stream = openEventStream(reply.raw);
    const stop = queue.listen(id, (event) => {
      stream.send(event.kind, event);
      if (isFinal(event)) stream.close();
    });
    reply.raw.once('close', stop);
  });

  app.get<ById>('/analyses/:id/result', (request) => ({ analysis: resultOf(queue, request.params.id).document }));

  app.get<{ Params: { id: string; name: string } }>('/analyses/:id/arrays/:name', (request, reply) => {
    const { arrays } = resultOf(queue, request.params.id);
    const array = Object.hasOwn(arrays, request.params.name) ? arrays[request.params.name] : undefined;
    if (array === undefined) throw new OverreadError('server.not-found', { why: 'the result has no such array' });
    return reply.type('application/octet-stream').send(Buffer.from(arrayToBytes(array)));
  });

  app.delete<ById>('/analyses/:id', (request, reply) => {
    queue.remove(request.params.id);
    return reply.status(204).send();
  });
}

function resultOf(queue: JobQueue, id: string): PackedAnalysis {
  const { result, last } = queue.get(id);
  if (result === null)
    throw new OverreadError('server.not-finished', { why: `the last that was told is '${last.kind}'` });
  return result;
}
