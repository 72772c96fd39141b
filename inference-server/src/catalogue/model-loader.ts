import { sha256Hex, type LoadedModel } from '@overread/core/model';
import { loadModelFolder, readManifestFile } from './model-folder.ts';

/** Loads model packages from their folders, and has the last one still at hand: a second run neither reads nor checks its graph again. */
export class ModelLoader {
  #last: { readonly folder: string; readonly model: LoadedModel } | null = null;

  /** @throws OverreadError as `loadModelFolder` */
  async load(folder: string): Promise<LoadedModel> {
    const digest = sha256Hex(await readManifestFile(folder));
    if (this.#last?.folder === folder && this.#last.model.digest === digest) return this.#last.model;
    this.#last = null;
    const model = await loadModelFolder(folder);
    this.#last = { folder, model };
    return model;
  }
}
