import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Part {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/**
 * Answers with multipart/related (RFC 2387), part by part as they come, so that a study is never whole in memory.
 * @param type media type of the parts.
 */
export async function sendMultipart(
  response: ServerResponse,
  type: string,
  parts: AsyncIterable<Part> | Iterable<Part>,
): Promise<void> {
  const boundary = `overread-${randomUUID()}`;
  response.writeHead(200, { 'Content-Type': `multipart/related; type="${type}"; boundary="${boundary}"` });
  await pipeline(Readable.from(encoded(parts, boundary)), response);
}

async function* encoded(parts: AsyncIterable<Part> | Iterable<Part>, boundary: string): AsyncGenerator<Uint8Array> {
  for await (const { contentType, bytes } of parts) {
    yield Buffer.from(`--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Length: ${bytes.length}\r\n\r\n`);
    yield bytes;
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

/**
 * The parts of a multipart body, without their headers; null where the body does not keep to its boundary.
 * @param boundary of the request's Content-Type.
 */
export function splitMultipart(body: Buffer, boundary: string): Buffer[] | null {
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0) {
    at += delimiter.length;
    if (body[at] === 0x2d && body[at + 1] === 0x2d) return parts;
    const headerEnd = body.indexOf('\r\n\r\n', at);
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), at);
    if (headerEnd < 0 || next < 0) return null;
    // A part without headers begins with the empty line itself.
    parts.push(body.subarray(Math.min(headerEnd + 4, next), next));
    at = next + 2;
  }
  return null;
}
