import type { Manifest } from './manifest/index.ts';

/** Channels that the series of an input make, before neighbouring slices are counted. */
export function inputChannels({ channels, samples }: Pick<Manifest['input'], 'channels' | 'samples'>): number {
  return channels.length * (samples === 'grey' ? 1 : 3);
}
