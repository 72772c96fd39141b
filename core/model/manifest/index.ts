import * as z from 'zod/mini';
import { applicability } from './applicability.ts';
import { finishStep } from './finish.ts';
import { input } from './input.ts';
import { output } from './outputs.ts';
import { prompts } from './prompts.ts';
import { packageFile, path } from './values.ts';

// Manifest v1 of a model package (`model.json`). Field order here is the order of the reference page. All triples are in the order of
// the tensor's spatial axes [D, H, W] unless a field says otherwise.

const operatingPoint = z.strictObject({
  name: z.string(),
  threshold: z.number(),
  evaluation: z.union([
    z.literal('not evaluated'),
    z.strictObject({
      sensitivity: z.number(),
      specificity: z.optional(z.number()),
      falsePositivesPerSeries: z.optional(z.number()),
      on: z.string(),
    }),
  ]),
});

const selfTest = z.strictObject({
  /** Seed of the generated input (see `selfTestInput`), its shape ([1, C, D, H, W] or [N, C, H, W]) and value range. */
  seed: z.int(),
  shape: z.array(z.int()),
  range: z.tuple([z.number(), z.number()]),
  /** Expected values at positions spread over the channels and the middle of the first output (see `selfTestPositions`). */
  expected: z.array(z.number()),
  /** Allowed absolute difference. */
  tolerance: z.number().check(z.positive()),
});

export const manifestSchema = z.strictObject({
  manifest: z.literal(1),
  id: z
    .string()
    .check(z.regex(/^[a-z][a-z0-9-]{1,62}$/), z.describe('Stable name of the model: lower case, digits, hyphens.')),
  version: z.string().check(z.regex(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/, 'must be a version such as 1.2.0')),
  title: z.string().check(z.minLength(1), z.maxLength(64)),
  summary: z.string().check(z.describe('One or two sentences for the list of models.')),
  manufacturer: z.string().check(z.minLength(1), z.maxLength(64)),
  deviceUID: z
    .string()
    .check(
      z.regex(/^[0-9.]{1,64}$/),
      z.describe('Device UID of this version (PS3.3 C.7.5.1): a new one whenever the model changes.'),
    ),
  intendedUse: z.string().check(z.describe('For whom and for what, in a sentence.')),
  limitations: z
    .array(z.string())
    .check(z.minLength(1), z.describe('What a reader must know before trusting a result.')),
  regulatoryStatus: z.string(),
  licence: z.string(),
  authors: z.array(z.string()).check(z.minLength(1)),
  applicability,
  input,
  outputs: z
    .array(output)
    .check(z.describe('Outputs of the graph that are used, by name; none for a promptable model.')),
  prompts: z.optional(prompts),
  finish: z._default(
    z.array(finishStep).check(z.describe('Steps from the outputs to findings and measurements, in order.')),
    [],
  ),
  scoreKind: z._default(z.enum(['score', 'probability']), 'score'),
  operatingPoints: z._default(z.array(operatingPoint), []),
  defaultOperatingPoint: z._default(z.nullable(z.string()), null),
  graph: packageFile,
  card: path.check(z.describe('Model card (Markdown), path in the package.')),
  selfTest,
});

/** A manifest with its defaults filled in, as `parseManifest` answers it. */
export type Manifest = z.infer<typeof manifestSchema>;
/** A manifest as its author writes it: fields with a default may be left out. */
export type ManifestSource = z.input<typeof manifestSchema>;
