import { sourceFault, unsupported } from '../fault.ts';
import type { Component } from './component.ts';
import { keepsValues } from './data-types.ts';
import { channelsOf, type Preparation } from './preparation.ts';
import type { Handlers } from './transforms.ts';

/** The transforms before a network that change values, as a manifest says them. */
export const intensities: Handlers<Preparation> = {
  ScaleIntensityRanged(transform, state) {
    const [fromMin, fromMax] = [transform.number('a_min'), transform.number('a_max')];
    const [toMin, toMax] = [transform.number('b_min', 0), transform.number('b_max', 1)];
    if (transform.take('b_min') === null || transform.take('b_max') === null) {
      throw unsupported(transform.where('b_min'), 'b_min and b_max are expected');
    }
    if (fromMin === fromMax) throw sourceFault(transform.where('a_max'), 'it is the same as a_min');
    state.intensity.push({ kind: 'scale', fromMin, fromMax, toMin, toMax });
    if (transform.boolean('clip', false)) {
      state.intensity.push({ kind: 'clip', min: Math.min(toMin, toMax), max: Math.max(toMin, toMax) });
    }
    keepsValues(transform);
  },

  ScaleIntensityd(transform, state) {
    const factor = transform.take('factor');
    requirePerChannel(transform, state);
    keepsValues(transform);
    if (!transform.isNone('minv') && !transform.isNone('maxv') && factor === null) {
      state.intensity.push({ kind: 'minMax', toMin: transform.number('minv', 0), toMax: transform.number('maxv', 1) });
      return;
    }
    throw unsupported(transform.where('factor'), 'only minv and maxv can be expressed');
  },

  ScaleIntensityRangePercentilesd(transform, state) {
    requirePerChannel(transform, state);
    const [lower, upper] = [transform.number('lower') / 100, transform.number('upper') / 100];
    const [toMin, toMax] = [transform.number('b_min'), transform.number('b_max')];
    transform.only('relative', false);
    keepsValues(transform);
    state.intensity.push({ kind: 'percentiles', lower, upper, toMin, toMax, clip: transform.boolean('clip', false) });
  },

  NormalizeIntensityd(transform, state) {
    const [mean, deviation] = [transform.take('subtrahend'), transform.take('divisor')];
    const nonzero = transform.boolean('nonzero', false);
    keepsValues(transform);
    if (mean === null && deviation === null) {
      requirePerChannel(transform, state);
      state.intensity.push({ kind: 'zScore', over: nonzero ? 'nonzero' : 'all' });
      return;
    }
    // MONAI takes the image's own mean or deviation for the one that is absent.
    const absent = mean === null ? 'subtrahend' : deviation === null ? 'divisor' : null;
    if (absent !== null) throw unsupported(transform.where(absent), 'statistics and a fixed number cannot be mixed');
    transform.boolean('channel_wise', false);
    if (nonzero) throw unsupported(transform.where('nonzero'), 'fixed numbers apply to every voxel here');
    state.intensity.push({
      kind: 'normalize',
      mean: fixedNumbers(transform, 'subtrahend', channelsOf(state)),
      deviation: divisorOf(fixedNumbers(transform, 'divisor', channelsOf(state))),
    });
  },
};

/** Statistics are of each channel alone here; over all channels together only where there is one. */
function requirePerChannel(transform: Component, { names }: Preparation): void {
  // Over three times the same values a statistic is what it is over one.
  if (transform.boolean('channel_wise', false) || names.length === 1) return;
  throw unsupported(transform.where('channel_wise'), 'statistics over all channels together cannot be expressed');
}

/** A number for all channels, or one for each. */
function fixedNumbers(transform: Component, field: string, channels: number): number | number[] {
  const numbers = transform.numbers(field, channels).map((each) => {
    if (each === null) throw unsupported(transform.where(field), 'statistics and a fixed number cannot be mixed');
    return each;
  });
  return numbers.length === 1 || typeof transform.take(field) === 'number' ? (numbers[0] ?? 0) : numbers;
}

/** MONAI divides by 1 where it is told to divide by 0. */
function divisorOf(number: number | number[]): number | number[] {
  return typeof number === 'number' ? number || 1 : number.map((each) => each || 1);
}
