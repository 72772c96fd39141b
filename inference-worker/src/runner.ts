import { isOverreadError, OverreadError } from '@overread/core/errors';
import { loadModel, type LoadedModel } from '@overread/core/model';
import { analyse, MaskKeeper, type ProgressListener } from '@overread/core/pipeline';
import { packAnalysis, type PlaceOptions, type WorkerReply, type WorkerRequest } from '@overread/core/protocol';
import type { Volume } from '@overread/core/volume';
import { modelFiles } from './model/fetch-model-file.ts';
import { openModelStore } from './model/model-store.ts';
import { choosePlace, threadsFor, type ChosenPlace } from './place/choose-place.ts';
import { configureOrt } from './place/ort-runtime.ts';

type Request<K extends WorkerRequest['kind']> = Extract<WorkerRequest, { kind: K }>;
type Reply = (message: WorkerReply, transfer?: Transferable[]) => void;

interface Prepared {
  readonly model: LoadedModel;
  readonly places: PlaceOptions;
  readonly chosen: ChosenPlace;
}

interface Series {
  readonly volume: Volume;
  readonly seriesNumber: number | null;
}

/** What the worker does with each kind of request, and what it keeps between the two of a run. */
export class Runner {
  readonly #reply: Reply;
  readonly #store = openModelStore();
  readonly #maskKeeper = new MaskKeeper();
  #prepared: Prepared | null = null;

  constructor(reply: Reply) {
    this.#reply = reply;
  }

  /** Loads the model, settles on a place where its self-test passes, and makes its session. */
  async prepare({ id, modelUrl, runtimeUrl, places }: Request<'prepare'>): Promise<void> {
    await this.#prepared?.chosen.runtime.discard();
    this.#prepared = null;
    const onProgress = this.#progress(id);
    const model = await loadModel(modelFiles(modelUrl, this.#store, onProgress));
    onProgress({ stage: 'load', done: 0, total: 1, unit: 'steps', remainingMilliseconds: null });
    configureOrt(runtimeUrl, threadsFor(places).threads);
    const chosen = await choosePlace(model, places, onProgress);
    if (!chosen.ok) {
      this.#reply({ kind: 'restart', id, places: chosen.places });
      return;
    }
    this.#prepared = { model, places, chosen };
    onProgress({ stage: 'load', done: 1, total: 1, unit: 'steps', remainingMilliseconds: null });
    this.#reply({ kind: 'prepared', id, place: chosen.place });
  }

  /** Runs the prepared model. Where the GPU gives up on a real volume, WebAssembly takes over, and the result says so. */
  async analyse({ id, volume, seriesNumber }: Request<'analyse'>): Promise<void> {
    if (this.#prepared === null) throw new OverreadError('protocol.malformed', { why: 'no model was prepared' });
    const analysis = await this.#run({ volume, seriesNumber }, this.#prepared, this.#progress(id));
    const { document, arrays } = packAnalysis(analysis);
    const buffers = Object.values(arrays).map((array) => array.buffer);
    this.#reply(
      { kind: 'analysed', id, document, arrays },
      buffers.filter((buffer) => buffer instanceof ArrayBuffer),
    );
  }

  async #run(series: Series, { model, places, chosen }: Prepared, onProgress: ProgressListener) {
    const { runtime, place } = chosen;
    const maskKeeper = this.#maskKeeper;
    try {
      return await analyse({ ...series, model, place }, runtime, { onProgress, maskKeeper });
    } catch (error) {
      if (runtime.kind !== 'webgpu' || !isOverreadError(error) || !error.code.startsWith('runtime.')) throw error;
      const gaveUp = { runtime: runtime.kind, reason: error.why ?? error.message };
      const options = { ...places, skipped: [...place.skipped, gaveUp] };
      const next = await choosePlace(model, options, onProgress);
      if (!next.ok) throw error;
      this.#prepared = { model, places: options, chosen: next };
      return analyse({ ...series, model, place: next.place }, next.runtime, { onProgress, maskKeeper });
    }
  }

  #progress(id: string): ProgressListener {
    return (progress) => this.#reply({ kind: 'progress', id, progress });
  }
}
