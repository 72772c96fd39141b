import { unsupported } from '../fault.ts';
import type { Component } from './component.ts';

/** Names of the items that transforms work on. */
export interface Keys {
  /** The item that this is about: what the network is fed, or what it answers. */
  readonly subject: string;
  /** Items that are known to be something else, so that what is done with them does not matter here. */
  readonly others: ReadonlySet<string>;
}

/** Names of what an evaluation compares with: MONAI's CommonKeys.LABEL, and what bundles write for it. */
const references = ['label', 'labels', 'seg', 'mask'] as const;

/**
 * The image that the network is fed. An evaluator feeds it `image` unless it is told otherwise (MONAI: CommonKeys.IMAGE), so a bundle
 * may load it by that name and declare it by another, or load one image by a name of its own.
 * @param declared its name in the metadata
 * @param where the transforms, as an error names them
 * @throws OverreadError `model.import-unsupported` where it cannot be told which one it is
 */
export function imageKeys(transforms: readonly Component[], declared: string, where: string): Keys {
  const loaded = usedBy(transforms.filter(({ name }) => name === 'LoadImaged'));
  const used = loaded.length > 0 ? loaded : usedBy(transforms);
  const images = used.filter((key) => !references.some((reference) => reference === key));
  const subject = expected(used, declared, 'image', where) ?? (images.length === 1 ? images[0] : undefined);
  if (subject !== undefined) return { subject, others: withoutSubject(subject, loaded) };
  if (transforms.length === 0) return { subject: declared, others: new Set(references) };
  throw unsupported(where, `which of ${quoted(used)} the network is fed cannot be told: '${declared}' is declared`);
}

/**
 * What the network answers: an evaluator puts it at `pred` (MONAI: CommonKeys.PRED).
 * @param declared its name in the metadata
 * @param image what the transforms before the network work on
 * @param where the transforms, as an error names them
 * @throws OverreadError `model.import-unsupported` where it cannot be told which one it is
 */
export function predictionKeys(transforms: readonly Component[], declared: string, image: Keys, where: string): Keys {
  const used = usedBy(transforms);
  const subject = expected(used, declared, 'pred', where);
  if (subject === undefined && used.length > 0)
    throw unsupported(where, `none of ${quoted(used)} is known as the prediction: '${declared}' is declared`);
  const known = subject ?? declared;
  return { subject: known, others: without(known, [image.subject, ...image.others]) };
}

/** What is known beside one item: others that are loaded, and what an evaluation compares with. */
export function withoutSubject(subject: string, loaded: readonly string[]): ReadonlySet<string> {
  return without(subject, [...loaded, ...references]);
}

function expected(used: readonly string[], declared: string, usual: string, where: string): string | undefined {
  const [first, second] = [...new Set([declared, usual])].filter((key) => used.includes(key));
  if (second === undefined) return first;
  throw unsupported(where, `'${declared}' is declared, and there is '${usual}' too: which one is meant cannot be told`);
}

function usedBy(transforms: readonly Component[]): readonly string[] {
  return [...new Set(transforms.flatMap((transform) => transform.texts('keys')))];
}

function without(subject: string, keys: readonly string[]): ReadonlySet<string> {
  return new Set(keys.filter((key) => key !== subject));
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `'${key}'`).join(', ');
}
