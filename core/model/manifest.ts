import * as z from 'zod/mini';

/** Manifest v1 of a model package (`model.json`). Field order here is the order of the reference page. */

const code = z.strictObject({
  value: z.string().check(z.minLength(1), z.maxLength(16)),
  scheme: z.string().check(z.minLength(1), z.maxLength(16)),
  meaning: z.string().check(z.minLength(1), z.maxLength(64)),
});

const colour = z.tuple([
  z.int().check(z.minimum(0), z.maximum(255)),
  z.int().check(z.minimum(0), z.maximum(255)),
  z.int().check(z.minimum(0), z.maximum(255)),
]);
const millimetres = z.number().check(z.positive());
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const relativePath = z.string().check(z.regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/));

const applicability = z.strictObject({
  /** Modality (0008,0060), any of. */
  modalities: z.array(z.string()).check(z.minLength(1)),
  /** BodyPartExamined (0018,0015) where the series names one, any of; absent: any. */
  bodyParts: z.optional(z.array(z.string())),
  minSlices: z.optional(z.int().check(z.positive())),
  /** Largest distance between neighbouring slices, mm. */
  maxSliceSpacing: z.optional(millimetres),
  /** Largest in-plane pixel spacing, mm. */
  maxPixelSpacing: z.optional(millimetres),
  /** Smallest extent along the slice normal, mm. */
  minExtent: z.optional(millimetres),
});

const intensityStep = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clip'), min: z.number(), max: z.number() }),
  /** Linear map of [fromMin, fromMax] to [toMin, toMax], not clipped. */
  z.strictObject({
    kind: z.literal('scale'),
    fromMin: z.number(),
    fromMax: z.number(),
    toMin: z.number(),
    toMax: z.number(),
  }),
  /** Voxels outside the named mask become `value` (in the units before this step). */
  z.strictObject({ kind: z.literal('fillOutside'), mask: z.string(), value: z.number() }),
]);

/** Masks computed from the volume itself, before the graph runs, each from modality values in HU. */
const maskStep = z.discriminatedUnion('kind', [
  /** Largest connected component above the threshold, per-slice holes filled: the patient without table and outside air. */
  z.strictObject({ kind: z.literal('bodyMask'), id: z.string(), above: z.number() }),
  /** Air inside a body mask: components that touch the border removed, the largest one or two kept, airways excluded, closed by a radius so that nodules and vessels at the wall lie inside. */
  z.strictObject({
    kind: z.literal('lungField'),
    id: z.string(),
    body: z.string(),
    below: z.number(),
    minVolume: z.number(),
    closingRadius: millimetres,
  }),
]);

const patch = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('whole') }),
  /** Tiles of `size` voxels [k, j, i] (clamped to the volume); `halo` voxels on each side are context and cut off the output. */
  z.strictObject({
    mode: z.literal('slidingWindow'),
    size: z.tuple([z.int(), z.int(), z.int()]),
    halo: z.tuple([z.int(), z.int(), z.int()]),
    /** Tiles without a voxel of this mask are not run; their output is 0. */
    onlyWhere: z.optional(z.string()),
  }),
]);

const input = z.strictObject({
  /** Name of the graph's input; shape [1, 1, D, H, W] float32. */
  name: z.string(),
  /** `native`: the grid of the series. A number: isotropic resampling to that spacing, mm, along the series' own axes. */
  spacing: z.union([z.literal('native'), millimetres]),
  masks: z.array(maskStep),
  /** Mask whose bounding box (plus the halo, beyond the volume too: padding) limits what is prepared and run; absent: everything. */
  cropTo: z.optional(z.string()),
  intensity: z.array(intensityStep),
  patch,
});

const label = z.strictObject({
  value: z.int().check(z.minimum(1), z.maximum(255)),
  name: z.string(),
  category: code,
  type: code,
  colour,
  /** Where this label may stand: labels outside the mask become background. */
  within: z.optional(z.string()),
});

const output = z.discriminatedUnion('kind', [
  /** [1, 1 + labels, D, H, W]: channel 0 is background; argmax gives the label value in order of channels. */
  z.strictObject({ kind: z.literal('maskLogits'), name: z.string(), labels: z.array(label).check(z.minLength(1)) }),
  /** [1, 1, D, H, W]. */
  z.strictObject({
    kind: z.literal('heatMap'),
    name: z.string(),
    quantity: code,
    unit: code,
    displayRange: z.tuple([z.number(), z.number()]),
  }),
]);

const finishStep = z.discriminatedUnion('kind', [
  /** Replaces the argmax inside a mask: voxels of `mask` that are none of `except` get `label`. */
  z.strictObject({
    kind: z.literal('assignMask'),
    mask: z.string(),
    label: z.int(),
    except: z.optional(z.array(z.int())),
  }),
  /** One finding per label with these measurements. */
  z.strictObject({
    kind: z.literal('measureLabels'),
    measurements: z.array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('volume'), labels: z.optional(z.array(z.int())) }),
        z.strictObject({ kind: z.literal('mean'), labels: z.optional(z.array(z.int())) }),
        z.strictObject({ kind: z.literal('shareBelow'), threshold: z.number(), labels: z.optional(z.array(z.int())) }),
      ]),
    ),
  }),
  /**
   * Local maxima of the heat map, non-maximum suppressed, each grown to a region in the volume and measured. The score of a
   * finding is the map's value at the peak times the region's compactness times the share of its surface that borders on air.
   */
  z.strictObject({
    kind: z.literal('peaks'),
    within: z.optional(z.string()),
    minScore: z.number(),
    maxFindings: z.int().check(z.positive()),
    minDistance: millimetres,
    /** Smallest and largest equivalent diameter of a finding, mm. */
    minDiameter: millimetres,
    maxDiameter: millimetres,
    finding: z.strictObject({ label: z.string(), code, category: code, site: code, colour }),
  }),
]);

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
  /** Seed of the generated input (see `selfTestInput`), its shape [1, 1, D, H, W] and value range. */
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
  outputs: z.array(output).check(z.minLength(1), z.describe('Outputs of the graph that are used, by name.')),
  finish: z.array(finishStep).check(z.describe('Steps from the outputs to findings and measurements, in order.')),
  scoreKind: z.enum(['score', 'probability']),
  operatingPoints: z.array(operatingPoint),
  defaultOperatingPoint: z.nullable(z.string()),
  graph: z.strictObject({ path: relativePath, sha256, bytes: z.int().check(z.positive()) }),
  card: relativePath.check(z.describe('Model card (Markdown), path in the package.')),
  selfTest,
});

export type Manifest = z.infer<typeof manifestSchema>;
