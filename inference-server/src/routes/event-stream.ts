import type { ServerResponse } from 'node:http';

export interface EventStream {
  send(event: string, data: unknown): void;
  close(): void;
}

/** Often enough that no proxy takes a long tile for a dead connection. */
const heartbeat = 15_000;

/** Begins a stream of server-sent events (WHATWG HTML 9.2) on a response. */
export function openEventStream(response: ServerResponse): EventStream {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that buffer would hold the progress back.
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  const timer = setInterval(() => response.write(': still here\n\n'), heartbeat);
  response.once('close', () => clearInterval(timer));
  return {
    send(event, data) {
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    close() {
      clearInterval(timer);
      response.end();
    },
  };
}
