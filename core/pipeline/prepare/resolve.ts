import { OverreadError } from '../../errors/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { MaskOf, PointStep } from './point-steps.ts';
import { quantiles } from './quantiles.ts';
import { momentsOf, rangeOf, type Subset } from './subset.ts';

export type IntensityStep = Manifest['input']['intensity'][number];
type Over = Extract<IntensityStep, { kind: 'zScore' }>['over'];

/** Whether a step's numbers come from the volume itself. */
export function isStatistic({ kind }: IntensityStep): boolean {
  return kind === 'minMax' || kind === 'percentiles' || kind === 'zScore';
}

/**
 * The point steps that one step of a manifest comes to.
 * @param channel 0-based, for numbers given by channel
 * @param values the whole prepared channel as the steps before left it; read by statistics only
 * @throws OverreadError `pipeline.flat-input` where a statistic finds nothing to scale by
 */
export function resolveStep(step: IntensityStep, channel: number, values: Float32Array, maskOf: MaskOf): PointStep[] {
  switch (step.kind) {
    case 'clip':
      return [{ kind: 'clip', min: step.min, max: step.max }];
    case 'scale':
      return [linear(step.fromMin, step.fromMax, step.toMin, step.toMax)];
    case 'window': {
      const [low, high] = [step.centre - step.width / 2, step.centre + step.width / 2];
      return [linear(low, high, step.toMin, step.toMax), clipTo(step.toMin, step.toMax)];
    }
    case 'minMax': {
      const range = rangeOf(values, subsetOf(step.over, maskOf)) ?? flat(step.kind);
      return [linear(...notEqual(range, step.kind), step.toMin, step.toMax)];
    }
    case 'percentiles': {
      const [low, high] = quantiles(values, [step.lower, step.upper], subsetOf(step.over, maskOf)) ?? flat(step.kind);
      const map = linear(...notEqual([low!, high!], step.kind), step.toMin, step.toMax);
      return step.clip ? [map, clipTo(step.toMin, step.toMax)] : [map];
    }
    case 'zScore': {
      const { mean, deviation } = momentsOf(values, subsetOf(step.over, maskOf)) ?? flat(step.kind);
      if (!(deviation > 0)) flat(step.kind);
      const where = step.over === 'all' ? null : step.over;
      return [{ kind: 'scale', factor: 1 / deviation, offset: -mean / deviation, where }];
    }
    case 'normalize': {
      const [mean, deviation] = [numberFor(step.mean, channel), numberFor(step.deviation, channel)];
      return [{ kind: 'scale', factor: 1 / deviation, offset: -mean / deviation, where: null }];
    }
    case 'fillOutside':
      return [{ kind: 'fillOutside', mask: step.mask, value: step.value }];
  }
}

function linear(fromMin: number, fromMax: number, toMin: number, toMax: number): PointStep {
  const factor = (toMax - toMin) / (fromMax - fromMin);
  return { kind: 'scale', factor, offset: toMin - fromMin * factor, where: null };
}

const clipTo = (a: number, b: number): PointStep => ({ kind: 'clip', min: Math.min(a, b), max: Math.max(a, b) });

function subsetOf(over: Over, maskOf: MaskOf): Subset {
  if (typeof over === 'object') return { mask: maskOf(over.mask), nonzero: false };
  return { mask: null, nonzero: over === 'nonzero' };
}

function numberFor(numbers: number | readonly number[], channel: number): number {
  const number = typeof numbers === 'number' ? numbers : numbers[channel];
  if (number !== undefined) return number;
  throw new OverreadError('model.manifest-invalid', { why: `normalize gives no number for channel ${channel + 1}` });
}

function notEqual([low, high]: readonly [number, number], step: string): readonly [number, number] {
  return high > low ? [low, high] : flat(step);
}

function flat(step: string): never {
  throw new OverreadError('pipeline.flat-input', {
    why: `the step ${step} finds one value only, or none, in what it looks at`,
    details: { step },
  });
}
