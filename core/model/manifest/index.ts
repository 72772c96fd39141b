import * as z from 'zod/mini';
import { applicability } from './applicability.ts';
import { finishStep } from './finish.ts';
import { input } from './input.ts';
import { output } from './outputs.ts';
import { prompts } from './prompts.ts';
import { selfTest } from './self-test.ts';
import { field, packageFile, path, share } from './values.ts';

// Manifest v1 of a model package (`model.json`). Field order here is the order of the reference page. All triples are in the order of
// the tensor's spatial axes [D, H, W] unless a field says otherwise.

const evaluation = z.strictObject({
  sensitivity: field('Share of the present that is found.', share),
  specificity: field('Share of the absent that is called so.', z.optional(share)),
  falsePositivesPerSeries: field(
    'Mean count of false findings in a series.',
    z.optional(z.number().check(z.minimum(0))),
  ),
  on: field('What it was measured on: data, number of cases.', z.string()),
});

const operatingPoint = z.strictObject({
  name: field('Name on screen.', z.string()),
  threshold: field('Findings with at least this score are shown.', z.number()),
  evaluation: field('What was measured at this threshold.', z.union([z.literal('not evaluated'), evaluation])),
});

const shortText = z.string().check(z.minLength(1), z.maxLength(64));

export const manifestSchema = z.strictObject({
  manifest: field('Version of this format.', z.literal(1)),
  id: field(
    'Stable name of the model: lower case, digits, hyphens.',
    z.string().check(z.regex(/^[a-z][a-z0-9-]{1,62}$/)),
  ),
  version: field(
    'Version of the model (semantic versioning).',
    z.string().check(z.regex(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/, 'must be a version such as 1.2.0')),
  ),
  title: field('Name on screen, and Algorithm Name in stored results.', shortText),
  summary: field('One or two sentences for the list of models.', z.string()),
  manufacturer: field('Who makes it: Manufacturer (0008,0070) of stored results.', shortText),
  deviceUID: field(
    'Device UID of this version (PS3.3 C.7.5.1): a new one whenever the model changes.',
    z.string().check(z.regex(/^[0-9.]{1,64}$/)),
  ),
  intendedUse: field('For whom and for what, in a sentence.', z.string()),
  limitations: field('What a reader must know before trusting a result.', z.array(z.string()).check(z.minLength(1))),
  regulatoryStatus: field('What the law says of it, e.g. `Research use only`.', z.string()),
  licence: field('Licence of the weights, as an SPDX identifier where there is one.', z.string()),
  authors: field('Who made it.', z.array(z.string()).check(z.minLength(1))),
  applicability: field(
    'Which series the model may be run on. Every field that is there must hold; what a series does not say is not held against it.',
    applicability,
  ),
  input: field('From the series to the tensor that the graph reads.', input),
  outputs: field('Outputs of the graph that are used, by name; none for a promptable model.', z.array(output)),
  prompts: field(
    'A promptable model (in the manner of Segment Anything): `graph` is the encoder, run once per slice; the decoder answers each prompt from its ' +
      'embeddings, which stay in memory only.',
    z.optional(prompts),
  ),
  finish: field(
    'Steps from the stitched outputs to findings and measurements, in order, on the grid of the series.',
    z._default(z.array(finishStep), []),
  ),
  scoreKind: field(
    'A score is called a probability only where it was calibrated.',
    z._default(z.enum(['score', 'probability']), 'score'),
  ),
  operatingPoints: field(
    'Thresholds with a name, and what was measured about them.',
    z._default(z.array(operatingPoint), []),
  ),
  defaultOperatingPoint: field(
    'Name of the operating point that a result is first shown at; null: all findings.',
    z._default(z.nullable(z.string()), null),
  ),
  graph: field('The ONNX graph, one file with its weights.', packageFile),
  card: field('Model card (Markdown), path in the package.', path),
  selfTest: field(
    'Run on every machine before the model’s first use there: drivers differ, and a wrong answer is worse than none. ' +
      '`overread-model selftest --record` fills this in.',
    selfTest,
  ),
});

/** A manifest with its defaults filled in, as `parseManifest` answers it. */
export type Manifest = z.infer<typeof manifestSchema>;
/** A manifest as its author writes it: fields with a default may be left out. */
export type ManifestSource = z.input<typeof manifestSchema>;
