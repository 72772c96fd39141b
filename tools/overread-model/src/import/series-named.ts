import type { ManifestSource } from '@overread/core/model';

type Channel = NonNullable<ManifestSource['input']['channels']>[number];

const named: readonly (readonly [RegExp, string])[] = [
  [/^(?:ct|cbct|hu)$/, 'CT'],
  [/^(?:pet|pt|suv)$/, 'PT'],
  [/^(?:mri?|t1\w*|t2\w*|flair|adc|dwi|hbv|swi|pd)$/, 'MR'],
];

/** Modality (0008,0060) that a channel's name tells; null where it tells none. */
export function modalityNamed(name: string): string | null {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  for (const word of words) {
    const [, modality] = named.find(([pattern]) => pattern.test(word)) ?? [];
    if (modality !== undefined) return modality;
  }
  return null;
}

/** A channel whose series is found by its name. @param modality of a channel whose name tells none */
export function seriesNamed(name: string, modality: string): Channel {
  return { name, series: { modality: modalityNamed(name) ?? modality, words: [name] } };
}
