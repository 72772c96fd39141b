import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { contentTypeOf } from './mime.ts';

/** A name that changes with the content (`app.bundle.0f6159c501addfe9.js`) may be kept for good. */
const hashedName = /[.\-/][0-9a-f]{16,}\.[a-z0-9]+$/;

/**
 * The file below `folder` that a URL path names, or null where it names none that may be served:
 * outside the folder, hidden, or not decodable.
 * @param path percent-encoded, beginning with a slash.
 */
export function fileBelow(folder: string, path: string): string | null {
  let decoded;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  const segments = decoded.split(/[/\\]/);
  if (decoded.includes('\0') || segments.some((segment) => segment.startsWith('.'))) return null;
  return join(folder, normalize(`/${segments.join('/')}`));
}

/** Answers with one file; false, with nothing sent, when there is no such file. */
export async function sendFile(
  file: string | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (file === null) return false;
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) return false;

  const etag = `"${found.size.toString(36)}-${Math.trunc(found.mtimeMs).toString(36)}"`;
  response.setHeader('Content-Type', contentTypeOf(file));
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', hashedName.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return true;
  }
  response.writeHead(200, { 'Content-Length': found.size });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file), response);
  return true;
}
