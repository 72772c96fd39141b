import * as z from 'zod/mini';
import type { HeatMap } from '../analysis/index.ts';
import { OverreadError } from '../errors/index.ts';
import { voxelCount } from '../geometry/index.ts';
import type { ExplainedClass } from '../model/index.ts';
import { code, gridSchema, type ArrayReference } from './analysis-document.ts';
import { arrayFromBytes, type AnalysisArray } from './analysis-transport.ts';

// What the explanation of a score is on the wire: one heat map.

export const explainedClassSchema: z.ZodMiniType<ExplainedClass> = z.strictObject({
  output: z.string().check(z.minLength(1), z.maxLength(256)),
  classIndex: z.int().check(z.nonnegative()),
});

const facts = {
  label: z.string(),
  grid: gridSchema,
  quantity: code,
  unit: code,
  displayRange: z.tuple([z.number(), z.number()]),
};

/** Between page and worker, where arrays travel as they are. */
export const heatMapSchema: z.ZodMiniType<HeatMap> = z.object({ ...facts, values: z.instanceof(Float32Array) });

/** A {@link HeatMap} as JSON: everything but the values, which are referred to. */
export interface HeatMapDocument extends Omit<HeatMap, 'values'> {
  readonly values: ArrayReference;
}

export const heatMapDocumentSchema: z.ZodMiniType<HeatMapDocument> = z.object({
  ...facts,
  values: z.object({ array: z.string(), type: z.literal('float32'), length: z.int().check(z.nonnegative()) }),
});

/** A heat map's document and its values, by name. */
export interface PackedHeatMap {
  readonly document: HeatMapDocument;
  readonly arrays: Readonly<Record<string, AnalysisArray>>;
}

/** Takes a heat map apart for HTTP. Nothing is copied. */
export function packHeatMap({ values, ...rest }: HeatMap): PackedHeatMap {
  const array = 'values';
  return {
    document: { ...rest, values: { array, type: 'float32', length: values.length } },
    arrays: { [array]: values },
  };
}

/**
 * Puts a heat map together again.
 * @param octets of its values, as they came
 * @throws OverreadError `protocol.malformed` where they are not as many as announced, or as its grid has voxels
 */
export function unpackHeatMap({ values: reference, ...rest }: HeatMapDocument, octets: Uint8Array): HeatMap {
  const values = arrayFromBytes(reference, octets);
  const voxels = voxelCount(rest.grid);
  if (!(values instanceof Float32Array) || values.length !== voxels) {
    throw new OverreadError('protocol.malformed', {
      why: `array ${reference.array}: it has ${values.length} elements for a grid of ${voxels} voxels`,
    });
  }
  return { ...rest, values };
}
