import * as z from 'zod/mini';
import type { ComputePlace, HeatMap } from '../analysis/index.ts';
import type { Vec3 } from '../geometry/index.ts';
import type { ExplainedClass } from '../model/index.ts';
import type { Progress, Prompt, PromptMask, RuledOut } from '../pipeline/index.ts';
import type { Volume, VolumeSamples } from '../volume/index.ts';
import {
  analysisDocumentSchema,
  computePlaceSchema,
  gridSchema,
  noticeSchema,
  skippedPlaceSchema,
  sliceReferenceSchema,
  vec3,
  type AnalysisDocument,
} from './analysis-document.ts';
import { progressSchema } from './progress.ts';
import { explainedClassSchema, heatMapSchema } from './explanation.ts';
import { promptMaskSchema, promptSchema } from './prompt-messages.ts';
import { wireErrorSchema, type WireError } from './wire-error.ts';

/** Which places a worker may use; what the site or an earlier worker ruled out is not tried again. */
export interface PlaceOptions extends RuledOut {
  /** At most this many WebAssembly threads; null: all cores but one. */
  readonly maxThreads: number | null;
  /** A software GPU adapter is right but slow: for tests only. */
  readonly allowFallbackAdapter: boolean;
}

/**
 * From the page to the worker. A run is two requests: `prepare` loads the model and settles on a place, `analyse` hands
 * over the voxels. So a place that fails costs no voxels, and the page may start a fresh worker in between.
 */
export type WorkerRequest =
  | {
      readonly kind: 'prepare';
      readonly id: string;
      /** Absolute address of `model.json`; the package's files are relative to it. */
      readonly modelUrl: string;
      /** Absolute address of the folder with ONNX Runtime's own files, ending in a slash. */
      readonly runtimeUrl: string;
      readonly places: PlaceOptions;
    }
  | {
      readonly kind: 'analyse';
      readonly id: string;
      readonly volume: Volume;
      /** The series of the model's other channels, by the channel's name. */
      readonly others: Readonly<Record<string, Volume>>;
      /** SeriesNumber (0020,0011), for the result. */
      readonly seriesNumber: number | null;
    }
  /** What a score of the prepared model, a classifier, rests on. */
  | {
      readonly kind: 'explain';
      readonly id: string;
      readonly volume: Volume;
      readonly others: Readonly<Record<string, Volume>>;
      readonly of: ExplainedClass;
    }
  /** Opens the prepared model, a promptable one, on a series; one is open at a time. Later requests name it by the id of this one. */
  | { readonly kind: 'open-prompts'; readonly id: string; readonly volume: Volume }
  /** Encodes the slice of a voxel of the series ahead of its first prompt. */
  | { readonly kind: 'encode'; readonly id: string; readonly opened: string; readonly at: Vec3 }
  | { readonly kind: 'prompt'; readonly id: string; readonly opened: string; readonly prompt: Prompt }
  /** Makes a result of masks that were kept: those of each thing, one per slice or more. */
  | {
      readonly kind: 'keep-prompted';
      readonly id: string;
      readonly opened: string;
      readonly things: readonly (readonly PromptMask[])[];
      readonly seriesNumber: number | null;
    }
  /** Nothing is left to do where it is closed already. */
  | { readonly kind: 'close-prompts'; readonly id: string; readonly opened: string };

/** From the worker to the page; `id` is that of the request it answers. */
export type WorkerReply =
  /** The worker's code is loaded and it listens. Where memory is shared, a port comes along: any message on it ends a run in the middle. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly id: string; readonly progress: Progress }
  | { readonly kind: 'prepared'; readonly id: string; readonly place: ComputePlace }
  /**
   * Only a fresh worker gets past this (a place that failed, memory that is not given back): start one and prepare again with
   * `places`. `handedOver` is what came with `analyse`, back again; null in answer to `prepare`.
   */
  | {
      readonly kind: 'restart';
      readonly id: string;
      readonly places: PlaceOptions;
      readonly handedOver: { readonly volume: Volume; readonly others: Readonly<Record<string, Volume>> } | null;
    }
  | {
      readonly kind: 'analysed';
      readonly id: string;
      readonly document: AnalysisDocument;
      readonly arrays: Readonly<Record<string, Uint8Array | Float32Array>>;
      /** The worker holds so much memory that it should be ended now: WebAssembly gives none back before. */
      readonly spent: boolean;
    }
  | { readonly kind: 'explained'; readonly id: string; readonly heatMap: HeatMap }
  /** The slice, by its number in what the model looks at. */
  | { readonly kind: 'encoded'; readonly id: string; readonly slice: number }
  /** What a prompt marks; null where it marks nothing. */
  | { readonly kind: 'prompted'; readonly id: string; readonly mask: PromptMask | null }
  /** To requests that are only to be done. */
  | { readonly kind: 'done'; readonly id: string }
  | { readonly kind: 'failed'; readonly id: string; readonly error: WireError };

