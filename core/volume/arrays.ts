import type { Volume, VolumeSamples } from './types.ts';

/** The large arrays of a volume: its samples and its colours. */
export function volumeArrays({ samples, colour }: Pick<Volume, 'samples' | 'colour'>): readonly VolumeSamples[] {
  return [samples, ...(colour ?? [])];
}
