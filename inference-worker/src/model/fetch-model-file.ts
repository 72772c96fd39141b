import { matchesClaim, type FetchModelFile, type FileClaim } from '@overread/core/model';
import type { ProgressListener } from '@overread/core/pipeline';
import { download } from './download.ts';
import type { ModelStore } from './model-store.ts';
import { KeptParts } from './parts.ts';

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
    if (claim === null) {
      return download({ url: modelUrl, file: path, limit: manifestLimit, onBytes: () => undefined, parts: null });
    }
    const kept = await store.get(claim.sha256);
    if (kept !== null && matchesClaim(kept, claim)) return kept;
    if (kept !== null) await store.remove(claim.sha256);
    const onBytes = (done: number) =>
      onProgress({ stage: 'download', done, total: claim.bytes, unit: 'bytes', remainingMilliseconds: null });
    // Said before the first byte: a server that is slow to answer is then not taken for the stage before.
    onBytes(0);
    return fetchWhole({ url: new URL(path, modelUrl).href, path, claim, onBytes }, store);
  };
}

interface Wanted {
  readonly url: string;
  readonly path: string;
  readonly claim: FileClaim;
  readonly onBytes: (done: number) => void;
}

/** What is damaged is not kept; loading refuses it with the reason. */
async function fetchWhole({ url, path, claim, onBytes }: Wanted, store: ModelStore): Promise<Uint8Array> {
  for (;;) {
    const parts = new KeptParts(store, claim.sha256);
    const content = await download({ url, file: path, limit: claim.bytes, onBytes, parts });
    await parts.forget();
    const whole = matchesClaim(content, claim);
    if (whole) await store.put(claim.sha256, content);
    // What was kept may have been no beginning of this file: then once more, from the start.
    if (whole || !parts.resumed) return content;
  }
}
