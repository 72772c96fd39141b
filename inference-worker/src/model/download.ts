import { OverreadError } from '@overread/core/errors';
import { textOf } from '../failure.ts';
import { joined, type KeptParts } from './parts.ts';

export interface Download {
  readonly url: string;
  /** Path in the package, for errors. */
  readonly file: string;
  /** Bytes beyond which no more are read: the file is then a wrong one. */
  readonly limit: number;
  readonly onBytes: (done: number) => void;
  /** Where its beginning is kept; null: a broken download starts anew. */
  readonly parts: KeptParts | null;
}

/** A connection that breaks is tried again so often, as long as each attempt brings something. */
const attempts = 3;

/**
 * Fetches a file. A download that was cancelled or broke off goes on from what is kept of it, where the server answers
 * ranges (RFC 9110 section 14), else from the start. What comes of it the caller must hold against its checksum.
 *
 * @throws OverreadError `model.file-missing` with what the address answered, or how far it came
 */
export async function download(wanted: Download): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [...((await wanted.parts?.read()) ?? [])];
  for (let attempt = 1; ; attempt++) {
    const before = bytesOf(chunks);
    try {
      await fetchRest(wanted, chunks);
      return joined(chunks);
    } catch (error) {
      const hopeless = attempt === attempts || bytesOf(chunks) <= before;
      // A server may refuse a range for reasons of its own: then the whole is asked for.
      if (hopeless && before > 0 && attempt < attempts) await restart(wanted, chunks);
      else if (hopeless) throw error;
    }
  }
}

/** Appends what is missing to the chunks; where the server sends the whole file again, replaces them. */
async function fetchRest(wanted: Download, chunks: Uint8Array[]): Promise<void> {
  const { url, file, limit, onBytes, parts } = wanted;
  const from = bytesOf(chunks);
  if (from >= limit) return;
  const ranged: RequestInit = { cache: 'no-store', headers: { range: `bytes=${from}-` } };
  const response = await fetch(url, from > 0 ? ranged : { cache: 'no-cache' }).catch((cause: unknown) => {
    throw missing(wanted, `the address does not answer (${textOf(cause)})`, cause);
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw missing(wanted, `the address answers ${response.status}`);
  }
  if (from > 0 && !continues(response, from)) await restart(wanted, chunks);
  let done = bytesOf(chunks);
  try {
    for await (const chunk of chunksOf(response)) {
      chunks.push(chunk);
      parts?.add(chunk);
      done += chunk.byteLength;
      onBytes(Math.min(done, limit));
      if (done > limit) break;
    }
  } catch (cause) {
    throw missing({ url, file }, `the connection broke after ${done} bytes`, cause);
  }
}

async function restart({ parts, onBytes }: Download, chunks: Uint8Array[]): Promise<void> {
  chunks.length = 0;
  await parts?.forget();
  onBytes(0);
}

function continues(response: Response, from: number): boolean {
  // Across origins the header may be hidden from us; the status then has to do, and the checksum decides.
  const range = response.headers.get('content-range');
  return response.status === 206 && (range === null || range.startsWith(`bytes ${from}-`));
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function bytesOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}

function missing({ url, file }: Pick<Download, 'url' | 'file'>, why: string, cause?: unknown): OverreadError {
  return new OverreadError('model.file-missing', { why: `${file}: ${why}`, details: { file, url }, cause });
}