const placeOptionsSchema: z.ZodMiniType<PlaceOptions> = z.object({
  maxThreads: z.nullable(z.int().check(z.positive())),
  allowFallbackAdapter: z.boolean(),
  skipped: z.array(skippedPlaceSchema),
  tooLarge: z.array(z.object({ runtime: skippedPlaceSchema.shape.runtime, window: z.string(), reason: z.string() })),
});

const samplesSchema: z.ZodMiniType<VolumeSamples> = z.union([
  z.instanceof(Int8Array),
  z.instanceof(Uint8Array),
  z.instanceof(Int16Array),
  z.instanceof(Uint16Array),
  z.instanceof(Int32Array),
  z.instanceof(Float32Array),
]);

const plane = z.instanceof(Uint8Array);

const volumeSchema: z.ZodMiniType<Volume> = z
  .object({
    studyInstanceUID: z.string(),
    seriesInstanceUID: z.string(),
    modality: z.string(),
    frameOfReferenceUID: z.nullable(z.string()),
    slices: z.array(sliceReferenceSchema),
    grid: gridSchema,
    warnings: z.array(noticeSchema),
    samples: samplesSchema,
    unit: z.string(),
    padding: z.nullable(z.number()),
    monochrome1: z.exactOptional(z.tuple([z.number(), z.number()])),
    inColour: z.exactOptional(z.literal(true)),
    colour: z.exactOptional(z.tuple([plane, plane, plane])),
  })
  .check(
    z.refine(
      ({ samples, colour = [], grid: { dims } }) =>
        [samples, ...colour].every((array) => array.length === dims[0] * dims[1] * dims[2]),
      {
        path: ['samples'],
        message: 'as many samples as the grid has voxels',
      },
    ),
  );
const others = z.record(z.string(), volumeSchema);

const id = z.string();

export const workerRequestSchema: z.ZodMiniType<WorkerRequest> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prepare'), id, modelUrl: z.url(), runtimeUrl: z.url(), places: placeOptionsSchema }),
  z.object({ kind: z.literal('analyse'), id, volume: volumeSchema, others, seriesNumber: z.nullable(z.int()) }),
  z.object({
    kind: z.literal('explain'),
    id,
    volume: volumeSchema,
    others,
    of: explainedClassSchema,
  }),
  z.object({ kind: z.literal('open-prompts'), id, volume: volumeSchema }),
  z.object({ kind: z.literal('encode'), id, opened: id, at: vec3 }),
  z.object({ kind: z.literal('prompt'), id, opened: id, prompt: promptSchema }),
  z.object({
    kind: z.literal('keep-prompted'),
    id,
    opened: id,
    things: z.array(z.array(promptMaskSchema)),
    seriesNumber: z.nullable(z.int()),
  }),
  z.object({ kind: z.literal('close-prompts'), id, opened: id }),
]);

const analysisArray = z.union([z.instanceof(Uint8Array), z.instanceof(Float32Array)]);

export const workerReplySchema: z.ZodMiniType<WorkerReply> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('progress'), id, progress: progressSchema }),
  z.object({ kind: z.literal('prepared'), id, place: computePlaceSchema }),
  z.object({
    kind: z.literal('restart'),
    id,
    places: placeOptionsSchema,
    handedOver: z.nullable(z.object({ volume: volumeSchema, others })),
  }),
  z.object({
    kind: z.literal('analysed'),
    id,
    document: analysisDocumentSchema,
    arrays: z.record(z.string(), analysisArray),
    spent: z.boolean(),
  }),
  z.object({ kind: z.literal('explained'), id, heatMap: heatMapSchema }),
  z.object({ kind: z.literal('encoded'), id, slice: z.int().check(z.nonnegative()) }),
  z.object({ kind: z.literal('prompted'), id, mask: z.nullable(promptMaskSchema) }),
  z.object({ kind: z.literal('done'), id }),
  z.object({ kind: z.literal('failed'), id, error: wireErrorSchema }),
]);
