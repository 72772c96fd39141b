import * as z from 'zod/mini';

/** Values that several parts of the manifest are made of. */

export const code = z.strictObject({
  value: z.string().check(z.minLength(1), z.maxLength(16)),
  scheme: z.string().check(z.minLength(1), z.maxLength(16)),
  meaning: z.string().check(z.minLength(1), z.maxLength(64)),
});

const byte = z.int().check(z.minimum(0), z.maximum(255));
/** sRGB, 0 to 255. */
export const colour = z.tuple([byte, byte, byte]);

export const millimetres = z.number().check(z.positive());
export const count = z.int().check(z.positive());
export const share = z.number().check(z.minimum(0), z.maximum(1));
export const name = z.string().check(z.minLength(1), z.maxLength(64));

/** Three whole numbers in the order of the tensor's spatial axes [D, H, W]. */
export const extents = z.tuple([count, count, count]);
/** As `extents`, zero allowed. */
export const margins = z.tuple([z.int().check(z.minimum(0)), z.int().check(z.minimum(0)), z.int().check(z.minimum(0))]);

const relativePath = z.string().check(z.regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/));
export const path = relativePath;

/** A file of the package and what its bytes must be. */
export const packageFile = z.strictObject({
  path: relativePath,
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hexadecimal')),
  bytes: count,
});

/** What a finding is, as a reader sees it and as DICOM says it. */
export const findingKind = z.strictObject({
  label: name,
  code: code.check(z.describe('What it is, e.g. (27925004, SCT, Nodule).')),
  category: code.check(z.describe('SegmentedPropertyCategory of its masks.')),
  site: z.nullable(code).check(z.describe('Where in the body; null where the model does not say.')),
  colour,
});
