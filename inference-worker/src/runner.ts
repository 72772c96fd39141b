import type { Analysis, ComputePlace } from '@overread/core/analysis';
import { OverreadError } from '@overread/core/errors';
import type { LoadedModel } from '@overread/core/model';
import {
  analyse,
  explain,
  MaskKeeper,
  PreparedKeeper,
  PromptSession,
  ruledOutBy,
  SessionKeeper,
  type ProgressListener,
  type AnalyseOptions,
} from '@overread/core/pipeline';
import { packAnalysis, type PlaceOptions, type WorkerReply, type WorkerRequest } from '@overread/core/protocol';
import { volumeArrays } from '@overread/core/volume';
import { ModelLoader } from './model/model-loader.ts';
import { choosePlace, threadsFor, type ChosenPlace, type RestartNeeded } from './place/choose-place.ts';
import { heapBytes } from './place/heap.ts';
import { configureOrt } from './place/ort-runtime.ts';
import { rememberedTimes, rememberTimes } from './run-times.ts';
import { stoppableOrt } from './stop/stoppable-ort.ts';

type Request<K extends WorkerRequest['kind']> = Extract<WorkerRequest, { kind: K }>;
type Reply = (message: WorkerReply, transfer?: Transferable[]) => void;

interface Prepared {
  readonly model: LoadedModel;
  readonly places: PlaceOptions;
  readonly chosen: ChosenPlace;
}

/** A model that is open for prompts on a series. */
interface Opened {
  /** Of the request that opened it. */
  readonly id: string;
  readonly session: PromptSession;
  /** Where it computes, whatever is prepared later. */
  readonly place: ComputePlace;
}

type Series = Pick<Request<'analyse'>, 'volume' | 'others'>;

/** A heap beyond this is not worth the memory that it keeps from the viewer, bytes. */
const spentHeap = 2 * 2 ** 30;
/** A heap beyond this makes way before another model comes. */
const largeHeap = 2 ** 30;

/** What the worker does with each kind of request, and what it keeps between the two of a run. */
export class Runner {
  readonly #reply: Reply;
  readonly #models = new ModelLoader();
  readonly #keepers = { maskKeeper: new MaskKeeper(), preparedKeeper: new PreparedKeeper() };
  readonly #times = rememberedTimes();
  readonly #sessions = new SessionKeeper();
  #prepared: Prepared | null = null;
  #opened: Opened | null = null;

  constructor(reply: Reply) {
    this.#reply = reply;
  }

  /** Loads the model, settles on a place where its self-test passes, and makes its session. */
  async prepare({ id, modelUrl, runtimeUrl, places }: Request<'prepare'>): Promise<void> {
    const before = this.#prepared?.model;
    this.#prepared = null;
    const onProgress = this.#progress(id);
    const model = await this.#models.load(modelUrl, onProgress);
    onProgress({ stage: 'load', done: 0, total: 1, unit: 'steps', remainingMilliseconds: null });
    if (before !== undefined && before !== model && heapBytes() > largeHeap) {
      this.#restart(id, places, null);
      return;
    }
    const { threads } = threadsFor(places);
    configureOrt(await stoppableOrt(runtimeUrl, threads), threads);
    const chosen = await choosePlace(model, { options: places, sessions: this.#sessions, onProgress });
    if (!chosen.ok) {
      this.#restart(id, chosen.places, null);
      return;
    }
    this.#prepared = { model, places, chosen };
    onProgress({ stage: 'load', done: 1, total: 1, unit: 'steps', remainingMilliseconds: null });
    this.#reply({ kind: 'prepared', id, place: chosen.place });
  }

  /** Runs the prepared model. Where a place gives up on a real volume, smaller windows or the next place take over, and the result says so. */
  async analyse({ id, volume, others, seriesNumber }: Request<'analyse'>): Promise<void> {
    const series = { volume, others };
    const analysis = await this.#computed(id, series, async ({ model, runtime, place, warnings }, options) => {
      const timeKeeper = await this.#times;
      const made = await analyse({ ...series, seriesNumber, model, place }, runtime, { ...options, timeKeeper });
      await rememberTimes(timeKeeper);
      return { ...made, warnings: [...made.warnings, ...warnings] };
    });
    if (analysis !== null) this.#answer(id, analysis);
  }

