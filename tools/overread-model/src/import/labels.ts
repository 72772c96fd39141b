import * as z from 'zod/mini';
import { categories, structureNamed } from '@overread/core/dicom';
import { describeFaults, OverreadError } from '@overread/core/errors';
import type { ManifestSource } from '@overread/core/model';
import { colourOf } from '../package/colours.ts';
import { readJson } from '../package/files.ts';
import { sourceFault } from './fault.ts';

type Output = Extract<ManifestSource['outputs'][number], { kind: 'maskLogits' }>;
export type Label = Output['labels'][number];

const code = z.strictObject({ value: z.string(), scheme: z.string(), meaning: z.string() });
const byte = z.int().check(z.minimum(0), z.maximum(255));
const codesForm = z.record(
  z.string(),
  z.strictObject({
    type: code,
    category: z.optional(code),
    modifier: z.optional(code),
    name: z.optional(z.string()),
    colour: z.optional(z.tuple([byte, byte, byte])),
  }),
);

/** What an author says of labels, by their name in the source. */
export type LabelCodes = z.infer<typeof codesForm>;

/** @throws OverreadError `model.source-invalid` with every fault of the file */
export async function readCodes(file: string | undefined): Promise<LabelCodes> {
  if (file === undefined) return {};
  const parsed = codesForm.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  throw sourceFault(file, describeFaults(parsed.error).join('; '));
}

export interface NamedValue {
  readonly name: string;
  readonly value: number;
}

/**
 * Labels with their codes: the author's, else those that the name tells.
 * @throws OverreadError `model.source-invalid` naming every label without a code, and where to write it
 */
export function codedLabels(values: readonly NamedValue[], codes: LabelCodes): Label[] {
  const coded = values.map(({ name, value }, at) => labelOf(name, value, at, codes));
  const unknown = values.filter((_, at) => coded[at] === null).map(({ name }) => `'${name}'`);
  if (unknown.length > 0) {
    throw new OverreadError('model.source-invalid', {
      why: `no code is known for ${unknown.join(', ')}: write one for each into a file and name it by --codes (see --help)`,
      details: { labels: unknown },
    });
  }
  return coded.filter((label) => label !== null);
}

function labelOf(name: string, value: number, at: number, codes: LabelCodes): Label | null {
  const written = Object.hasOwn(codes, name) ? codes[name] : undefined;
  const known = structureNamed(name);
  const type = written?.type ?? known?.type;
  if (type === undefined) return null;
  const category = written?.category ?? known?.category ?? categories.anatomicalStructure;
  // A type that the author wrote says all that there is to say, unless he wrote a modifier too.
  const modifier = written === undefined ? known?.modifier : written.modifier;
  return {
    value,
    name: written?.name ?? spoken(name),
    category: { ...category },
    type: { ...type },
    ...(modifier !== undefined && { modifier: { ...modifier } }),
    colour: written?.colour ?? colourOf(at),
  };
}

/** `kidney_right` as `Kidney right`. */
function spoken(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
