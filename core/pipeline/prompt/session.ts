import type { Analysis } from '../../analysis/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { indexToIndexMatrix, transformPoint, type Matrix4, type Vec3 } from '../../geometry/index.ts';
import type { LoadedModel, Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { computeMasks } from '../masks/index.ts';
import { inputShapes, prepareInput } from '../prepare.ts';
import type { PreparedInput } from '../prepared.ts';
import type { ProgressListener } from '../progress.ts';
import { runFor } from '../run-for.ts';
import type { InferenceRuntime, InferenceSession } from '../runtime.ts';
import { Steps } from '../steps.ts';
import { Feed } from '../windows/feed.ts';
import { promptedAnalysis, type PromptedResult } from './analysis.ts';
import { bestMask } from './best-mask.ts';
import { decoderFeeds, type PlanePrompt, type PromptsOfModel } from './decoder-feeds.ts';
import { embeddingsOf, EmbeddingStore, type Encoded } from './embeddings.ts';
import { fitPlanes, maskOnSlice, planeFit, toInput, type PlaneFit } from './plane-fit.ts';
import { maskOnSource } from './source-mask.ts';
import type { Prompt, PromptMask } from './types.ts';

export interface PromptOptions {
  readonly onProgress?: ProgressListener;
  readonly signal?: AbortSignal;
  /** What embeddings may take, bytes; the slice in use is kept in any case. */
  readonly mostBytes?: number;
}

/** Embeddings of Segment Anything take 4 MiB a slice: 64 slices. */
const defaultBytes = 256 * 2 ** 20;

/**
 * A promptable model on one series: slices are encoded once, when they are first asked for, and prompts on them answered from memory.
 * Calls made while another runs wait for it.
 */
export class PromptSession {
  readonly #model: LoadedModel;
  readonly #startedAt = new Date().toISOString();
  readonly #prompts: PromptsOfModel;
  readonly #encoder: InferenceSession;
  readonly #decoder: InferenceSession;
  readonly #prepared: PreparedInput;
  readonly #volume: Volume;
  readonly #feed: Feed;
  readonly #inputName: string;
  readonly #fit: PlaneFit;
  readonly #toPrepared: Matrix4;
  readonly #store: EmbeddingStore;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    model: LoadedModel,
    sessions: { readonly encoder: InferenceSession; readonly decoder: InferenceSession },
    series: { readonly volume: Volume; readonly prepared: PreparedInput },
    mostBytes: number,
  ) {
    const { manifest } = model;
    this.#model = model;
    this.#prompts = promptsOf(manifest);
    this.#encoder = sessions.encoder;
    this.#decoder = sessions.decoder;
    this.#volume = series.volume;
    this.#prepared = series.prepared;
    this.#inputName = manifest.input.name;
    this.#feed = new Feed(series.prepared, manifest.input.layout);
    const { grid } = series.prepared;
    this.#fit = planeFit([grid.dims[0], grid.dims[1]], this.#prompts.fit ?? null, multipleOf(manifest.input.patch));
    this.#toPrepared = indexToIndexMatrix(series.volume.grid, grid);
    this.#store = new EmbeddingStore(mostBytes);
  }

  /**
   * Prepares the series and loads encoder and decoder; nothing is encoded yet.
   * @throws OverreadError `model.unsupported` for a model that takes no prompts, or not slice by slice; what preparing and the runtime throw
   */
  static async open(
    { model, volume }: { readonly model: LoadedModel; readonly volume: Volume },
    runtime: InferenceRuntime,
    options: PromptOptions = {},
  ): Promise<PromptSession> {
    const { manifest, graph, decoder: decoderGraph } = model;
    promptsOf(manifest);
    if (decoderGraph === undefined) throw refusal('its decoder was not loaded');
    const { input } = manifest;
    const steps = new Steps(options.onProgress, options.signal);
    steps.begin('prepare');
    const masks = await computeMasks(volume, input.masks, steps);
    const prepared = await prepareInput({ volumes: [volume], input, masks }, steps);
    const encoder = await runtime.createSession(graph, inputShapes(input));
    try {
      const decoder = await runtime.createSession(decoderGraph);
      return new PromptSession(model, { encoder, decoder }, { volume, prepared }, options.mostBytes ?? defaultBytes);
    } catch (error) {
      await encoder.release();
      throw error;
    }
  }

  /** What embeddings hold now, bytes. */
  get bytes(): number {
    return this.#store.bytes;
  }

  /**
   * Encodes the slice that holds a voxel of the series, so that a prompt there is answered at once.
   * @returns that slice, by its number in what the model looks at: marks of one number are one prompt
   */
  encode(at: Vec3): Promise<number> {
    return this.#inTurn(async () => {
      const slice = this.#sliceAt(transformPoint(this.#toPrepared, at));
      await this.#encoded(slice);
      return slice;
    });
  }

  /**
   * The mask for a prompt, on the voxels of the series; null where the model marks nothing.
   * @throws OverreadError `prompt.unusable` for a prompt without a place, outside the series or across slices; `pipeline.bad-output`
   */
  decode(prompt: Prompt): Promise<PromptMask | null> {
    return this.#inTurn(async () => {
      const { slice, plane } = this.#onPlane(prompt);
      const encoded = await this.#encoded(slice);
      const answer = await this.#decoder.run(decoderFeeds(this.#prompts, plane, encoded));
      const { logits, size, quality } = bestMask(answer, this.#prompts);
      encoded.previous = { type: 'float32', dims: [1, 1, size[1], size[0]], data: logits };
      const bits = maskOnSlice(logits, size, this.#fit, this.#prompts.threshold);
      const mask = maskOnSource(bits, slice, this.#prepared.grid, this.#volume.grid);
      return mask && { ...mask, quality };
    });
  }

  /**
   * Masks that a person kept, as a result like any other.
   * @param things the masks of each thing, one per slice or more; see `promptedAnalysis`
   */
  result(things: readonly (readonly PromptMask[])[], made: Pick<PromptedResult, 'place' | 'seriesNumber'>): Analysis {
    return promptedAnalysis(things, { ...made, volume: this.#volume, model: this.#model, startedAt: this.#startedAt });
  }

  /** Lets both sessions and all embeddings go. */
  release(): Promise<void> {
    return this.#inTurn(async () => {
      this.#store.clear();
      // The one goes even where the other refuses to.
      await this.#encoder.release().finally(() => this.#decoder.release());
    });
  }

  async #encoded(slice: number): Promise<Encoded> {
    const known = this.#store.get(slice);
    if (known !== null) return known;
    const [ni, nj] = this.#prepared.grid.dims;
    const { data, dims } = this.#feed.of({ min: [0, 0, slice], max: [ni - 1, nj - 1, slice] });
    const channels = dims[1]!;
    const [width, height] = this.#fit.input;
    const input = {
      type: 'float32',
      dims: [1, channels, height, width],
      data: fitPlanes(data, channels, this.#fit),
    } as const;
    const wanted = Object.keys(this.#prompts.embeddings);
    const answer = await runFor(wanted, this.#encoder, { [this.#inputName]: input });
    const encoded: Encoded = { embeddings: embeddingsOf(answer, this.#prompts), previous: null };
    this.#store.put(slice, encoded);
    return encoded;
  }

  /** The prompt in the encoder's input, and the slice of the prepared grid that it lies on. */
  #onPlane({ points, box, refine }: Prompt): { readonly slice: number; readonly plane: PlanePrompt } {
    const marks = [...points.map(({ at }) => at), ...(box ?? [])].map((at) => transformPoint(this.#toPrepared, at));
    const slices = new Set(marks.map((mark) => this.#sliceAt(mark)));
    const [slice, other] = slices;
    if (slice === undefined) throw unusable('it has neither points nor a box');
    if (other !== undefined) throw unusable('its points lie in several slices');
    const flat = marks.map(([x, y]) => [toInput(x, this.#fit), toInput(y, this.#fit)] as const);
    const [a, b] = flat.slice(points.length);
    return {
      slice,
      plane: {
        points: points.map(({ inside }, n) => ({ at: flat[n]!, inside })),
        box:
          a === undefined || b === undefined
            ? null
            : [
                [Math.min(a[0], b[0]), Math.min(a[1], b[1])],
                [Math.max(a[0], b[0]), Math.max(a[1], b[1])],
              ],
        refine,
      },
    };
  }

  #sliceAt(mark: Vec3): number {
    const { dims } = this.#prepared.grid;
    // A rim of half a voxel and what rounding moves: a mark on the outer edge is on the slice.
    const inside = mark.every((index, axis) => index >= -0.5 - rounding && index <= dims[axis as 0] - 0.5 + rounding);
    if (!inside) throw unusable('a mark lies outside what the model looks at');
    return Math.min(dims[2] - 1, Math.max(0, Math.floor(mark[2] + 0.5 + rounding)));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

const rounding = 1e-6;

function promptsOf({ prompts, input }: Manifest): PromptsOfModel {
  if (prompts === undefined) throw refusal('it takes no prompts');
  if (input.layout.kind === '3d') throw refusal('prompts are marks in a slice, and input.layout is 3d');
  if (input.patch.mode === 'slidingWindow')
    throw refusal('prompts need whole slices, and input.patch is a sliding window');
  return prompts;
}

/** [H, W] */
function multipleOf(patch: Manifest['input']['patch']): readonly [number, number] {
  if (patch.mode === 'slidingWindow') return [1, 1];
  const [h = 1, w = 1] = patch.multipleOf.slice(-2);
  return [h, w];
}

function refusal(why: string): OverreadError {
  return new OverreadError('model.unsupported', { why });
}

function unusable(why: string): OverreadError {
  return new OverreadError('prompt.unusable', { why });
}
