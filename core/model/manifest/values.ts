import * as z from 'zod/mini';

/** Values that several parts of the manifest are made of. */

/** A field with what the reference page and authors' editors say about it. */
export function field<T extends z.ZodMiniType>(about: string, schema: T): T {
  return schema.check(z.describe(about));
}

/** As `field`, for a part that stands in several places: JSON Schema and reference page describe it once, under this name. */
function part<T extends z.ZodMiniType>(id: string, description: string, schema: T): T {
  z.globalRegistry.add(schema, { id, description });
  return schema;
}

export const code = part(
  'code',
  'A coded concept, as DICOM writes it (PS3.3 section 8): what it is, said so that any program understands it.',
  z.strictObject({
    value: field('Code Value (0008,0100), e.g. `39607008`.', z.string().check(z.minLength(1), z.maxLength(16))),
    scheme: field(
      'Coding Scheme Designator (0008,0102): `SCT` (SNOMED CT), `DCM`, `RADLEX`, `UCUM` for units, `99…` for your own.',
      z.string().check(z.minLength(1), z.maxLength(16)),
    ),
    meaning: field('Code Meaning (0008,0104), e.g. `Lung`.', z.string().check(z.minLength(1), z.maxLength(64))),
  }),
);

const byte = z.int().check(z.minimum(0), z.maximum(255));
/** sRGB, 0 to 255. */
export const colour = field(
  'Colour on screen and in DICOM: red, green, blue (sRGB, 0 to 255).',
  z.tuple([byte, byte, byte]),
);

export const millimetres = z.number().check(z.positive());
export const count = z.int().check(z.positive());
export const share = z.number().check(z.minimum(0), z.maximum(1));
export const name = z.string().check(z.minLength(1), z.maxLength(64));

/** As `count`, where more would only be memory. */
export const fewer = (most: number) => z.int().check(z.minimum(1), z.maximum(most));

/** Three whole numbers in the order of the tensor's spatial axes [D, H, W]. */
export const extents = z.tuple([count, count, count]);
/** As `extents`, zero allowed. */
export const margins = z.tuple([z.int().check(z.minimum(0)), z.int().check(z.minimum(0)), z.int().check(z.minimum(0))]);

const relativePath = z.string().check(z.regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/));
export const path = relativePath;

/** A file of the package and what its bytes must be. */
export const packageFile = part(
  'file',
  'A file of the package and what its bytes must be; one that differs is never run. `overread-model selftest --record` fills this in.',
  z.strictObject({
    path: field('Path in the package, relative to `model.json`.', relativePath),
    sha256: field(
      'SHA-256 of the content, lower-case hexadecimal.',
      z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hexadecimal')),
    ),
    bytes: field('Size in bytes.', count),
  }),
);

/** What a finding is, as a reader sees it and as DICOM says it. */
export const findingKind = part(
  'finding',
  'What a finding is, as a reader sees it and as DICOM says it.',
  z.strictObject({
    label: field('Name on screen.', name),
    code: field('What it is, e.g. (27925004, SCT, Nodule).', code),
    category: field(
      'SegmentedPropertyCategory of its masks, e.g. (49755003, SCT, Morphologically Abnormal Structure).',
      code,
    ),
    site: field('Where in the body; null where the model does not say.', z.nullable(code)),
    colour,
  }),
);
