import { inputChannels } from './input-channels.ts';
import type { Manifest } from './manifest/index.ts';

type Input = Manifest['input'];
type Step = Input['intensity'][number];

/** Faults of the input that a schema cannot see: numbers that scale by nothing, or do not fit the channels. Each as `field: why`. */
export function findInputFaults(input: Input): readonly string[] {
  const channels = inputChannels(input);
  const names = input.channels.map(({ name }) => name);
  return [
    ...names
      .filter((name, at) => names.indexOf(name) !== at)
      .map((name) => `input.channels: '${name}' is defined more than once`),
    ...input.intensity.flatMap(({ channels: wanted = [] }, at) =>
      wanted.flatMap((name, n) =>
        names.includes(name)
          ? []
          : [`input.intensity[${at}].channels[${n}]: no channel named '${name}' in input.channels`],
      ),
    ),
    ...input.intensity.flatMap((step, at) => stepFaults(step, channels).map((why) => `input.intensity[${at}].${why}`)),
  ];
}

function stepFaults(step: Step, channels: number): readonly string[] {
  switch (step.kind) {
    case 'clip':
      return step.min > step.max ? ['min: is above max'] : [];
    case 'scale':
      return step.fromMin === step.fromMax ? ['fromMax: equals fromMin'] : [];
    case 'percentiles':
      return step.lower >= step.upper ? ['upper: is not above lower'] : [];
    case 'normalize':
      return [...countFaults('mean', step.mean, channels), ...deviationFaults(step.deviation, channels)];
    case 'window':
    case 'minMax':
    case 'zScore':
    case 'fillOutside':
      return [];
  }
}

function countFaults(field: string, numbers: number | readonly number[], channels: number): readonly string[] {
  if (typeof numbers === 'number' || numbers.length === channels) return [];
  return [`${field}: has ${numbers.length} numbers for ${channels} channels`];
}

function deviationFaults(deviation: number | readonly number[], channels: number): readonly string[] {
  const zero = [deviation].flat().some((number) => number === 0);
  return [...countFaults('deviation', deviation, channels), ...(zero ? ['deviation: is 0'] : [])];
}
