import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  createSampler,
  edgeAlignedGrid,
  gridBox,
  makeGrid,
  voxelCount,
  type Grid,
  type Vec3,
} from '@overread/core/geometry';
import type { ManifestSource } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import type { Masks } from '../../../../core/pipeline/masks/index.ts';
import { prepareInput } from '../../../../core/pipeline/prepare.ts';
import { Steps } from '../../../../core/pipeline/steps.ts';
import { thorax } from '../../../support/thorax.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

// Values that SciPy and NumPy give: see test/fixtures/preparation/generate.py.

interface FixtureGrid {
  readonly dims: Vec3;
  readonly spacing: Vec3;
  readonly directions: readonly [Vec3, Vec3, Vec3];
  readonly origin: Vec3;
}

interface Fixture {
  readonly resampling: {
    readonly samples: readonly number[];
    readonly cases: readonly {
      readonly name: string;
      readonly order: 0 | 1 | 3;
      readonly outside: number;
      readonly source: FixtureGrid;
      readonly target: FixtureGrid;
      readonly values: readonly number[];
    }[];
  };
  readonly zooming: {
    readonly samples: readonly number[];
    readonly shape: Vec3;
    readonly size: Vec3;
    readonly cases: readonly {
      readonly order: 1 | 3;
      readonly edges: readonly number[];
      readonly centres: readonly number[];
    }[];
  };
  readonly intensity: {
    readonly samples: readonly number[];
    readonly shape: Vec3;
    readonly above: number;
    readonly steps: readonly {
      readonly step: NonNullable<ManifestSource['input']['intensity']>[number];
      readonly values: readonly number[];
    }[];
  };
}

const fixture = JSON.parse(
  readFileSync(new URL('../../../fixtures/preparation/scipy.json', import.meta.url), 'utf8'),
) as Fixture;

const by = { 0: 'nearest', 1: 'linear', 3: 'cubic' } as const;
const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const; // prettier-ignore

const gridOf = ({ dims, spacing, directions, origin }: FixtureGrid): Grid =>
  makeGrid(dims, spacing, directions, origin);
const reversed = ([a, b, c]: Vec3): Vec3 => [c, b, a];

/** The largest difference, as a share of the largest value. */
function expectSame(found: Float32Array, wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  const scale = Math.max(...wanted.map(Math.abs));
  const worst = Math.max(...wanted.map((value, n) => Math.abs(value - found[n]!)));
  expect(worst / scale).toBeLessThanOrEqual(1e-5);
}

function sampled(samples: readonly number[], from: Grid, to: Grid, order: 0 | 1 | 3, outside: number): Float32Array {
  const output = new Float32Array(voxelCount(to));
  createSampler({ samples: Int16Array.from(samples), grid: from, outside }, by[order])(to, output);
  return output;
}

describe('sampling as SciPy does', () => {
  const { samples, cases } = fixture.resampling;
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, { source, target, order, outside, values }) => {
    expectSame(sampled(samples, gridOf(source), gridOf(target), order, outside), values);
  });

  const zoom = fixture.zooming;
  it.each(zoom.cases.map((one) => [one.order, one] as const))('zoom of order %i', (order, { edges, centres }) => {
    const dims = reversed(zoom.shape);
    const size = reversed(zoom.size);
    const from = makeGrid(dims, [1, 1, 1], axes, [0, 0, 0]);
    const spacing = (ends: number): Vec3 =>
      [0, 1, 2].map((axis) => (dims[axis]! - ends) / (size[axis]! - ends)) as unknown as Vec3;
    const byEdges = edgeAlignedGrid(from, spacing(0));
    expect(byEdges.dims).toEqual(size);
    expectSame(sampled(zoom.samples, from, byEdges, order, NaN), edges);
    const byCentres = makeGrid(size, spacing(1), axes, [0, 0, 0]);
    expectSame(sampled(zoom.samples, from, byCentres, order, NaN), centres);
  });
});

describe('intensity steps as NumPy has them', () => {
  const { samples, shape, above, steps } = fixture.intensity;
  const grid = makeGrid(reversed(shape), [1, 1, 1], axes, [0, 0, 0]);
  const volume: Volume = { ...thorax({ spacing: [30, 30, 30] }), grid, samples: Int16Array.from(samples) };
  const bright = Uint8Array.from(samples, (value) => (value > above ? 1 : 0));
  const masks: Masks = new Map([['bright', { bits: bright, lungs: null }]]);

  it.each(steps.map((one) => [JSON.stringify(one.step), one] as const))('%s', async (_name, { step, values }) => {
    const source: ManifestSource['input'] = {
      name: 'input',
      spacing: 'native',
      masks: [{ kind: 'threshold', id: 'bright', above }],
      intensity: [step],
      patch: { mode: 'whole' },
    };
    const { input } = tinyManifest(new Uint8Array(), { input: source });
    const prepared = await prepareInput({ volumes: [volume], input, masks }, new Steps(undefined, undefined));
    const found = new Float32Array(voxelCount(grid));
    prepared.read(gridBox(grid), found);
    expectSame(found, values);
  });
});
