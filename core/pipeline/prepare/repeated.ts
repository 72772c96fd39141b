import type { Manifest } from '../../model/index.ts';
import type { Channel } from './channels.ts';

type Input = Manifest['input'];

/** Tells of a channel whether its prepared values are those of the one before it: then they are not worked out again. */
export function repetition(
  channels: readonly Channel[],
  { intensity }: Pick<Input, 'intensity'>,
): (n: number) => boolean {
  const alike = !intensity.some(isPerChannel);
  return (n) => alike && n > 0 && channels[n] === channels[n - 1];
}

/** Whether a step has numbers of their own for the channels. */
function isPerChannel(step: Input['intensity'][number]): boolean {
  return step.kind === 'normalize' && (typeof step.mean !== 'number' || typeof step.deviation !== 'number');
}
