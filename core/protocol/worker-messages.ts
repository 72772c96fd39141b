import * as z from 'zod/mini';
import type { ComputePlace } from '../analysis/index.ts';
import type { Progress, RuledOut } from '../pipeline/index.ts';
import type { Volume, VolumeSamples } from '../volume/index.ts';
import {
  analysisDocumentSchema,
  computePlaceSchema,
  gridSchema,
  noticeSchema,
  skippedPlaceSchema,
  sliceReferenceSchema,
  type AnalysisDocument,
} from './analysis-document.ts';
import { progressSchema } from './progress.ts';
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
      /** SeriesNumber (0020,0011), for the result. */
      readonly seriesNumber: number | null;
    };

/** From the worker to the page; `id` is that of the request it answers. */
export type WorkerReply =
  /** The worker's code is loaded and it listens. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly id: string; readonly progress: Progress }
  | { readonly kind: 'prepared'; readonly id: string; readonly place: ComputePlace }
  /**
   * Only a fresh worker gets past this (a place that failed, memory that is not given back): start one and prepare again with
   * `places`. `volume` is the one that was handed over, back again; null in answer to `prepare`.
   */
  | { readonly kind: 'restart'; readonly id: string; readonly places: PlaceOptions; readonly volume: Volume | null }
  | {
      readonly kind: 'analysed';
      readonly id: string;
      readonly document: AnalysisDocument;
      readonly arrays: Readonly<Record<string, Uint8Array | Float32Array>>;
      /** The worker holds so much memory that it should be ended now: WebAssembly gives none back before. */
      readonly spent: boolean;
    }
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
  })
  .check(
    z.refine(({ samples, grid }) => samples.length === grid.dims[0] * grid.dims[1] * grid.dims[2], {
      path: ['samples'],
      message: 'as many samples as the grid has voxels',
    }),
  );

const id = z.string();

export const workerRequestSchema: z.ZodMiniType<WorkerRequest> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prepare'), id, modelUrl: z.url(), runtimeUrl: z.url(), places: placeOptionsSchema }),
  z.object({ kind: z.literal('analyse'), id, volume: volumeSchema, seriesNumber: z.nullable(z.int()) }),
]);

const analysisArray = z.union([z.instanceof(Uint8Array), z.instanceof(Float32Array)]);

export const workerReplySchema: z.ZodMiniType<WorkerReply> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('progress'), id, progress: progressSchema }),
  z.object({ kind: z.literal('prepared'), id, place: computePlaceSchema }),
  z.object({ kind: z.literal('restart'), id, places: placeOptionsSchema, volume: z.nullable(volumeSchema) }),
  z.object({
    kind: z.literal('analysed'),
    id,
    document: analysisDocumentSchema,
    arrays: z.record(z.string(), analysisArray),
    spent: z.boolean(),
  }),
  z.object({ kind: z.literal('failed'), id, error: wireErrorSchema }),
]);
