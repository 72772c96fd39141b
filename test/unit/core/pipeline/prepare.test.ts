import { describe, expect, it } from 'vitest';
import {
  gridBox,
  gridSpacing,
  indexToWorld,
  makeGrid,
  orientationCode,
  voxelCount,
  worldToIndex,
  type Vec3,
} from '@overread/core/geometry';
import type { Manifest } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import { PreparedKeeper, inputShapes, prepareInput } from '../../../../core/pipeline/prepare.ts';
import { preparedGrid } from '../../../../core/pipeline/prepare/grid.ts';
import type { PreparedInput } from '../../../../core/pipeline/prepared.ts';
import { computeMasks, type Masks } from '../../../../core/pipeline/masks/index.ts';
import { Steps } from '../../../../core/pipeline/steps.ts';
import { forWorld, thorax } from '../../../support/thorax.ts';
import { croppedWindow, tinyManifest } from '../../../support/tiny-manifest.ts';

const grid = makeGrid(
  [12, 10, 6],
  [0.5, 0.8, 2],
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, -1],
  ],
  [-3, 4, 20],
);
const bits = new Uint8Array(voxelCount(grid));
for (const [i, j, k] of [
  [4, 3, 2],
  [7, 5, 3],
] as const)
  bits[(k * 10 + j) * 12 + i] = 1;
const masks: Masks = new Map([['thing', { bits, lungs: null }]]);
const samples = new Float32Array(voxelCount(grid));
/** Linear in space, so that trilinear sampling gives it back exactly. */
const value = ([x, y, z]: Vec3): number => 10 * x - 20 * y + 5 * z;
forWorld(grid, (point, v) => (samples[v] = value(point)));
const volume: Volume = { ...thorax({ spacing: [30, 30, 30] }), grid, samples, padding: -2000 };

const input = (changes: Partial<Manifest['input']>): Manifest['input'] => ({
  ...tinyManifest(new Uint8Array()).input,
  ...changes,
});
const patch = () => croppedWindow([9, 9, 9], [1, 2, 3]);

function prepare(
  changes: Partial<Manifest['input']>,
  volumes: readonly [Volume, ...Volume[]] = [volume],
  keeper?: PreparedKeeper,
): Promise<PreparedInput> {
  return prepareInput({ volumes, input: input(changes), masks, keeper }, new Steps(undefined, undefined));
}

function all(prepared: PreparedInput): Float32Array {
  const values = new Float32Array(prepared.channels * voxelCount(prepared.grid));
  prepared.read(gridBox(prepared.grid), values);
  return values;
}

