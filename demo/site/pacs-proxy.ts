import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { PacsOptions } from '../options.ts';
import { ask, forwardable, queryOf, reasonOf } from './forward.ts';
import { refuse, type Handler } from './site.ts';

const searchPath =
  /^\/(studies|series|instances|studies\/[^/]+\/(series|instances)|studies\/[^/]+\/series\/[^/]+\/instances)$/;

const decoders: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * A PACS behind our own address: the browser sees one origin, so that cross-origin isolation and the PACS's own lack of
 * CORS do not matter, and credentials stay here.
 */
export function pacsProxy(pacs: PacsOptions): Handler {
  const headers = pacs.authorization === null ? {} : { authorization: pacs.authorization };
  return async (request, response, path) => {
    let answer: IncomingMessage;
    try {
      answer = await ask(request, {
        url: rootFor(request, path, pacs) + path + queryOf(request),
        headers,
        ca: pacs.ca,
      });
    } catch (error) {
      if (!response.destroyed) refuse(response, 502, `The PACS does not answer: ${reasonOf(error)}.`);
      return;
    }
    const kept = forwardable(answer.headers);
    // It would make the browser ask the reader for the PACS's password.
    delete kept['www-authenticate'];
    const status = answer.statusCode ?? 502;
    if (/json/.test(answer.headers['content-type'] ?? ''))
      await sendOwnAddresses(request, response, { answer, status, kept, pacs });
    else {
      response.writeHead(status, kept);
      await pipeline(answer, response);
    }
  };
}

function rootFor(request: IncomingMessage, path: string, pacs: PacsOptions): string {
  if (request.method === 'POST') return pacs.stowRoot;
  return searchPath.test(path) ? pacs.qidoRoot : pacs.wadoRoot;
}

interface Answered {
  readonly answer: IncomingMessage;
  readonly status: number;
  readonly kept: ReturnType<typeof forwardable>;
  readonly pacs: PacsOptions;
}

/** DICOM JSON names the PACS's own address for bulk data; the browser must come back to ours. */
async function sendOwnAddresses(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, status, kept, pacs }: Answered,
): Promise<void> {
  const raw = await buffer(answer);
  const decode = decoders[answer.headers['content-encoding'] ?? ''];
  const text = (decode ? await decode(raw) : raw).toString();
  const ours = `http://${request.headers.host ?? 'localhost'}/dicomweb`;
  const paths = [pacs.wadoRoot, pacs.qidoRoot, pacs.stowRoot].map((root) => new URL(root).pathname);
  let body = text;
  try {
    if (text !== '') body = JSON.stringify(withOwnAddresses(JSON.parse(text), (url) => ownAddress(url, paths, ours)));
  } catch {
    if (status < 400) {
      refuse(response, 502, 'The PACS answered with JSON that cannot be read.');
      return;
    }
  }
  delete kept['content-encoding'];
  response.writeHead(status, { ...kept, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** The same resource below our root; an address of something else stays as it is. */
function ownAddress(url: string, paths: readonly string[], ours: string): string {
  const absolute = /^https?:\/\/[^/]+(\/[^?#]*)(.*)$/.exec(url);
  const [path, rest] = absolute ? [absolute[1]!, absolute[2]!] : [url, ''];
  if (!path.startsWith('/')) return url;
  const root = paths.find((prefix) => path.startsWith(`${prefix}/`));
  if (root !== undefined) return ours + path.slice(root.length) + rest;
  // Behind another proxy a PACS may know itself by another path.
  const at = path.search(/\/studies\/[0-9.]+(\/|$)/);
  return at < 0 ? url : ours + path.slice(at) + rest;
}

/** A copy with every BulkDataURI and every value of VR UR passed through `change`. */
function withOwnAddresses(value: unknown, change: (url: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => withOwnAddresses(item, change));
  if (typeof value !== 'object' || value === null) return value;
  const isAddress = 'vr' in value && value.vr === 'UR';
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => {
      if (key === 'BulkDataURI' && typeof inner === 'string') return [key, change(inner)];
      if (isAddress && key === 'Value' && Array.isArray(inner)) {
        return [key, inner.map((url: unknown) => (typeof url === 'string' ? change(url) : url))];
      }
      return [key, withOwnAddresses(inner, change)];
    }),
  );
}
