import { describe, expect, it } from 'vitest';
import { cropGrid, worldToIndex, type Vec3 } from '@overread/core/geometry';
import { computeMasks, noticesOf, placeInLungs, type Masks } from '../../../../../core/pipeline/masks/index.ts';
import { Steps } from '../../../../../core/pipeline/steps.ts';
import { dice, forWorld, inLung, lungHalf, thorax, type ThoraxOptions } from '../../../../support/thorax.ts';

const body = { kind: 'bodyMask', id: 'body', above: -500 } as const;
const lungs = { kind: 'lungField', id: 'lungs', body: 'body', below: -400, minVolume: 100, closingRadius: 12 } as const;
const masksOf = (volume: ReturnType<typeof thorax>): Promise<Masks> =>
  computeMasks(volume, [body, lungs], new Steps(undefined, undefined));

/** Mask of what a test says about points in LPS mm, on the grid of the volume. */
function truth(volume: ReturnType<typeof thorax>, holds: (point: Vec3) => boolean): Uint8Array {
  const mask = new Uint8Array(volume.samples.length);
  forWorld(volume.grid, (point, voxel) => (mask[voxel] = holds(point) ? 1 : 0));
  return mask;
}

const both = (point: Vec3, gap?: number): boolean => inLung(-1, point, gap) || inLung(1, point, gap);
const orientations: Record<string, ThoraxOptions> = {
  'axial, feet first': {},
  'axial, head first': {
    directions: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, -1],
    ],
  },
  'axial, turned by 180 degrees': {
    directions: [
      [-1, 0, 0],
      [0, -1, 0],
      [0, 0, 1],
    ],
  },
  coronal: {
    directions: [
      [1, 0, 0],
      [0, 0, -1],
      [0, 1, 0],
    ],
  },
  sagittal: {
    directions: [
      [0, 1, 0],
      [0, 0, -1],
      [1, 0, 0],
    ],
    spacing: [2, 2, 4],
  },
};

/** One volume per orientation with its masks, worked out once. */
const known = new Map<ThoraxOptions, Promise<Masks>>();
function masksOnce(options: ThoraxOptions): Promise<Masks> {
  const masks = known.get(options) ?? masksOf(thorax(options));
  known.set(options, masks);
  return masks;
}

describe('the body mask', () => {
  it('is the patient with the lungs in it, without the table that touches the back', async () => {
    const volume = thorax();
    const found = (await masksOf(volume)).get('body')!.bits;
    const expected = truth(volume, ([x, y]) => (x / 135) ** 2 + (y / 90) ** 2 < 1);
    expect(dice(found, expected)).toBeGreaterThan(0.98);
    const table = truth(volume, ([x, y]) => y > 88 && y < 92 && Math.abs(x) > 60 && Math.abs(x) < 120);
    expect(table.some((set, v) => set !== 0 && found[v] !== 0)).toBe(false);
  });

  it('says so when there is no patient', async () => {
    const volume = thorax();
    volume.samples.fill(-1000);
    await expect(masksOf(volume)).rejects.toMatchObject({ code: 'pipeline.mask-empty', details: { mask: 'body' } });
  });
});