describe('preparedGrid', () => {
  it('is the source grid where nothing is asked for', () => {
    expect(preparedGrid(input({}), grid, new Map())).toEqual(grid);
  });

  it('is isotropic along the same axes where a spacing is given', () => {
    const prepared = preparedGrid(input({ spacing: 1 }), grid, new Map());
    expect(gridSpacing(prepared)).toEqual([1, 1, 1].map((s) => expect.closeTo(s, 9) as number));
    expect(prepared.dims).toEqual([6, 8, 12]);
  });

  it('has a spacing of its own along each axis, in the order of the tensor, and keeps an axis without one', () => {
    const prepared = preparedGrid(input({ spacing: [4, null, 1] }), grid, new Map());
    expect(gridSpacing(prepared)).toEqual([1, 0.8, 4].map((s) => expect.closeTo(s, 9) as number));
    expect(prepared.dims).toEqual([6, 10, 3]);
  });

  it('has its axes in the order and the directions that the manifest names', () => {
    const prepared = preparedGrid(input({ orientation: 'RAS' }), grid, new Map());
    // [D, H, W] run to the right, the front and the head: i is W.
    expect(orientationCode(prepared)).toBe('SAR');
    expect(prepared.dims).toEqual([6, 10, 12]);
  });

  it('starts at the first voxel centre, or ends at the outer edges, where the manifest says so', () => {
    const centres = preparedGrid(input({ spacing: 1, respacing: 'centres' }), grid, new Map());
    expect(worldToIndex(grid, indexToWorld(centres, [0, 0, 0]))).toEqual([0, 0, 0].map((s) => expect.closeTo(s, 9) as number)); // prettier-ignore
    // 5.5 mm, 7.2 mm and 10 mm from the first centre to the last.
    expect(centres.dims).toEqual([7, 8, 11]);
    const edges = preparedGrid(input({ spacing: 1.25, respacing: 'edges' }), grid, new Map());
    // Extents of 6, 8 and 12 mm.
    expect(edges.dims).toEqual([5, 6, 10]);
    expect(gridSpacing(edges)).toEqual([1.2, 8 / 6, 1.2].map((s) => expect.closeTo(s, 9) as number));
  });

  it('has the size that is asked for, cut or padded by whole voxels round the middle', () => {
    const prepared = preparedGrid(input({ size: [8, 10, 7] }), grid, new Map());
    expect(prepared.dims).toEqual([7, 10, 8]);
    const first = worldToIndex(grid, indexToWorld(prepared, [0, 0, 0]));
    expect(first).toEqual([3, 0, -1].map((s) => expect.closeTo(s, 9) as number));
  });

  it('is the box of the mask and the halo around it, native', () => {
    const prepared = preparedGrid(input({ cropTo: 'thing', patch: patch() }), grid, masks);
    // Halo [k, j, i] = [1, 2, 3] around i 4…7, j 3…5, k 2…3.
    expect(prepared.dims).toEqual([10, 7, 4]);
    expect(worldToIndex(grid, indexToWorld(prepared, [0, 0, 0])).map(Math.round)).toEqual([1, 1, 1]);
  });

  it('is the box of the mask with its margin, turned like everything else', () => {
    const prepared = preparedGrid(input({ cropTo: 'thing', cropMargin: [1, 0, 2], orientation: 'LPS' }), grid, masks);
    // [D, H, W] are i, j and the reverse of k of the series: margins of 1, 0 and 2.
    expect(prepared.dims).toEqual([2 + 4, 3, 4 + 2]);
    expect(worldToIndex(grid, indexToWorld(prepared, [0, 0, 0])).map(Math.round)).toEqual([3, 3, 5]);
  });

  it.each<[string, Partial<Manifest['input']>, number[], number[]]>([
    // i 4…7, j 3…5, k 2…3 of 12 x 10 x 6, the margin [k, j, i] = [1, 3, 6].
    ['as it is', {}, [12, 9, 4], [0, 0, 1]],
    ['turned', { orientation: 'IPL' }, [12, 9, 4], [0, 0, 1]],
    ['turned round', { orientation: 'SAR' }, [12, 9, 4], [11, 8, 4]],
    // 2 mm along j and i make 0…3 and 0…2 of them; 3 mm along k make 1 and 2 of 0…3.
    ['respaced', { spacing: [3, 2, 2], respacing: 'centres' }, [4, 5, 4], [0, 0, 0]],
    ['with a halo on top', { patch: patch() }, [18, 13, 6], [-3, -2, 0]],
  ])('ends with the series where its margin would reach beyond it: %s', (_, changes, dims, first) => {
    const within = input({ cropTo: 'thing', cropMargin: [1, 3, 6], cropWithin: true, ...changes });
    const prepared = preparedGrid(within, grid, masks);
    expect(prepared.dims).toEqual(dims);
    expect(worldToIndex(grid, indexToWorld(prepared, [0, 0, 0]))).toEqual(first.map((s) => expect.closeTo(s, 6) as number)); // prettier-ignore
  });

  it('holds the mask with a halo of prepared voxels around it, resampled, also beyond the source', () => {
    const prepared = preparedGrid(input({ cropTo: 'thing', spacing: 1, patch: patch() }), grid, masks);
    for (const corner of [
      [4, 3, 2],
      [7, 5, 3],
    ] as Vec3[]) {
      worldToIndex(prepared, indexToWorld(grid, corner)).forEach((index, axis) => {
        const halo = [3, 2, 1][axis]!;
        expect(index).toBeGreaterThanOrEqual(halo - 0.5);
        expect(index).toBeLessThanOrEqual(prepared.dims[axis as 0] - 1 - halo + 0.5);
      });
    }
  });

  it('is refused where no memory would hold it', () => {
    expect(() => preparedGrid(input({ spacing: 1e-3 }), grid, new Map())).toThrow(
      expect.objectContaining({ code: 'runtime.out-of-memory' }),
    );
  });
});

