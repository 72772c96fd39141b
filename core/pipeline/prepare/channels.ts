import { OverreadError } from '../../errors/index.ts';
import type { GridSamples, Sampled } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import type { PointStep } from './point-steps.ts';

type Input = Manifest['input'];

/** Where one channel of the input comes from. */
export interface Channel {
  readonly sampled: Sampled;
  /** Comes before the steps of the manifest. */
  readonly first: readonly PointStep[];
}

/** Of CT, HU: air. */
const AIR = -1024;

/**
 * The channels of an input, series by series; red, green and blue of each where the manifest reads colour, the same three times where it says so.
 * @throws OverreadError `pipeline.other-space` for series that do not share the first one's frame of reference; `volume.colour` where
 * the model reads colour and a series is greyscale, or the other way round
 */
export function channelsOf(volumes: readonly [Volume, ...Volume[]], input: Input): readonly Channel[] {
  const [first, ...others] = volumes;
  others.forEach((other, n) => checkSpace(first, other, input.channels[n + 1]?.name ?? ''));
  return volumes.flatMap((volume) => {
    if (input.samples === 'rgb') return colours(volume, input);
    const channel = grey(volume, input);
    return input.samples === 'grey' ? [channel] : [channel, channel, channel];
  });
}

function grey(volume: Volume, { padding }: Input): Channel {
  const { samples, grid, colour } = volume;
  if (colour !== undefined) {
    throw new OverreadError('volume.colour', { why: 'the model reads greyscale, and the series is in colour' });
  }
  const turned = turnOf(volume);
  // The manifest means the value after turning, the series' own padding is turned like any other voxel.
  const outside = padding === undefined ? ownPadding(volume) : turned === null ? padding : turned - padding;
  const first: readonly PointStep[] =
    turned === null ? [] : [{ kind: 'scale', factor: -1, offset: turned, where: null }];
  return { sampled: { samples, grid, outside }, first };
}

function colours({ colour, grid }: Volume, { padding }: Input): readonly Channel[] {
  if (colour === undefined) {
    throw new OverreadError('volume.colour', { why: 'the model reads colour, and the series is greyscale' });
  }
  return colour.map((samples) => ({ sampled: { samples, grid, outside: padding ?? 0 }, first: [] }));
}

/**
 * What a value is taken from to turn MONOCHROME1 into MONOCHROME2; null where nothing is turned. A value with a unit (HU, say) keeps its
 * meaning whatever it is shown as.
 */
export function turnOf({ monochrome1, unit }: Volume): number | null {
  return monochrome1 === undefined || unit !== '1' ? null : monochrome1[0] + monochrome1[1];
}

function ownPadding({ padding, modality, samples }: Volume): number {
  if (padding !== null) return padding;
  return modality === 'CT' ? AIR : least(samples);
}

function least(samples: GridSamples): number {
  let low = Infinity;
  for (let n = 0; n < samples.length; n++) if (samples[n]! < low) low = samples[n]!;
  return low;
}

function checkSpace(first: Volume, other: Volume, name: string): void {
  const [a, b] = [first.frameOfReferenceUID, other.frameOfReferenceUID];
  if (a !== null && a !== '' && a === b) return;
  throw new OverreadError('pipeline.other-space', {
    why: `the series for '${name}' ${a === null || b === null || a === '' || b === '' ? 'or the first one names no frame of reference' : 'has another frame of reference than the first one'}`,
    details: { channel: name },
  });
}
