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

/** What a reader of the card must know of values whose unit is not that of the modality. @param modality where there is one channel */
export function notesOnUnits(
  { channels = [] }: Pick<ManifestSource['input'], 'channels'>,
  modality: string,
): readonly string[] {
  const isPet = channels.length === 0 ? modality === 'PT' : channels.some(({ series }) => series?.modality === 'PT');
  if (!isPet) return [];
  return [
    'PET is read in the unit that its series is stored in (Units (0054,1001), mostly BQML), which is never changed: where the network was ' +
      'trained on standardized uptake values, only series that are stored as such give its answer.',
  ];
}