describe('prepareInput', () => {
  it('samples the volume at the voxels of a window, i fastest', async () => {
    const prepared = await prepare({ spacing: 1 });
    const window = new Float32Array(3 * 5 * 6);
    prepared.read({ min: [1, 2, 3], max: [3, 6, 8] }, window);
    expect(window[0]).toBeCloseTo(value(indexToWorld(prepared.grid, [1, 2, 3])), 3);
    expect(window[(2 * 5 + 3) * 3 + 1]).toBeCloseTo(value(indexToWorld(prepared.grid, [2, 5, 5])), 3);
    expect(prepared.bytes).toBe(0);
  });

  it('gives windows the same whether it holds the whole or samples them one by one', async () => {
    const changes = { spacing: 0.7, orientation: 'PIL' } as const;
    const held = await prepare({ ...changes, intensity: [{ kind: 'zScore', over: 'all' }] });
    const sampled = await prepare(changes);
    expect(held.bytes).toBe(4 * voxelCount(held.grid));
    const raw = all(sampled);
    const mean = raw.reduce((sum, one) => sum + one, 0) / raw.length;
    const deviation = Math.sqrt(raw.reduce((sum, one) => sum + (one - mean) ** 2, 0) / raw.length);
    const box = { min: [1, 2, 3] as Vec3, max: [4, 2, 5] as Vec3 };
    const [a, b] = [new Float32Array(12), new Float32Array(12)];
    held.read(box, a);
    sampled.read(box, b);
    a.forEach((found, n) => expect(found).toBeCloseTo((b[n]! - mean) / deviation, 4));
  });

  it('is the padding value beyond the source', async () => {
    const wide = { cropTo: 'thing', patch: croppedWindow([40, 40, 40], [9, 9, 9]) };
    expect(all(await prepare(wide))[0]).toBe(-2000);
    expect(all(await prepare({ ...wide, padding: -7 }))[0]).toBe(-7);
    expect(all(await prepare(wide, [{ ...volume, padding: null }]))[0]).toBe(-1024);
    const least = Math.min(...samples);
    expect(all(await prepare(wide, [{ ...volume, padding: null, modality: 'MR' }]))[0]).toBe(least);
  });

  it('leaves what lies beyond the series out of the statistics where it has a value of its own', async () => {
    const steps: Manifest['input']['intensity'] = [{ kind: 'minMax', over: 'all', toMin: 1, toMax: 2 }];
    const inside = all(await prepare({ intensity: steps }));
    const padded = await prepare({ intensity: steps, size: [10, 10, 12], outside: -3 });
    const values = all(padded);
    expect(values.subarray(0, 2 * 120)).toEqual(new Float32Array(2 * 120).fill(-3));
    expect(values.subarray(2 * 120, 8 * 120)).toEqual(inside);
    expect([Math.min(...inside), Math.max(...inside)]).toEqual([1, 2]);
    const byWindow = await prepare({ size: [10, 10, 12], outside: -3 });
    expect(all(byWindow)[0]).toBe(-3);
  });

  it('applies the intensity steps in their order', async () => {
    const steps: Manifest['input']['intensity'] = [
      { kind: 'clip', min: -50, max: 50 },
      { kind: 'scale', fromMin: -50, fromMax: 50, toMin: 0, toMax: 1 },
      { kind: 'fillOutside', mask: 'thing', value: 7 },
    ];
    const data = all(await prepare({ intensity: steps }));
    const expected = [...samples].map((s, v) => (bits[v] === 0 ? 7 : (Math.min(50, Math.max(-50, s)) + 50) / 100));
    expected.forEach((e, v) => expect(data[v]).toBeCloseTo(e, 5));
  });

  it('takes statistics over a mask, and changes only what the z-score looks at', async () => {
    const data = all(await prepare({ intensity: [{ kind: 'zScore', over: { mask: 'thing' } }] }));
    const chosen = [...samples].filter((_, v) => bits[v] !== 0);
    const mean = (chosen[0]! + chosen[1]!) / 2;
    data.forEach((found, v) => {
      const expected = bits[v] === 0 ? samples[v]! : (samples[v]! - mean) / Math.abs(chosen[0]! - mean);
      expect(found).toBeCloseTo(expected, 3);
    });
  });

  it('refuses a series of one value where a step needs a range', async () => {
    const empty = { ...volume, samples: new Int16Array(samples.length).fill(40) };
    for (const step of [
      { kind: 'minMax', over: 'all', toMin: 0, toMax: 1 },
      { kind: 'zScore', over: 'all' },
      { kind: 'percentiles', lower: 0.1, upper: 0.9, over: 'all', toMin: 0, toMax: 1, clip: true },
    ] as const) {
      await expect(prepare({ intensity: [step] }, [empty])).rejects.toMatchObject({ code: 'pipeline.flat-input' });
    }
  });

  it('refuses to read beyond its grid', async () => {
    const prepared = await prepare({});
    expect(() => prepared.read({ min: [0, 0, 0], max: [12, 0, 0] }, new Float32Array(13))).toThrow(
      expect.objectContaining({ code: 'internal.unexpected' }),
    );
  });
});

