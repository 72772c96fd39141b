import { sourceFault, unsupported } from '../fault.ts';
import { stepsOfChannels } from '../channel-steps.ts';
import type { Component } from './component.ts';
import { imageKeys, withoutSubject, type Keys } from './keys.ts';
import { channelsOf, emptyPreparation, type Preparation } from './preparation.ts';
import { preparing } from './preparing.ts';
import { applyTransforms } from './transforms.ts';

/** What is known of the image before its transforms are read. */
export interface DeclaredImage {
  /** Its name in the metadata. */
  readonly key: string;
  /** Channels that the network is fed, and their names where the metadata has any of their own. */
  readonly channels: number;
  readonly names: readonly string[] | null;
  readonly version: Preparation['version'];
  /** The transforms, and the field with the number of channels, as an error names them. */
  readonly where: string;
  readonly field: string;
}

const joining = 'ConcatItemsd';

/**
 * What the transforms before a network come to. Images that ConcatItemsd puts together are prepared each as its own keys say, and may
 * differ in what is done to their values; they must come to lie on one grid.
 * @throws OverreadError `model.source-invalid`, `model.import-unsupported`
 */
export function readPreparation(
  transforms: readonly Component[],
  image: DeclaredImage,
): { readonly prepared: Preparation; readonly keys: Keys } {
  const at = transforms.findIndex(({ name }) => name === joining);
  const join = transforms[at];
  if (join === undefined) {
    const keys = imageKeys(transforms, image.key, image.where);
    const prepared = emptyPreparation(namesOf(image, seriesCount(transforms, image)), image.version);
    applyTransforms(transforms, keys, preparing, prepared);
    checkCount(prepared, image);
    return { prepared, keys };
  }
  const parts = join.texts('keys');
  const subject = join.text('name');
  join.only('dim', 0);
  join.finish();
  if (subject !== image.key && subject !== 'image')
    throw unsupported(join.where('name'), `'${subject}' is not what the network is fed: '${image.key}' is declared`);
  const names = namesOf({ ...image, names: image.names ?? parts }, parts.length);
  const keys: Keys = { subject, others: withoutSubject(subject, [...parts, ...loadedBy(transforms)]) };
  const prepared = together(join, parts, names, transforms.slice(0, at), image);
  applyTransforms(transforms.slice(at + 1), keys, preparing, prepared);
  checkCount(prepared, image);
  return { prepared, keys };
}

/** Each image as the transforms before they are put together leave it, as one. */
function together(
  join: Component,
  parts: readonly string[],
  names: readonly string[],
  transforms: readonly Component[],
  { version }: DeclaredImage,
): Preparation {
  const others = [...parts, ...loadedBy(transforms)];
  const read: Preparation[] = [];
  for (const [at, key] of parts.entries()) {
    const first = read[0] === undefined ? null : { key: parts[0] ?? '', crop: read[0].crop };
    const state = emptyPreparation([names[at] ?? key], version, first);
    applyTransforms(transforms, { subject: key, others: withoutSubject(key, others) }, preparing, state);
    if (state.samples !== 'grey') throw unsupported(join.where(), `'${key}' has several channels`);
    read.push(state);
  }
  const [first] = read;
  if (first === undefined) throw sourceFault(join.where('keys'), 'images are expected');
  const odd = read.findIndex((each) => gridOf(each) !== gridOf(first));
  if (odd > 0) throw unsupported(join.where('keys'), `'${parts[odd]}' comes to lie on another grid than '${parts[0]}'`);
  return {
    ...first,
    names,
    intensity: stepsOfChannels(
      names,
      read.map(({ intensity }) => intensity),
    ),
    notes: [...new Set(read.flatMap(({ notes }) => notes))],
  };
}

const gridOf = ({ orientation, spacing, interpolation, crop }: Preparation): string =>
  JSON.stringify([orientation, spacing, interpolation, crop]);

/** Series that the channels are of, where nothing is put together. */
function seriesCount(transforms: readonly Component[], { channels }: DeclaredImage): number {
  return channels === 3 && transforms.some(({ name }) => name === 'RepeatChanneld') ? 1 : channels;
}

function namesOf({ names, field }: DeclaredImage, count: number): readonly string[] {
  const found = names?.slice(0, count) ?? (count === 1 ? ['image'] : []);
  if (found.length === count && new Set(found).size === count) return found;
  throw sourceFault(`${field}.channel_def`, `a name of its own is expected for each of ${count} channels`);
}

function checkCount(prepared: Preparation, { channels, field }: DeclaredImage): void {
  const made = channelsOf(prepared);
  if (made !== channels) throw sourceFault(`${field}.num_channels`, `${channels}, where the transforms make ${made}`);
}

function loadedBy(transforms: readonly Component[]): readonly string[] {
  return transforms.filter(({ name }) => name === 'LoadImaged').flatMap((transform) => transform.texts('keys'));
}
