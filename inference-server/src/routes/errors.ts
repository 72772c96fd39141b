import type { FastifyError, FastifyInstance } from 'fastify';
import { errorTable, isOverreadError, OverreadError, reasonOf } from '@overread/core/errors';
import { errorToWire } from '@overread/core/protocol';

/** Every error leaves in one form, with the status of the table; what nobody foresaw says nothing of its inside. */
export function registerErrors(app: FastifyInstance): void {
  app.setErrorHandler(async (thrown: FastifyError | OverreadError, request, reply) => {
    const error = foreseen(thrown);
    const { status } = errorTable[error.code];
    // Code and route only: addresses hold UIDs, and causes may hold anything.
    if (status >= 500) request.log.error({ code: error.code, route: request.routeOptions.url }, 'request failed');
    return reply.status(status).send({ error: errorToWire(error) });
  });
  app.setNotFoundHandler(async (_request, reply) => {
    return reply.status(404).send({ error: errorToWire(new OverreadError('server.not-found')) });
  });
}

function foreseen(thrown: FastifyError | OverreadError): OverreadError {
  if (isOverreadError(thrown)) return thrown;
  const { statusCode = 500 } = thrown;
  if (statusCode >= 400 && statusCode < 500) {
    return new OverreadError('server.bad-request', { why: reasonOf(thrown), cause: thrown });
  }
  return new OverreadError('internal.unexpected', { cause: thrown });
}