describe('series as channels', () => {
  /** The same scene, seen by a coarser grid that lies askew. */
  const c = Math.cos(0.4);
  const s = Math.sin(0.4);
  const askew = makeGrid([40, 40, 20], [0.9, 0.9, 1.5], [[c, s, 0], [-s, c, 0], [0, 0, 1]], [-8, -9, -2]); // prettier-ignore
  const other: Volume = { ...volume, grid: askew, samples: new Float32Array(voxelCount(askew)) };
  forWorld(askew, (point, v) => ((other.samples as Float32Array)[v] = 1000 + value(point)));
  const channels = [{ name: 'first' }, { name: 'second' }];

  it('stand on the prepared grid of the first, voxel for voxel', async () => {
    const prepared = await prepare({ channels, spacing: 1 }, [volume, other]);
    expect(prepared.channels).toBe(2);
    const values = all(prepared);
    const count = values.length / 2;
    forWorld(prepared.grid, (point, v) => expect(values[count + v]).toBeCloseTo(1000 + value(point), 2));
  });

  it('have their steps each on their own', async () => {
    const intensity: Manifest['input']['intensity'] = [{ kind: 'normalize', mean: [0, 1000], deviation: [1, 2] }];
    const values = all(await prepare({ channels, intensity }, [volume, other]));
    const count = values.length / 2;
    for (let v = 0; v < count; v++) expect(values[count + v]! - values[v]! / 2).toBeCloseTo(0, 2);
  });

  it('are refused where they do not lie in one space', async () => {
    for (const frameOfReferenceUID of ['1.2.3', null]) {
      const elsewhere = { ...other, frameOfReferenceUID };
      await expect(prepare({ channels }, [volume, elsewhere])).rejects.toMatchObject({ code: 'pipeline.other-space' });
    }
  });
});

describe('MONOCHROME1', () => {
  const film: Volume = {
    ...volume,
    modality: 'DX',
    unit: '1',
    padding: null,
    samples: Int16Array.from(samples, (_, v) => v),
    monochrome1: [0, 1023],
  };

  it('is turned to MONOCHROME2, the padding that the manifest names is not', async () => {
    const values = all(await prepare({ size: [8, 10, 12], padding: 5 }, [film]));
    expect(values[0]).toBe(5);
    expect([values[120], values[121]]).toEqual([1023, 1022]);
  });

  it('is turned before a threshold too', async () => {
    const wanted = [{ kind: 'threshold' as const, id: 'bright', above: 1020 }];
    const found = await computeMasks(film, wanted, new Steps(undefined, undefined));
    // Stored 0, 1 and 2 are shown as 1023, 1022 and 1021.
    expect(found.get('bright')!.bits.subarray(0, 5)).toEqual(Uint8Array.of(1, 1, 1, 0, 0));
  });

  it('keeps its values where they have a unit', async () => {
    expect(all(await prepare({}, [{ ...film, unit: 'HU' }]))[7]).toBe(7);
  });
});

