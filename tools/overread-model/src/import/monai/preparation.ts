import type { ManifestSource } from '@overread/core/model';
import type { ForegroundCrop } from './foreground-crop.ts';

type Input = ManifestSource['input'];
type Step = NonNullable<Input['intensity']>[number];
type Spacing = [number | null, number | null, number | null];

/** What the transforms before the network come to. */
export interface Preparation {
  /** Names of the series whose images are its channels. */
  readonly names: readonly string[];
  /** What the network reads of each. */
  samples: 'grey' | 'greyAsRgb';
  /** Where this image becomes a channel beside another one that comes first: that one. */
  readonly first: { readonly key: string; readonly crop: ForegroundCrop | null } | null;
  orientation: string | null;
  spacing: Spacing | null;
  interpolation: NonNullable<Input['interpolation']>;
  readonly intensity: Step[];
  crop: ForegroundCrop | null;
  /** Version of MONAI, where it is told. */
  readonly version: readonly [number, number] | null;
  /** What differs from MONAI, for the author to read. */
  readonly notes: string[];
}

export function emptyPreparation(
  names: readonly string[],
  version: Preparation['version'],
  first: Preparation['first'] = null,
): Preparation {
  return {
    names,
    samples: 'grey',
    first,
    version,
    orientation: null,
    spacing: null,
    interpolation: 'linear',
    intensity: [],
    crop: null,
    notes: [],
  };
}

/** Channels of the network's input. */
export function channelsOf({ names, samples }: Pick<Preparation, 'names' | 'samples'>): number {
  return samples === 'grey' ? names.length : 3 * names.length;
}
