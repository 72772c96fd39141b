import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OverreadError } from '@overread/core/errors';

const tries = 20;

/**
 * A server on loopback.
 * @param port 0 for any free one.
 * @param fixed whether another port will not do; else the next free one is taken.
 * @throws OverreadError demo.port-taken.
 */
export async function listen(
  listener: RequestListener,
  port: number,
  fixed: boolean,
): Promise<{ server: Server; port: number }> {
  const last = fixed || port === 0 ? port : Math.min(port + tries, 65535);
  for (let next = port; next <= last; next += 1) {
    const server = createServer(listener);
    if (await opened(server, next)) return { server, port: (server.address() as AddressInfo).port };
  }
  const why = port === last ? `127.0.0.1:${port} is in use` : `every port from ${port} to ${last} is in use`;
  throw new OverreadError('demo.port-taken', { why, details: { port } });
}

/** False when the port is taken or not allowed; another failure is thrown. */
function opened(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
}

/** Stops listening and ends the connections that are open. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
