import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridBox, makeGrid, voxelCount } from '@overread/core/geometry';
import type { Manifest } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import { prepareByWindow } from '../../../../../core/pipeline/prepare/by-window.ts';
import { channelsOf } from '../../../../../core/pipeline/prepare/channels.ts';
import { prepareWhole } from '../../../../../core/pipeline/prepare/whole.ts';
import type { PreparedInput } from '../../../../../core/pipeline/prepared.ts';
import { Steps } from '../../../../../core/pipeline/steps.ts';
import { randomValues } from '../../../../support/graph-run.ts';
import { thorax } from '../../../../support/thorax.ts';
import { tinyManifest } from '../../../../support/tiny-manifest.ts';

type Input = Manifest['input'];
type Step = Input['intensity'][number];

const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const; // prettier-ignore
const grid = makeGrid([5, 4, 3], [1, 1, 2], axes, [0, 0, 0]);
const count = voxelCount(grid);
const names = ['CT', 'PET', 'T1'];
const values = names.map((_, n) => randomValues(count, n + 3).map((value) => 100 * value * (n + 1) + 40 * n));
const base = thorax({ spacing: [30, 30, 30] });
const [ct, pet, t1] = values.map((samples): Volume => ({ ...base, grid, samples }));
const volumes: readonly [Volume, Volume, Volume] = [ct!, pet!, t1!];

function inputOf(intensity: readonly Step[], changes: Partial<Input> = {}): Input {
  const channels = names.map((name) => ({ name }));
  return { ...tinyManifest(new Uint8Array()).input, channels, intensity: [...intensity], ...changes };
}

const noMask = () => new Uint8Array(0);

function read(prepared: PreparedInput): number[] {
  const into = new Float32Array(prepared.channels * voxelCount(prepared.grid));
  prepared.read(gridBox(prepared.grid), into);
  return [...into];
}

const wholeOf = async (input: Input, of = volumes) =>
  read(await prepareWhole(channelsOf(of, input), input, grid, noMask, new Steps(undefined, undefined)));
const byWindow = (input: Input, of = volumes) => read(prepareByWindow(channelsOf(of, input), input, grid, noMask));

/** A step on a list of numbers, from its definition. */
function stepped(list: readonly number[], step: Step): number[] {
  const map = (from: readonly [number, number], to: readonly [number, number]) =>
    list.map((v) => to[0] + ((v - from[0]) / (from[1] - from[0])) * (to[1] - to[0]));
  const limited = (all: readonly number[], min: number, max: number) => all.map((v) => Math.min(max, Math.max(min, v)));
  switch (step.kind) {
    case 'clip':
      return limited(list, step.min, step.max);
    case 'scale':
      return map([step.fromMin, step.fromMax], [step.toMin, step.toMax]);
    case 'window': {
      const ends = [step.centre - step.width / 2, step.centre + step.width / 2] as const;
      return limited(map(ends, [step.toMin, step.toMax]), step.toMin, step.toMax);
    }
    case 'minMax':
      return map([Math.min(...list), Math.max(...list)], [step.toMin, step.toMax]);
    case 'zScore': {
      const mean = list.reduce((sum, v) => sum + v, 0) / list.length;
      const deviation = Math.sqrt(list.reduce((sum, v) => sum + (v - mean) ** 2, 0) / list.length);
      return list.map((v) => (v - mean) / deviation);
    }
    case 'normalize':
      return list.map((v) => (v - Number(step.mean)) / Number(step.deviation));
    case 'percentiles':
    case 'fillOutside':
      throw new Error('not part of this test');
  }
}

const expected = (steps: readonly Step[]): number[] =>
  values.flatMap((samples, n) =>
    steps
      .filter(({ channels }) => channels === undefined || channels.includes(names[n]!))
      .reduce<readonly number[]>(stepped, [...samples]),
  );

function expectNear(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  const worst = Math.max(...wanted.map((value, n) => Math.abs(value - found[n]!) / Math.max(1, Math.abs(value))));
  expect(worst).toBeLessThan(1e-4);
}

const number = fc.integer({ min: -50, max: 50 });
const above = fc.integer({ min: 1, max: 60 });
const channels = fc.option(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }), { nil: undefined });
const pointStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('scale' as const), fromMin: number, width: above, toMin: number, toMax: number, channels }).map(({ width, ...step }) => ({ ...step, fromMax: step.fromMin + width })), // prettier-ignore
  fc.record({ kind: fc.constant('window' as const), centre: number, width: above, toMin: fc.constant(0), toMax: fc.constant(1), channels }), // prettier-ignore
  fc.record({ kind: fc.constant('normalize' as const), mean: number, deviation: above, channels }),
  fc.record({ kind: fc.constant('clip' as const), min: number, width: above, channels }).map(({ width, ...step }) => ({ ...step, max: step.min + width })), // prettier-ignore
);

describe('intensity steps of single channels', () => {
  it('change these and no others, window by window and at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pointStep, { maxLength: 5 }), async (steps) => {
        const input = inputOf(steps);
        const wanted = expected(steps);
        const at = byWindow(input);
        expectNear(at, wanted);
        expect(await wholeOf(input)).toEqual(at);
      }),
      { numRuns: 60 },
    );
  });

  it('are statistics of their own channel, as the steps before left it', async () => {
    const over = 'all' as const;
    await fc.assert(
      fc.asyncProperty(channels, channels, channels, async (a, b, c) => {
        const steps: Step[] = [
          { kind: 'clip', min: -60, max: 200, channels: a },
          { kind: 'zScore', over, channels: b },
          { kind: 'minMax', over, toMin: -1, toMax: 1, channels: c },
          { kind: 'normalize', mean: 0.5, deviation: 2, channels: b },
        ];
        expectNear(await wholeOf(inputOf(steps)), expected(steps));
      }),
      { numRuns: 40 },
    );
  });

  it('change all three colours of a series, and those of no other', async () => {
    const steps: Step[] = [{ kind: 'normalize', mean: 10, deviation: 4, channels: ['PET'] }];
    const input = inputOf(steps, { samples: 'greyAsRgb' });
    const thrice = expected(steps);
    const wanted = names.flatMap((_, n) => [0, 1, 2].flatMap(() => thrice.slice(n * count, (n + 1) * count)));
    expectNear(byWindow(input), wanted);
    expectNear(await wholeOf(input), wanted);
  });
});
