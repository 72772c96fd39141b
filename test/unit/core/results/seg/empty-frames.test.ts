import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyFramesFor } from '../../../../../core/results/seg/empty-frames.ts';

/** Label maps of up to three segments, present where the numbers say. */
const maps = fc
  .record({ size: fc.integer({ min: 1, max: 40 }), slices: fc.integer({ min: 1, max: 12 }) })
  .chain(({ size, slices }) =>
    fc.array(
      fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }).chain((numbers) =>
        fc
          .array(fc.constantFrom(0, 1), { minLength: numbers.length * slices, maxLength: numbers.length * slices })
          .map((flags) => {
            const present = new Uint8Array(6 * slices);
            numbers.forEach((number, n) => present.set(flags.slice(n * slices, (n + 1) * slices), number * slices));
            return { size, slices, numbers, present };
          }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  );

const framesOf = (list: Parameters<typeof emptyFramesFor>[0]) =>
  list.reduce((sum, { present }) => sum + present.reduce((a, b) => a + b, 0), 0);

describe('empty frames', () => {
  it('are none where frames are whole bytes, or where there is one frame', () => {
    const present = Uint8Array.from([0, 0, 1, 0]);
    expect(emptyFramesFor([{ size: 7, slices: 2, numbers: [1], present }])).toEqual([new Set()]);
    expect(emptyFramesFor([{ size: 16, slices: 2, numbers: [1], present: present.fill(1) }])).toEqual([new Set()]);
  });

  it('make the frames end in an odd byte, wherever a frame is left to add, and never take one that is there', () => {
    fc.assert(
      fc.property(maps, (list) => {
        const extra = emptyFramesFor(list);
        const added = extra.reduce((sum, set) => sum + set.size, 0);
        extra.forEach((set, map) => {
          for (const at of set) {
            expect(list[map]?.present[at]).toBe(0);
            expect(list[map]?.numbers).toContain(Math.floor(at / (list[map]?.slices ?? 1)));
          }
        });
        const size = list[0]?.size ?? 0;
        const frames = framesOf(list);
        const room = list.reduce((sum, { numbers, slices }) => sum + numbers.length * slices, 0) - frames;
        const bytes = (count: number) => Math.ceil((count * size) / 8);
        const helps = Array.from({ length: room + 1 }, (_, n) => n).find((n) => bytes(frames + n) % 2 === 1);
        const needed = size % 8 === 0 || frames < 2 ? 0 : (helps ?? 0);
        expect(added).toBe(needed);
      }),
      { numRuns: 300 },
    );
  });
});
