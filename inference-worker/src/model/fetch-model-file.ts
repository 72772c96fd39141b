import { OverreadError } from '@overread/core/errors';
import { matchesClaim, type FetchModelFile, type FileClaim } from '@overread/core/model';
import type { ProgressListener } from '@overread/core/pipeline';
import { textOf } from '../failure.ts';
import type { ModelStore } from './model-store.ts';

/** A manifest is text for people; one beyond this is none. */
const manifestLimit = 4 * 1024 * 1024;

/**
 * Fetches the files of a package, from `store` where it holds them unharmed, else from the web.
 *
 * @param modelUrl absolute address of `model.json`
 */
export function modelFiles(modelUrl: string, store: ModelStore, onProgress: ProgressListener): FetchModelFile {
  return async (path, claim) => {
    // The manifest is always asked for anew, so that a new version of the model is seen.
    if (claim === null) return download(modelUrl, path, manifestLimit, () => undefined);
    const kept = await store.get(claim.sha256);
    if (kept !== null && matchesClaim(kept, claim)) return kept;
    if (kept !== null) await store.remove(claim.sha256);
    const onBytes = (done: number) =>
      onProgress({ stage: 'download', done, total: claim.bytes, unit: 'bytes', remainingMilliseconds: null });
    // Said before the first byte: a server that is slow to answer is then not taken for the stage before.
    onBytes(0);
    const content = await download(new URL(path, modelUrl).href, path, claim.bytes, onBytes);
    await keep(store, content, claim);
    return content;
  };
}

/** What is damaged is not kept; loading refuses it with the reason. */
async function keep(store: ModelStore, content: Uint8Array, claim: FileClaim): Promise<void> {
  if (matchesClaim(content, claim)) await store.put(claim.sha256, content);
}

/** @param limit bytes beyond which no more are read: the file is then a wrong one */
async function download(
  url: string,
  file: string,
  limit: number,
  onBytes: (done: number) => void,
): Promise<Uint8Array> {
  const response = await fetch(url, { cache: 'no-cache' }).catch((cause: unknown) => {
    throw missing(file, url, `the address does not answer (${textOf(cause)})`, cause);
  });
  if (!response.ok) throw missing(file, url, `the address answers ${response.status}`);
  const chunks: Uint8Array[] = [];
  let done = 0;
  try {
    for await (const chunk of chunksOf(response)) {
      chunks.push(chunk);
      done += chunk.byteLength;
      onBytes(Math.min(done, limit));
      if (done > limit) break;
    }
  } catch (cause) {
    throw missing(file, url, `the connection broke after ${done} bytes`, cause);
  }
  return joined(chunks, done);
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
    await reader.cancel();
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

function missing(file: string, url: string, why: string, cause?: unknown): OverreadError {
  return new OverreadError('model.file-missing', { why: `${file}: ${why}`, details: { file, url }, cause });
}