  #answer(id: string, analysis: Analysis): void {
    const { document, arrays } = packAnalysis(analysis);
    const buffers = Object.values(arrays).map((array) => array.buffer);
    this.#reply({ kind: 'analysed', id, document, arrays, spent: heapBytes() > spentHeap }, transferable(buffers));
  }

  /** What a score of the prepared model rests on. Where a place gives up, the next one takes over. */
  async explain({ id, volume, others, of }: Request<'explain'>): Promise<void> {
    const series = { volume, others };
    const heatMap = await this.#computed(id, series, ({ model, runtime }, options) =>
      explain({ ...series, model, of }, runtime, options),
    );
    if (heatMap !== null) this.#reply({ kind: 'explained', id, heatMap }, transferable([heatMap.values.buffer]));
  }

  /** Opens the prepared model for prompts on a series; what was open before is closed. */
  async openPrompts({ id, volume }: Request<'open-prompts'>): Promise<void> {
    await this.#closePrompts();
    const { model, runtime, place } = this.#ready().chosen;
    const session = await PromptSession.open({ model, volume }, runtime, { onProgress: this.#progress(id) });
    this.#opened = { id, session, place };
    this.#reply({ kind: 'done', id });
  }

  async encode({ id, opened, at }: Request<'encode'>): Promise<void> {
    const slice = await this.#openedAs(opened).session.encode(at);
    this.#reply({ kind: 'encoded', id, slice });
  }

  async prompt({ id, opened, prompt }: Request<'prompt'>): Promise<void> {
    const mask = await this.#openedAs(opened).session.decode(prompt);
    this.#reply({ kind: 'prompted', id, mask }, mask === null ? [] : transferable([mask.bits.buffer]));
  }

  /** Masks that were kept, as a result of the open model. */
  keepPrompted({ id, opened, things, seriesNumber }: Request<'keep-prompted'>): void {
    const { session, place } = this.#openedAs(opened);
    this.#answer(id, session.result(things, { place, seriesNumber }));
  }

  async closePrompts({ id, opened }: Request<'close-prompts'>): Promise<void> {
    if (this.#opened?.id === opened) await this.#closePrompts();
    this.#reply({ kind: 'done', id });
  }

  async #closePrompts(): Promise<void> {
    const open = this.#opened;
    this.#opened = null;
    await open?.session.release();
  }

  /** Marks of one series are never answered from another. @throws OverreadError `prompt.closed` where it is not the one that is open */
  #openedAs(opened: string): Opened {
    if (this.#opened?.id !== opened) throw new OverreadError('prompt.closed');
    return this.#opened;
  }

  #ready(): Prepared {
    if (this.#prepared === null) throw new OverreadError('protocol.malformed', { why: 'no model was prepared' });
    return this.#prepared;
  }

  /** Computes at the place that is prepared, or one after it; null where only a fresh worker gets further, which is asked for. */
  async #computed<T>(
    id: string,
    series: Series,
    compute: (chosen: ChosenPlace, options: AnalyseOptions) => Promise<T>,
  ): Promise<T | null> {
    const onProgress = this.#progress(id);
    for (;;) {
      const prepared = this.#ready();
      try {
        return await compute(prepared.chosen, { onProgress, ...this.#keepers });
      } catch (error) {
        const next = await this.#afterFailure(error, prepared, onProgress);
        if (next.ok) continue;
        this.#restart(id, next.places, series);
        return null;
      }
    }
  }

  /** Settles on smaller windows or the next place, here or in a fresh worker. @throws the error where there are none */
  async #afterFailure(
    error: unknown,
    { model, places, chosen }: Prepared,
    onProgress: ProgressListener,
  ): Promise<ChosenPlace | RestartNeeded> {
    const { kind } = chosen.runtime;
    const run = { model, used: chosen.model, runtime: kind, elsewhere: kind === 'webgpu' };
    const ruledOut = ruledOutBy(error, run, { skipped: chosen.place.skipped, tooLarge: places.tooLarge });
    if (ruledOut === null) throw error;
    const options = { ...places, ...ruledOut };
    // A heap that ran full stays so.
    if (kind === 'wasm') return { ok: false, places: options };
    const next = await choosePlace(model, { options, sessions: this.#sessions, onProgress });
    if (next.ok) this.#prepared = { model, places: options, chosen: next };
    return next;
  }

  #restart(id: string, places: PlaceOptions, handedOver: Series | null): void {
    this.#prepared = null;
    const volumes = handedOver === null ? [] : [handedOver.volume, ...Object.values(handedOver.others)];
    const buffers = volumes.flatMap(volumeArrays).map((array) => array.buffer);
    this.#reply({ kind: 'restart', id, places, handedOver }, transferable(buffers));
  }

  #progress(id: string): ProgressListener {
    return (progress) => this.#reply({ kind: 'progress', id, progress });
  }
}

function transferable(buffers: readonly ArrayBufferLike[]): Transferable[] {
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer);
}
