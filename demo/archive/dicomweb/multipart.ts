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