describe('colour', () => {
  const planes = [1, 2, 3].map((n) => new Uint8Array(samples.length).fill(n)) as [Uint8Array, Uint8Array, Uint8Array];

  it('is three channels', async () => {
    const prepared = await prepare({ samples: 'rgb' }, [{ ...volume, colour: planes }]);
    const values = all(prepared);
    expect(prepared.channels).toBe(3);
    expect([values[0], values[samples.length], values[2 * samples.length]]).toEqual([1, 2, 3]);
  });

  it('is refused of a series without', async () => {
    await expect(prepare({ samples: 'rgb' })).rejects.toMatchObject({ code: 'volume.colour' });
  });
});

describe('grey as red, green and blue', () => {
  it.each([
    ['sampled as it is read', [], 0],
    ['held once', [{ kind: 'minMax', over: 'all', toMin: 0, toMax: 1 }], 4 * samples.length],
  ] as const)('is the same channel three times, %s', async (_name, steps, bytes) => {
    const intensity = [...steps];
    const prepared = await prepare({ samples: 'greyAsRgb', intensity });
    const [grey, values] = [all(await prepare({ intensity })), all(prepared)];
    expect(prepared.channels).toBe(3);
    for (const n of [0, 1, 2]) expect(values.subarray(n * grey.length, (n + 1) * grey.length)).toEqual(grey);
    expect(prepared.bytes).toBe(bytes);
  });

  it('is normalized by the numbers of each channel', async () => {
    const step = { kind: 'normalize', mean: [0, 10, 20], deviation: [1, 2, 4] } as const;
    const values = all(await prepare({ samples: 'greyAsRgb', intensity: [{ ...step, mean: [...step.mean], deviation: [...step.deviation] }] })); // prettier-ignore
    const grey = all(await prepare({}));
    for (const n of [0, 1, 2]) {
      const expected = grey.map((value) => (value - step.mean[n]!) / step.deviation[n]!);
      values.subarray(n * grey.length, (n + 1) * grey.length).forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 4)); // prettier-ignore
    }
  });

  it('is refused of a series in colour', async () => {
    const colour = [samples, samples, samples].map((plane) => Uint8Array.from(plane)) as unknown as [Uint8Array, Uint8Array, Uint8Array]; // prettier-ignore
    await expect(prepare({ samples: 'greyAsRgb' }, [{ ...volume, colour }])).rejects.toMatchObject({
      code: 'volume.colour',
    });
  });
});

describe('PreparedKeeper', () => {
  const intensity: Manifest['input']['intensity'] = [{ kind: 'minMax', over: 'all', toMin: 0, toMax: 1 }];
  const again: Volume = { ...volume, samples: samples.slice() };

  it('gives the same input back for the same voxels and the same steps', async () => {
    const keeper = new PreparedKeeper();
    const first = await prepare({ intensity }, [volume], keeper);
    expect(await prepare({ intensity, name: 'x' }, [again], keeper)).toBe(first);
  });

  it('does not for other voxels or other steps, and lets go of what it kept', async () => {
    const keeper = new PreparedKeeper();
    const first = await prepare({ intensity }, [volume], keeper);
    const changed = { ...again, samples: samples.map((one, v) => (v === 9 ? one + 1 : one)) };
    expect(await prepare({ intensity }, [changed], keeper)).not.toBe(first);
    expect(keeper.of([volume], input({ intensity }))).toBeNull();
    const second = await prepare({ intensity }, [volume], keeper);
    expect(await prepare({ intensity, orientation: 'RAS' }, [volume], keeper)).not.toBe(second);
  });

  it('keeps nothing beyond its budget', async () => {
    const keeper = new PreparedKeeper(1000);
    const first = await prepare({ intensity }, [volume], keeper);
    expect(await prepare({ intensity }, [volume], keeper)).not.toBe(first);
  });
});

describe('inputShapes', () => {
  it.each<[Partial<Manifest['input']>, readonly (number | null)[]]>([
    [{}, [1, 1, null, null, null]],
    [{ channels: [{ name: 'a' }, { name: 'b' }] }, [1, 2, null, null, null]],
    [{ layout: { kind: '2d' }, samples: 'rgb' }, [null, 3, null, null]],
    [{ layout: { kind: '2d' }, samples: 'greyAsRgb' }, [null, 3, null, null]],
    [{ layout: { kind: '2.5d', neighbours: 2 } }, [null, 5, null, null]],
  ])('of %j', (changes, shape) => {
    expect(inputShapes(input(changes))).toEqual({ input: shape });
  });
});
