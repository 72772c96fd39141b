import * as z from 'zod/mini';
import type { Progress } from '../pipeline/index.ts';
import { analysisDocumentSchema, type AnalysisDocument } from './analysis-document.ts';
import { explainedClassSchema, heatMapDocumentSchema, type HeatMapDocument } from './explanation.ts';
import { progressSchema } from './progress.ts';
import { wireErrorSchema, type WireError } from './wire-error.ts';

/** The companion server's HTTP contract; every path below stands under `/api/v1`. */

/** A DICOM UID: PS3.5 section 9.1. */
const uid = z.string().check(z.maxLength(64), z.regex(/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+$/));

const request = {
  studyInstanceUID: uid,
  seriesInstanceUID: uid,
  /** Series of the model's other channels, by the channel's name, in the same study; those that are not named the server finds by itself. */
  otherSeries: z.exactOptional(z.record(z.string(), uid)),
  /** Id of a model that `GET /models` lists. */
  model: z.string().check(z.minLength(1), z.maxLength(64)),
};

/** Body of `POST /analyses`. */
export const analysisRequestSchema = z.strictObject(request);

export type AnalysisRequest = z.infer<typeof analysisRequestSchema>;

/**
 * Body of `POST /explanations`: what a score of a classifier rests on. Everything below holds for a job there as for one at `/analyses`; only
 * its result is another.
 */
export const explanationRequestSchema = z.strictObject({ ...request, of: explainedClassSchema });

export type ExplanationRequest = z.infer<typeof explanationRequestSchema>;

interface JobFacts {
  readonly id: string;
  readonly request: AnalysisRequest | ExplanationRequest;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** What `GET /analyses/:id` answers. The state says which other fields there are. */
export type JobStatus = JobFacts &
  (
    | { readonly state: 'queued'; readonly ahead: number }
    | { readonly state: 'running'; readonly progress: Progress | null }
    | { readonly state: 'done' }
    | { readonly state: 'failed'; readonly error: WireError }
    | { readonly state: 'cancelled' }
  );

const facts = {
  id: z.string(),
  request: z.union([analysisRequestSchema, explanationRequestSchema]),
  createdAt: z.string(),
};

export const jobStatusSchema: z.ZodMiniType<JobStatus> = z.discriminatedUnion('state', [
  z.object({ ...facts, state: z.literal('queued'), ahead: z.int() }),
  z.object({ ...facts, state: z.literal('running'), progress: z.nullable(progressSchema) }),
  z.object({ ...facts, state: z.literal('done') }),
  z.object({ ...facts, state: z.literal('failed'), error: wireErrorSchema }),
  z.object({ ...facts, state: z.literal('cancelled') }),
]);

/**
 * One event of `GET /analyses/:id/events` (server-sent events): the event's name is `kind`, its data this object.
 * After `done`, `failed` or `cancelled` the stream ends.
 */
export type JobEvent =
  | { readonly kind: 'queued'; readonly ahead: number }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: WireError }
  | { readonly kind: 'cancelled' };

export const jobEventSchema: z.ZodMiniType<JobEvent> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queued'), ahead: z.int() }),
  z.object({ kind: z.literal('progress'), progress: progressSchema }),
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('failed'), error: wireErrorSchema }),
  z.object({ kind: z.literal('cancelled') }),
]);

/** Answer of `GET /analyses/:id/result`; the arrays are at `GET /analyses/:id/arrays/:name`, little-endian octets. */
export const analysisResultSchema: z.ZodMiniType<{ readonly analysis: AnalysisDocument }> = z.object({
  analysis: analysisDocumentSchema,
});

/** Answer of `GET /explanations/:id/result`; its values are at `GET /explanations/:id/arrays/:name`. */
export const explanationResultSchema: z.ZodMiniType<{ readonly heatMap: HeatMapDocument }> = z.object({
  heatMap: heatMapDocumentSchema,
});

/** Answer of `GET /models`. */
export const modelListSchema = z.object({
  models: z.array(z.object({ id: z.string(), version: z.string(), title: z.string(), digest: z.string() })),
});

export type ModelList = z.infer<typeof modelListSchema>;

/** Answer of `GET /health`. */
export const healthSchema = z.object({
  status: z.literal('ok'),
  version: z.string(),
  runtime: z.object({ kind: z.enum(['node-cpu', 'node-gpu']), threads: z.int(), device: z.nullable(z.string()) }),
  waiting: z.int(),
  running: z.int(),
});

export type Health = z.infer<typeof healthSchema>;

/** Body of every answer that is an error. */
export const errorAnswerSchema = z.object({ error: wireErrorSchema });
