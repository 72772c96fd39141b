import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseMultipart } from '../../../inference-server/src/dicomweb/multipart.ts';
import type { ArchiveIndex } from '../index/archive-index.ts';
import type { IndexEntry, Level } from '../index/entry.ts';
import type { Storage } from '../storage.ts';
import { BadRequest } from './bad-request.ts';
import { readAccept, readMediaType, type MediaRange } from './media-type.ts';
import { sendMultipart, type Part } from './multipart.ts';
import { readQuery } from './query.ts';
import { readBody } from './read-body.ts';
import * as retrieve from './retrieve.ts';
import { search, type SearchScope } from './search.ts';
import { store } from './store.ts';

export interface ArchiveContext {
  readonly index: ArchiveIndex;
  readonly storage: Storage;
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly accept: readonly MediaRange[];
  readonly parameters: URLSearchParams;
  readonly address: (path: string) => string;
  readonly context: ArchiveContext;
}

interface Scope {
  readonly study?: string;
  readonly series?: string;
  readonly instance?: string;
}

const banner = `Overread demo archive

DICOMweb (QIDO-RS, WADO-RS, STOW-RS) over a folder of files, for demonstration only: no access control,
no audit trail, no backup. Not for clinical use.
`;

const storeLimit = 1024 * 1024 * 1024;

/** One DICOMweb request (PS3.18 10): `path` begins with a slash and is percent-encoded. */
export async function route(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  context: ArchiveContext,
): Promise<void> {
  const parameters = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const root = (request.url ?? '').split('?')[0]!.slice(0, -path.length || undefined);
  const call: Call = {
    request,
    response,
    parameters,
    context,
    // An accept parameter overrides the header (PS3.18 8.3.3.1).
    accept: readAccept(parameters.get('accept') ?? request.headers.accept),
    address: (below) => `http://${request.headers.host ?? 'localhost'}${root}/${below}`,
  };
  const segments = path.split('/').filter((segment) => segment !== '');
  if (request.method === 'POST') return post(call, segments);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, POST');
    throw new BadRequest(405, 'This archive knows GET and POST.');
  }
  if (segments.length === 0) {
    sendText(response, banner);
    return;
  }
  const searched = searchScope(segments);
  if (searched !== null) return answerSearch(call, searched);
  return answerRetrieve(call, segments);
}

/** The scope of a search, or null where the path is one of retrieval. */
function searchScope(segments: readonly string[]): SearchScope | null {
  const [first, study, second, series, third, ...more] = segments;
  const level = { studies: 'study', series: 'series', instances: 'instance' } as const;
  const named = (name: string | undefined): Level | null =>
    name !== undefined && Object.hasOwn(level, name) ? level[name as keyof typeof level] : null;
  if (segments.length === 1 && named(first)) return { level: named(first)! };
  if (first !== 'studies' || study === undefined || more.length > 0) return null;
  if (segments.length === 3 && (second === 'series' || second === 'instances')) return { level: named(second)!, study };
  if (segments.length === 5 && second === 'series' && third === 'instances')
    return { level: 'instance', study, series: series! };
  return null;
}

async function answerSearch(call: Call, scope: SearchScope): Promise<void> {
  requireJson(call);
  const { index } = call.context;
  const query = readQuery(call.parameters);
  const metadata = (entry: IndexEntry) => retrieve.metadata(entry, call.address);
  sendJson(call.response, 200, await search(scope, query, { index, metadata, address: call.address }));
}

async function answerRetrieve(call: Call, segments: readonly string[]): Promise<void> {
  const { scope, rest } = readScope(segments);
  const entries = call.context.index.below(scope);
  if (entries.length === 0) throw new BadRequest(404, 'Nothing of that identity is stored here.');
  const [what, ...details] = rest;
  if (what === undefined) {
    return sendMultipart(call.response, 'application/dicom', retrieve.instanceParts(entries, call.accept));
  }
  if (what === 'metadata' && details.length === 0) {
    requireJson(call);
    sendJson(call.response, 200, await retrieve.allMetadata(entries, call.address));
    return;
  }
  if (scope.instance !== undefined && what === 'frames' && details.length === 1) {
    return sendParts(call, await retrieve.frameParts(entries[0]!, decodeURIComponent(details[0]!), call.accept));
  }
  if (scope.instance !== undefined && what === 'bulkdata') {
    return sendParts(call, await retrieve.bulkParts(entries[0]!, details.join('/')));
  }
  if (what === 'rendered' || what === 'thumbnail') throw new BadRequest(404, 'This archive does not render.');
  throw new BadRequest(404, 'There is no such resource.');
}

function readScope(segments: readonly string[]): { scope: Scope; rest: readonly string[] } {
  const scope: { study?: string; series?: string; instance?: string } = {};
  let at = 0;
  for (const [name, key] of [
    ['studies', 'study'],
    ['series', 'series'],
    ['instances', 'instance'],
  ] as const) {
    const value = segments[at + 1];
    if (segments[at] !== name || value === undefined) break;
    scope[key] = value;
    at += 2;
  }
  if (scope.study === undefined) throw new BadRequest(404, 'There is no such resource.');
  return { scope, rest: segments.slice(at) };
}

async function post(call: Call, segments: readonly string[]): Promise<void> {
  const [first, study = null, ...more] = segments;
  if (first !== 'studies' || more.length > 0) throw new BadRequest(404, 'Instances are stored at studies.');
  requireJson(call);
  const contentType = call.request.headers['content-type'] ?? '';
  const { type, parameters } = readMediaType(contentType);
  const boundary = parameters['boundary'];
  if (type !== 'multipart/related' || (parameters['type'] ?? 'application/dicom') !== 'application/dicom') {
    throw new BadRequest(415, 'Instances are stored as multipart/related; type="application/dicom".');
  }
  if (boundary === undefined || boundary === '') throw new BadRequest(400, 'The Content-Type names no boundary.');
  const parts = parseMultipart(contentType, await readBody(call.request, storeLimit));
  if (parts === null || parts.length === 0)
    throw new BadRequest(400, 'The body is no multipart message with that boundary.');
  const files = parts.map(({ body }) => body);
  const { status, dataset } = await store(files, study, { ...call.context, address: call.address });
  sendJson(call.response, status, dataset);
}

async function sendParts(call: Call, parts: readonly Part[]): Promise<void> {
  const [first] = parts;
  if (first !== undefined && parts.length === 1 && retrieve.wantsSinglePart(call.accept)) {
    call.response.writeHead(200, { 'Content-Type': first.contentType, 'Content-Length': first.bytes.length });
    call.response.end(first.bytes);
    return;
  }
  await sendMultipart(call.response, retrieve.multipartTypeOf(first!), parts);
}

/** @throws BadRequest 406 for a client that takes only XML. */
function requireJson({ accept }: Call): void {
  const json = ['*/*', 'application/*', 'application/dicom+json', 'application/json'];
  if (!accept.some(({ type }) => json.includes(type)))
    throw new BadRequest(406, 'This archive answers in application/dicom+json.');
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'Content-Type': 'application/dicom+json', 'Content-Length': body.length });
  response.end(body);
}

function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(text);
}
