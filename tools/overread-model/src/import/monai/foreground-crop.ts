import type { ManifestSource } from '@overread/core/model';
import { unsupported } from '../fault.ts';
import type { Component } from './component.ts';

type Step = NonNullable<ManifestSource['input']['intensity']>[number];

/** A crop to what is above a modality value, and voxels around it. */
export interface ForegroundCrop {
  readonly above: number;
  readonly margin: [number, number, number];
  /** Whether the margin ends where the series does. */
  readonly within: boolean;
}

/** What a crop depends on besides its own fields. */
export interface CropContext {
  /** The image. */
  readonly key: string;
  /** Its channels. */
  readonly channels: number;
  /** What was done to its values before. */
  readonly intensity: readonly Step[];
  /** Version of MONAI that the bundle is for, where it says one that is understood. */
  readonly version: readonly [number, number] | null;
  /** Gets what differs from MONAI. */
  readonly notes: string[];
}

/** CropForegroundd. @throws OverreadError `model.import-unsupported` naming the field that cannot be expressed */
export function foregroundCrop(transform: Component, context: CropContext): ForegroundCrop {
  const source = transform.text('source_key');
  if (source !== context.key)
    throw unsupported(transform.where('source_key'), `'${source}' is not the image that the network is fed`);
  transform.only('select_fn');
  transform.only('k_divisible', 1);
  transform.perKey('mode');
  transform.ignore('start_coord_key', 'end_coord_key', 'return_coords');
  noteChannels(transform, context);
  const margin = transform.numbers('margin', 3, 0).map((each) => each ?? 0) as [number, number, number];
  const within = margin.every((each) => each === 0) || endsAtEdge(transform, context);
  // Nothing is padded where the box lies within the image.
  if (within) transform.ignore('mode', 'constant_values', 'value');
  else {
    transform.only('mode', 'constant');
    transform.only('constant_values', 0);
    transform.only('value', 0);
  }
  return { above: aboveZero(transform, context.intensity), margin, within };
}

/** Here the first channel tells the foreground; in MONAI every one of `channel_indices`, and all where that is absent. */
function noteChannels(transform: Component, { channels, notes }: CropContext): void {
  const indices = transform.take('channel_indices');
  const list = Array.isArray(indices) ? (indices as readonly unknown[]) : [indices];
  if (indices === null) {
    if (channels > 1)
      notes.push(
        'CropForegroundd crops to what is above 0 in any channel there; here to what is above 0 in the first.',
      );
  } else if (list.length !== 1 || list[0] !== 0) {
    throw unsupported(transform.where('channel_indices'), `${JSON.stringify(indices)} cannot be expressed, only 0 can`);
  }
}

/**
 * Whether a margin ends at the edge of the image: `allow_smaller`. Where it is absent that is so before MONAI 1.5, and no longer from then on
 * (a margin that reaches beyond is padded).
 */
function endsAtEdge(transform: Component, { version }: CropContext): boolean {
  if (transform.take('allow_smaller') === null && version === null) {
    throw unsupported(
      transform.where('allow_smaller'),
      'it is absent, and what that means depends on monai_version, which configs/metadata.json does not tell',
    );
  }
  const [major, minor] = version ?? [0, 0];
  return transform.boolean('allow_smaller', major < 1 || (major === 1 && minor < 5));
}

/** The modality value that the steps so far make 0: what MONAI crops to is above it. */
function aboveZero(transform: Component, steps: readonly Step[]): number {
  let zero = 0;
  for (const step of steps.toReversed()) {
    // Values that a clip raises to 0 are not above it, so a clip that keeps 0 changes nothing.
    if (step.kind === 'clip' && step.min <= zero && step.max > zero) continue;
    if (step.kind !== 'scale' || step.toMax === step.toMin) {
      throw unsupported(
        transform.where(),
        'what is above 0 cannot be said in modality values after these intensity steps',
      );
    }
    const factor = (step.fromMax - step.fromMin) / (step.toMax - step.toMin);
    if (factor < 0) throw unsupported(transform.where(), 'the intensity steps before turn bright to dark');
    zero = step.fromMin + (zero - step.toMin) * factor;
  }
  return zero;
}
