import type { Manifest } from '../../model/index.ts';

type Input = Manifest['input'];

/** The intensity steps of a channel of the tensor, 0-based: red, green and blue of a series are one channel of the manifest. */
export function stepsOf(
  { channels, intensity, samples }: Pick<Input, 'channels' | 'intensity' | 'samples'>,
  channel: number,
): Input['intensity'] {
  const { name = '' } = channels[samples === 'grey' ? channel : Math.floor(channel / 3)] ?? {};
  return intensity.filter(({ channels: wanted }) => wanted?.includes(name) ?? true);
}