describe('the lung field', () => {
  it.each(Object.entries(orientations))('is both lungs without the trachea (%s)', async (_, options) => {
    const volume = thorax(options);
    const found = (await masksOnce(options)).get('lungs')!.bits;
    expect(
      dice(
        found,
        truth(volume, (point) => both(point)),
      ),
    ).toBeGreaterThan(0.96);
    const trachea = truth(volume, ([x, y, z]) => z > 30 && Math.hypot(x, y + 10) < 6);
    expect(trachea.some((set, v) => set !== 0 && found[v] !== 0)).toBe(false);
  });

  it('holds a nodule at the wall', async () => {
    // A fifth of it lies in the chest wall. The closing's ball is much wider than the pit, so that it cannot roll far in.
    const ball = { centre: [-62 - lungHalf[0] + 5, 0, 0] as Vec3, radius: 7 };
    const volume = thorax({ balls: [ball], spacing: [2, 2, 2] });
    const found = (await masksOf(volume)).get('lungs')!.bits;
    const nodule = truth(volume, ([x, y, z]) => Math.hypot(x - ball.centre[0], y, z) < 7 && inLung(-1, [x, y, z]));
    const inside = nodule.filter((set, v) => set !== 0 && found[v] !== 0).length;
    expect(inside / nodule.filter((set) => set !== 0).length).toBeGreaterThan(0.8);
  });

  it('parts lungs that touch each other, and closes nothing across the gap', async () => {
    const volume = thorax({ gap: 8, bridge: true });
    const lung = (await masksOf(volume)).get('lungs')!;
    expect(lung.lungs!.parts).toHaveLength(2);
    expect(
      dice(
        lung.bits,
        truth(volume, (point) => both(point, 8)),
      ),
    ).toBeGreaterThan(0.95);
  });

  it('takes a single lung for what it is', async () => {
    const volume = thorax({ balls: [{ centre: [62, 0, 0], radius: 100 }], table: false });
    const lung = (await masksOf(volume)).get('lungs')!;
    expect(lung.lungs!.parts).toHaveLength(1);
  });

  it('says so when there are no lungs', async () => {
    const volume = thorax();
    forWorld(volume.grid, (point, v) => {
      if (both(point)) volume.samples[v] = 40;
    });
    await expect(masksOf(volume)).rejects.toMatchObject({ code: 'pipeline.mask-empty', details: { mask: 'lungs' } });
  });
});

describe('noticesOf', () => {
  it('has nothing to say of two whole lungs', async () => {
    expect(noticesOf(await masksOnce(orientations['coronal']!))).toEqual([]);
  });

  it('says so when the scan ends within the lungs, at either end', async () => {
    const volume = thorax();
    const part = (from: number, to: number) => {
      const box = { min: [0, 0, from] as Vec3, max: [volume.grid.dims[0] - 1, volume.grid.dims[1] - 1, to] as Vec3 };
      const area = volume.grid.dims[0] * volume.grid.dims[1];
      return {
        ...volume,
        grid: cropGrid(volume.grid, box),
        samples: volume.samples.slice(from * area, (to + 1) * area),
      };
    };
    const [upper, both] = [noticesOf(await masksOf(part(0, 50))), noticesOf(await masksOf(part(25, 50)))];
    expect(upper.map(({ code }) => code)).toEqual(['pipeline.lungs-cut-off']);
    expect(upper[0]!.message).toContain('the upper end');
    expect(both[0]!.message).toContain('the upper and the lower end');
  });

  it('says so when only one lung was found', async () => {
    const volume = thorax({ balls: [{ centre: [62, 0, 0], radius: 100 }], table: false });
    expect(noticesOf(await masksOf(volume)).map(({ code }) => code)).toContain('pipeline.one-lung');
  });
});

describe('placeInLungs', () => {
  const points: [string, Vec3, string, string][] = [
    ['right upper', [-62, 0, 75], 'Right', 'upper third'],
    ['left middle', [62, 10, 0], 'Left', 'middle third'],
    ['left lower', [50, 0, -70], 'Left', 'lower third'],
  ];
  const cases = Object.entries(orientations).flatMap(([name, options]) =>
    points.map((p) => [p[0], name, options, p] as const),
  );

  it.each(cases)('knows %s (%s)', async (...[, , options, [, world, side, third]]) => {
    const volume = thorax(options);
    const map = (await masksOnce(options)).get('lungs')!.lungs!;
    const place = placeInLungs(map, worldToIndex(volume.grid, world));
    expect([place.laterality.meaning, place.place]).toEqual([side, third]);
  });

  it('goes by the lung and not by the midline where a lung reaches across', async () => {
    const volume = thorax();
    const map = (await masksOf(volume)).get('lungs')!.lungs!;
    const nearMiddle = worldToIndex(volume.grid, [14, 0, 0]);
    expect(placeInLungs({ ...map, bodyMiddle: 1e6 }, nearMiddle).laterality.meaning).toBe('Left');
  });
});
