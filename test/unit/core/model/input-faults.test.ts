import { expect, it } from 'vitest';
import type { ManifestSource } from '@overread/core/model';
import { findInputFaults } from '../../../../core/model/input-faults.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

type Input = ManifestSource['input'];

const base: Input = { name: 'input', spacing: 'native', patch: { mode: 'whole' } };
const two: Input['channels'] = [{ name: 't1' }, { name: 'flair' }];

it.each<[Partial<Input>, readonly string[]]>([
  [{ channels: two, intensity: [{ kind: 'normalize', mean: [1, 2], deviation: 3 }] }, []],
  [{ samples: 'rgb', intensity: [{ kind: 'normalize', mean: [1, 2, 3], deviation: [1, 1, 2] }] }, []],
  [{ intensity: [{ kind: 'percentiles', lower: 0.1, upper: 0.9 }] }, []],
  [{ channels: two, intensity: [{ kind: 'zScore', channels: [two[1]!.name] }] }, []],
])('finds nothing in %j', (changes) => {
  expect(findInputFaults(tinyManifest(new Uint8Array(), { input: { ...base, ...changes } }).input)).toEqual([]);
});

it.each<[Partial<Input>, string]>([
  [{ channels: [{ name: 't1' }, { name: 't1' }] }, "input.channels: 't1' is defined more than once"],
  [{ intensity: [{ kind: 'clip', min: 2, max: 1 }] }, 'input.intensity[0].min: is above max'],
  [
    { intensity: [{ kind: 'scale', fromMin: 2, fromMax: 2, toMin: 0, toMax: 1 }] },
    'input.intensity[0].fromMax: equals fromMin',
  ],
  [{ intensity: [{ kind: 'percentiles', lower: 0.5, upper: 0.5 }] }, 'input.intensity[0].upper: is not above lower'],
  [
    { channels: two, intensity: [{ kind: 'normalize', mean: [1], deviation: 1 }] },
    'input.intensity[0].mean: has 1 numbers for 2 channels',
  ],
  [
    { channels: two, intensity: [{ kind: 'normalize', mean: 1, deviation: [1, 0] }] },
    'input.intensity[0].deviation: is 0',
  ],
  [
    {
      channels: two,
      intensity: [
        { kind: 'clip', min: 0, max: 1 },
        { kind: 'zScore', channels: ['brain'] },
      ],
    },
    "input.intensity[1].channels[0]: no channel named 'brain' in input.channels",
  ],
  [
    { intensity: [{ kind: 'zScore', over: { mask: 'brain' } }] },
    "input.intensity[0].over.mask: no mask named 'brain' in input.masks",
  ],
])('names field and fault of %j', (changes, fault) => {
  expect(() => tinyManifest(new Uint8Array(), { input: { ...base, ...changes } })).toThrow(fault);
});
