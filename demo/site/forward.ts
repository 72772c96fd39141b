import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { rootCertificates } from 'node:tls';
import { refuse, type Handler } from './site.ts';

/** Headers that belong to one connection (RFC 9110 7.6.1), and those that would tell a server about the browser's page. */
const notForwarded = new Set([
  ...[
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'proxy-authorization',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ],
  ...['host', 'origin', 'referer', 'cookie', 'set-cookie', 'accept-encoding'],
]);

export interface Upstream {
  readonly url: string;
  readonly headers?: OutgoingHttpHeaders;
  /** PEM text of an extra certificate authority. */
  readonly ca?: string | null;
}

/** Sends a request on, its body streamed; settles with the answer's head. */
export function ask(request: IncomingMessage, { url, headers, ca }: Upstream): Promise<IncomingMessage> {
  const isSecure = url.startsWith('https:');
  const send = isSecure ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const upstream = send(url, {
      method: request.method,
      headers: { ...forwardable(request.headers), 'accept-encoding': 'identity', ...headers },
      // Naming authorities replaces the usual ones: they stay trusted beside it.
      ...(isSecure && ca != null && { ca: [...rootCertificates, ca] }),
    });
    upstream.once('response', (answer) => {
      // The browser left before the answer was complete: the other side need not go on.
      request.once('close', () => answer.complete || request.complete || upstream.destroy());
      resolve(answer);
    });
    upstream.once('error', reject);
    request.pipe(upstream);
    request.once('aborted', () => upstream.destroy());
  });
}

export function forwardable(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !notForwarded.has(name)));
}

/** Passes requests on below an address: `path` and the query are appended to it. */
export function forward(root: string): Handler {
  return async (request, response, path) => {
    let answer: IncomingMessage;
    try {
      answer = await ask(request, { url: root + path + queryOf(request) });
    } catch (error) {
      refuse(response, 502, `The companion server does not answer: ${reasonOf(error)}.`);
      return;
    }
    response.writeHead(answer.statusCode ?? 502, forwardable(answer.headers));
    // Server-sent events must not wait for more to come.
    response.flushHeaders();
    await pipeline(answer, response);
  };
}

export function queryOf(request: IncomingMessage): string {
  const at = request.url?.indexOf('?') ?? -1;
  return at < 0 ? '' : request.url!.slice(at);
}

/** What a connection failed of, in a word a site administrator can look up: ECONNREFUSED, CERT_HAS_EXPIRED. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'the connection failed';
}
