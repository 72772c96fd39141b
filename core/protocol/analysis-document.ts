import * as z from 'zod/mini';
import type { Analysis, HeatMap, LabelMap } from '../analysis/index.ts';

/** Stands in a document for an array that travels beside it: transferred to the page, or an octet stream over HTTP. */
export interface ArrayReference {
  /** Name under which the array travels. */
  readonly array: string;
  readonly type: 'uint8' | 'float32';
  /** Number of elements. */
  readonly length: number;
}

/** An {@link Analysis} as JSON: everything but the voxels, which are referred to. */
export interface AnalysisDocument extends Omit<Analysis, 'labelMaps' | 'heatMaps'> {
  readonly labelMaps: readonly (Omit<LabelMap, 'labels'> & { readonly labels: ArrayReference })[];
  readonly heatMaps: readonly (Omit<HeatMap, 'values'> & { readonly values: ArrayReference })[];
}

export const code = z.object({ value: z.string(), scheme: z.string(), meaning: z.string() });
export const vec3 = z.tuple([z.number(), z.number(), z.number()]);
const voxelCount = z.int().check(z.positive());

export const gridSchema = z.object({
  dims: z.tuple([voxelCount, voxelCount, voxelCount]),
  indexToWorld: z.array(z.number()).check(z.length(16)),
});

export const sliceReferenceSchema = z.object({
  sopClassUID: z.string(),
  sopInstanceUID: z.string(),
  frameNumber: z.nullable(z.int()),
  instanceNumber: z.nullable(z.int()),
});

export const noticeSchema = z.object({ code: z.string(), message: z.string() });

const runtimeKind = z.enum(['webgpu', 'wasm', 'node-cpu', 'node-gpu', 'remote']);

export const skippedPlaceSchema = z.object({ runtime: runtimeKind, reason: z.string() });

export const computePlaceSchema = z.object({
  location: z.enum(['browser', 'server']),
  runtime: runtimeKind,
  threads: z.int(),
  device: z.nullable(z.string()),
  skipped: z.array(skippedPlaceSchema),
});

const arrayReference = (type: ArrayReference['type']) =>
  z.object({ array: z.string(), type: z.literal(type), length: z.int().check(z.nonnegative()) });

const segment = z.object({
  number: z.int().check(z.minimum(1), z.maximum(255)),
  label: z.string(),
  category: code,
  type: code,
  modifier: z.exactOptional(code),
  anatomicRegion: z.exactOptional(code),
  algorithmType: z.exactOptional(z.literal('SEMIAUTOMATIC')),
  colour: vec3,
  trackingIdentifier: z.string(),
  trackingUID: z.string(),
});

const measurement = z.object({ name: code, value: z.number(), unit: code, derivation: z.nullable(code) });

const axis = z.tuple([vec3, vec3]);

const region = z.object({
  box: z.object({ min: vec3, max: vec3 }),
  centre: vec3,
  segmentNumber: z.nullable(z.int()),
  axes: z.nullable(z.object({ long: axis, short: axis })),
});

const finding = z.object({
  trackingIdentifier: z.string(),
  trackingUID: z.string(),
  label: z.string(),
  code,
  site: z.nullable(code),
  laterality: z.nullable(code),
  place: z.nullable(z.string()),
  score: z.nullable(z.object({ value: z.number(), kind: z.enum(['score', 'probability']) })),
  presence: z.nullable(z.enum(['present', 'absent', 'undetermined'])),
  region: z.nullable(region),
  measurements: z.array(measurement),
  review: z.object({
    state: z.enum(['unreviewed', 'accepted', 'edited', 'rejected']),
    reason: z.nullable(code),
    reviewer: z.nullable(z.string()),
    at: z.nullable(z.string()),
  }),
});

export const analysisDocumentSchema: z.ZodMiniType<AnalysisDocument> = z.object({
  uid: z.string(),
  model: z.object({
    id: z.string(),
    version: z.string(),
    title: z.string(),
    manufacturer: z.string(),
    deviceUID: z.string(),
    digest: z.string(),
    regulatoryStatus: z.string(),
  }),
  source: z.object({
    studyInstanceUID: z.string(),
    seriesInstanceUID: z.string(),
    modality: z.string(),
    seriesNumber: z.nullable(z.int()),
    frameOfReferenceUID: z.nullable(z.string()),
    grid: gridSchema,
    slices: z.array(sliceReferenceSchema),
  }),
  otherSeries: z.exactOptional(
    z.array(
      z.object({
        channel: z.string(),
        studyInstanceUID: z.string(),
        seriesInstanceUID: z.string(),
        modality: z.string(),
        frameOfReferenceUID: z.nullable(z.string()),
        slices: z.array(sliceReferenceSchema),
      }),
    ),
  ),
  place: computePlaceSchema,
  outcome: z.enum(['completed', 'failed']),
  startedAt: z.string(),
  finishedAt: z.string(),
  timings: z.array(z.object({ stage: z.string(), milliseconds: z.number() })),
  warnings: z.array(noticeSchema),
  findings: z.array(finding),
  labelMaps: z.array(z.object({ grid: gridSchema, labels: arrayReference('uint8'), segments: z.array(segment) })),
  heatMaps: z.array(
    z.object({
      label: z.string(),
      grid: gridSchema,
      values: arrayReference('float32'),
      quantity: code,
      unit: code,
      displayRange: z.tuple([z.number(), z.number()]),
    }),
  ),
});
