import { describe, expect, it } from 'vitest';
import type { IndexBox, Vec3 } from '@overread/core/geometry';
import { boxDecoder, onGrid, type BoxesOutput } from '../../../../../core/pipeline/detect/decode.ts';

type Encoding = BoxesOutput['encoding'];
const window: IndexBox = { min: [10, 20, 30], max: [25, 31, 37] };
const size = { x: 16, y: 12, z: 8 };

/** One box of the window in each of the ways to write it: x from 3 to 9, y from 2 to 6, z from 1 to 4. */
const written: readonly (readonly [string, readonly number[]])[] = [
  ['xyxy', [3, 2, 9, 6]],
  ['yxyx', [2, 3, 6, 9]],
  ['cxcywh', [6, 4, 6, 4]],
  ['cycxhw', [4, 6, 4, 6]],
  ['xyxyzz', [3, 2, 9, 6, 1, 4]],
  ['zyzyxx', [1, 2, 4, 6, 3, 9]],
  ['xyzxyz', [3, 2, 1, 9, 6, 4]],
  ['zyxzyx', [1, 2, 3, 4, 6, 9]],
  ['cxcyczwhd', [6, 4, 2.5, 6, 4, 3]],
  ['czcycxdhw', [2.5, 4, 6, 3, 4, 6]],
];

describe('boxDecoder', () => {
  it.each(written)('reads a box written as %s', (order, numbers) => {
    const encoding = { kind: 'boxes', order, unit: 'voxel', origin: 'edge' } as Encoding;
    const data = Float32Array.of(99, ...numbers);
    const box = onGrid(boxDecoder(encoding, window).decode(data, 1, 0), window, 33);
    const flat = numbers.length === 4;
    // An edge at 0 of the window is half a voxel before the centre of its first voxel.
    expect(box.low).toEqual([12.5, 21.5, flat ? 32.5 : 30.5]);
    expect(box.high).toEqual([18.5, 25.5, flat ? 33.5 : 33.5]);
  });

  it.each(written)('reads shares of the window written as %s', (order, numbers) => {
    const axis = { x: size.x, w: size.x, y: size.y, h: size.y, z: size.z, d: size.z };
    const letters = order.replaceAll('c', '').split('') as (keyof typeof axis)[];
    const data = Float32Array.from(numbers, (value, n) => value / axis[letters[n]!]);
    const encoding = { kind: 'boxes', order, unit: 'relative', origin: 'edge' } as Encoding;
    const { low, high } = boxDecoder(encoding, window).decode(data, 0, 0);
    [3, 2, 1].slice(0, low.length).forEach((end, axis) => expect(low[axis]).toBeCloseTo(end, 5));
    [9, 6, 4].slice(0, high.length).forEach((end, axis) => expect(high[axis]).toBeCloseTo(end, 5));
  });

  it('starts at the centre of the first voxel where the framework does', () => {
    const encoding = { kind: 'boxes', order: 'xyzxyz', unit: 'voxel', origin: 'centre' } as Encoding;
    const box = onGrid(boxDecoder(encoding, window).decode(Float32Array.of(3, 2, 1, 9, 6, 4), 0, 0), window, 0);
    expect(box).toEqual({ low: [13, 22, 31], high: [19, 26, 34] });
  });
});

describe('anchors', () => {
  const levels = [
    { stride: [2, 4, 4], sizes: [[3, 4, 5], [6, 8, 10]] }, // prettier-ignore
    { stride: [4, 8, 8], sizes: [[9, 10, 11]] },
  ];
  const weights = [10, 9, 8, 5, 4, 3];
  const base = { kind: 'anchors', levels, weights, order: 'zyx', centred: 'middle', origin: 'edge' } as const;

  /** Every anchor, written out level by level, cell by cell; centres and sizes in the order z, y, x. */
  function allAnchors(middle: number): { centre: Vec3; size: Vec3 }[] {
    return levels.flatMap(({ stride, sizes }) => {
      const anchors: { centre: Vec3; size: Vec3 }[] = [];
      const [sz, sy, sx] = stride as [number, number, number];
      for (let z = 0; z * sz < size.z; z++)
        for (let y = 0; y * sy < size.y; y++)
          for (let x = 0; x * sx < size.x; x++)
            for (const extent of sizes)
              anchors.push({
                centre: [(z + middle) * sz, (y + middle) * sy, (x + middle) * sx],
                size: extent as unknown as Vec3,
              });
      return anchors;
    });
  }

  it.each(['middle', 'corner'] as const)(
    'decodes every row as the formula says, anchors at the %s of their cell',
    (centred) => {
      const anchors = allAnchors(centred === 'middle' ? 0.5 : 0);
      for (const order of ['zyx', 'xyz'] as const) {
        const decoder = boxDecoder({ ...base, weights: [...weights], levels: [...levels], order, centred }, window);
        expect(decoder.rows).toBe(anchors.length);
        anchors.forEach(({ centre, size: anchor }, row) => {
          const deltas = [0.3, -0.7, 1.1, 0.2, -0.4, 0.9].map((delta) => delta * Math.sin(row + 1));
          const data = order === 'zyx' ? deltas : [...deltas.slice(0, 3).reverse(), ...deltas.slice(3).reverse()];
          const { low, high } = decoder.decode(Float32Array.from(data), 0, row);
          [0, 1, 2].forEach((axis) => {
            const middle = centre[axis as 0] + (deltas[axis]! / weights[axis]!) * anchor[axis as 0];
            const length = anchor[axis as 0] * Math.exp(deltas[axis + 3]! / weights[axis + 3]!);
            expect(low[2 - axis]).toBeCloseTo(middle - length / 2, 4);
            expect(high[2 - axis]).toBeCloseTo(middle + length / 2, 4);
          });
        });
      }
    },
  );

  it('cuts sizes that would burst', () => {
    const one = { ...base, weights: [], levels: [{ stride: [8, 12, 16], sizes: [[2, 2, 2]] }] };
    const { low, high } = boxDecoder(one, window).decode(Float32Array.of(0, 0, 0, 80, 80, 80), 0, 0);
    expect(high[0]! - low[0]!).toBeCloseTo((2 * 1000) / 16, 3);
  });

  it('refuses lists that do not fit each other', () => {
    const short = { ...base, levels: [{ stride: [4, 4, 4], sizes: [[4, 4]] }], weights: [] };
    expect(() => boxDecoder(short, window)).toThrow(expect.objectContaining({ code: 'model.unsupported' }) as Error);
    const odd = { ...base, levels: [...levels], weights: [1, 1] };
    expect(() => boxDecoder(odd, window)).toThrow(expect.objectContaining({ code: 'model.unsupported' }) as Error);
  });
});
