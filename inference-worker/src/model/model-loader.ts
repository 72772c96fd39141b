import { loadModel, sha256Hex, type LoadedModel } from '@overread/core/model';
import type { ProgressListener } from '@overread/core/pipeline';
import { modelFiles } from './fetch-model-file.ts';
import { openModelStore } from './model-store.ts';

/** Loads model packages, and has the last one still at hand: a second run neither reads nor checks its files again. */
export class ModelLoader {
  readonly #store = openModelStore();
  #last: { readonly url: string; readonly model: LoadedModel } | null = null;

  /**
   * The manifest is asked for every time; as long as it is the same, so is the model.
   *
   * @param url absolute address of `model.json`
   * @throws OverreadError `model.…`
   */
  async load(url: string, onProgress: ProgressListener): Promise<LoadedModel> {
    const fetchFile = modelFiles(url, this.#store, onProgress);
    const manifest = await fetchFile('model.json', null);
    if (this.#last?.url === url && this.#last.model.digest === sha256Hex(manifest)) return this.#last.model;
    this.#last = null;
    const model = await loadModel((path, claim) =>
      claim === null ? Promise.resolve(manifest) : fetchFile(path, claim),
    );
    this.#last = { url, model };
    return model;
  }
}
