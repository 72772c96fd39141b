import * as z from 'zod/mini';
import { describeFaults } from '@overread/core/errors';
import { sourceFault, unsupported } from '../fault.ts';
import type { Finishing } from './finishing.ts';

const extent = z.union([z.int(), z.string()]);

const tensor = z.object({
  type: z.optional(z.string()),
  format: z.optional(z.string()),
  modality: z.optional(z.string()),
  num_channels: z.int().check(z.minimum(1), z.maximum(1024)),
  spatial_shape: z.array(extent),
  channel_def: z.optional(z.record(z.string(), z.string())),
  /** What some bundles write for it. */
  label_def: z.optional(z.record(z.string(), z.string())),
});

const form = z.object({
  version: z.string(),
  monai_version: z.optional(z.string()),
  name: z.optional(z.string()),
  task: z.optional(z.string()),
  description: z.optional(z.string()),
  authors: z.optional(z.string()),
  copyright: z.optional(z.string()),
  intended_use: z.optional(z.string()),
  data_source: z.optional(z.string()),
  network_data_format: z.object({
    inputs: z.record(z.string(), tensor),
    outputs: z.record(z.string(), tensor),
  }),
});

export type Metadata = z.infer<typeof form>;
export type MetadataTensor = z.infer<typeof tensor>;

/** @throws OverreadError `model.source-invalid` with every fault */
export function parseMetadata(json: unknown, file: string): Metadata {
  const parsed = form.safeParse(json);
  if (parsed.success) return parsed.data;
  throw sourceFault(file, describeFaults(parsed.error).join('; '));
}

/** First two numbers of the version of MONAI that the bundle is for; null where there is none that is understood. */
export function monaiVersion({ monai_version: version = '' }: Metadata): readonly [number, number] | null {
  const match = /^v?(\d+)\.(\d+)/.exec(version.trim());
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

/** The one input or output, with the key that transforms call it by. */
export function onlyTensor(
  tensors: Readonly<Record<string, MetadataTensor>>,
  what: 'inputs' | 'outputs',
  file: string,
): { readonly key: string; readonly tensor: MetadataTensor } {
  const [first, ...others] = Object.entries(tensors);
  const where = `${file} network_data_format.${what}`;
  if (first === undefined || others.length > 0) {
    throw unsupported(where, `one image is expected, not ${Object.keys(tensors).length}`);
  }
  const [key, found] = first;
  return { key, tensor: found };
}

/** @throws OverreadError `model.import-unsupported` unless a tensor is a volume, or a slice of one where those are run one by one */
export function requireVolume({ spatial_shape: shape }: MetadataTensor, where: string, bySlice: boolean): void {
  if (shape.length === 3 || (bySlice && shape.length === 2)) return;
  const wanted = bySlice
    ? 'three dimensions, or the two of a slice, are expected'
    : 'three dimensions are expected, or two where a SliceInferer runs the network slice by slice';
  throw unsupported(`${where}.spatial_shape`, wanted);
}

/** Extents such as `"8*n"`: what a network's input is a multiple of; a number stands for itself. */
export function multiplesOf({ spatial_shape }: MetadataTensor, where: string): [number, number, number] {
  return spatial_shape.map((each) => {
    if (each === '*' || typeof each === 'number') return 1;
    const match = /^(\d+) *\* *[a-z]$|^[a-z] *\* *(\d+)$/i.exec(each.trim());
    const multiple = Number(match?.[1] ?? match?.[2]);
    if (Number.isSafeInteger(multiple) && multiple > 0) return multiple;
    if (/^[a-z]$/i.test(each.trim())) return 1;
    throw unsupported(`${where}.spatial_shape`, `'${each}' is not understood`);
  }) as [number, number, number];
}

/** Names of the images that the network is fed, where the metadata has one for each channel that tells it from the others; else null. */
export function namesOfInput({ num_channels, channel_def = {} }: MetadataTensor): readonly string[] | null {
  const names = Array.from({ length: num_channels }, (_, at) => channel_def[String(at)]);
  return names.every((name) => name !== undefined) ? names : null;
}

/**
 * Names of the channels of an answer, in order. Where the metadata names none at all they are numbered: `label 1` and so on, behind
 * `background` where the largest is chosen.
 * @throws OverreadError `model.source-invalid` where only some have a name
 */
export function namesOfOutput(
  { num_channels, channel_def, label_def }: MetadataTensor,
  where: string,
  { choice }: Pick<Finishing, 'choice'>,
): readonly string[] {
  const names = [channel_def, label_def].find((found) => found !== undefined && Object.keys(found).length > 0);
  return Array.from({ length: num_channels }, (_, at) => {
    if (names === undefined) return numbered(at, choice?.kind === 'argmax');
    const name = names[String(at)];
    if (name === undefined) throw sourceFault(`${where}.channel_def`, `channel ${at} has no name`);
    return name;
  });
}

function numbered(at: number, behindBackground: boolean): string {
  if (!behindBackground) return `label ${at + 1}`;
  return at === 0 ? 'background' : `label ${at}`;
}

const modalities: Readonly<Record<string, string>> = {
  ct: 'CT',
  mr: 'MR',
  mri: 'MR',
  pt: 'PT',
  pet: 'PT',
  us: 'US',
  xr: 'DX',
};

/** Modality (0008,0060). */
export function modalityOf({ modality }: MetadataTensor, where: string): string {
  const known = modalities[modality?.toLowerCase() ?? ''];
  if (known !== undefined) return known;
  throw sourceFault(
    `${where}.modality`,
    `'${modality ?? ''}' is none of ${Object.keys(modalities).join(', ')}: say which by --modality`,
  );
}
