import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileBelow, sendFile } from './static-files.ts';

/** Answers one request; `path` is what follows the mount point, percent-encoded, without the query. */
export type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void> | void;

export interface SiteParts {
  /** Built files of the viewer. */
  readonly viewer: string;
  /** Text of /app-config.js. */
  readonly appConfig: string;
  /** dist/plugin and dist/models. */
  readonly plugin: string;
  readonly models: string;
  readonly dicomweb: Handler;
  /** The companion server, or null where none runs. */
  readonly api: Handler | null;
}

/**
 * Cross-origin isolation, which WebAssembly threads need (SharedArrayBuffer), and the two headers without which a
 * browser would guess. The viewer removes service workers at start, so the headers must come from here.
 */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Everything of the demo behind one origin. */
export function createSite(parts: SiteParts): (request: IncomingMessage, response: ServerResponse) => void {
  const mounts: readonly (readonly [string, Handler])[] = [
    ['/dicomweb', parts.dicomweb],
    ['/overread/api', parts.api ?? ((_, response) => refuse(response, 503, 'No companion server is running.'))],
    ['/overread/models', files(parts.models)],
    ['/overread', files(parts.plugin)],
    ['/app-config.js', text('text/javascript; charset=utf-8', parts.appConfig)],
    ['', viewer(parts.viewer)],
  ];
  return (request, response) => {
    for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
    const fault = strangerAtTheDoor(request);
    if (fault !== null) {
      refuse(response, 403, fault);
      return;
    }
    const path = (request.url ?? '/').split('?')[0]!;
    const [mount, handler] = mounts.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))!;
    void answer(handler, request, response, path.slice(mount.length));
  };
}

async function answer(
  handler: Handler,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  try {
    await handler(request, response, path);
  } catch (error) {
    // The browser left: nobody to answer.
    if (response.destroyed) return;
    console.error(`${request.method ?? ''} failed: ${error instanceof Error ? error.message : String(error)}`);
    if (response.headersSent) response.destroy();
    else refuse(response, 500, 'The demo server failed at this request.');
  }
}

/**
 * Pages of other sites must not reach images through the reader's browser: a name that resolves here (DNS rebinding)
 * shows in Host, a form or script of another site in Origin.
 */
function strangerAtTheDoor(request: IncomingMessage): string | null {
  const host = request.headers.host ?? '';
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)) return 'This address is for this machine only.';
  const origin = request.headers.origin;
  if (origin !== undefined && origin !== `http://${host}`) return 'Requests from other sites are not answered.';
  return null;
}

function files(folder: string): Handler {
  return async (request, response, path) => {
    if (isRead(request, response) && !(await sendFile(fileBelow(folder, path), request, response))) notFound(response);
  };
}

/** The viewer is one page: an address inside it that names no file is a route of its own. */
function viewer(folder: string): Handler {
  return async (request, response, path) => {
    if (!isRead(request, response)) return;
    if (await sendFile(path === '/' ? null : fileBelow(folder, path), request, response)) return;
    const isRoute = !/\.[a-z0-9]+$/i.test(path) && (request.headers.accept ?? '').includes('text/html');
    if (path === '/' || isRoute) await sendFile(join(folder, 'index.html'), request, response);
    else notFound(response);
  };
}

function text(type: string, body: string): Handler {
  return (request, response) => {
    if (!isRead(request, response)) return;
    response.writeHead(200, {
      'Content-Type': type,
      'Cache-Control': 'no-cache',
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}

function isRead(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  response.setHeader('Allow', 'GET, HEAD');
  refuse(response, 405, 'This address can only be read.');
  return false;
}

function notFound(response: ServerResponse): void {
  refuse(response, 404, 'There is nothing at this address.');
}

/** Ends a request with a plain sentence. */
export function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}
