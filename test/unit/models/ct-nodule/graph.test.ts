import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InferenceSession } from '@overread/core/pipeline';
import { nodulesGraph } from '../../../../models/ct-nodule/graph.ts';
import { RIM, scales } from '../../../../models/ct-nodule/scales.ts';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';

let session: InferenceSession;
beforeAll(async () => {
  session = await nodeRuntime(2).createSession(nodulesGraph());
});
afterAll(() => session.release());

/** Runs a cube of `side` voxels with values by voxel [z, y, x] relative to its middle. */
async function run(side: number, value: (z: number, y: number, x: number) => number): Promise<Float32Array> {
  const data = new Float32Array(side ** 3);
  const middle = (side - 1) / 2;
  for (let v = 0; v < data.length; v++) {
    data[v] = value(Math.floor(v / side ** 2) - middle, (Math.floor(v / side) % side) - middle, (v % side) - middle);
  }
  const { dots } = await session.run({ image: { type: 'float32', dims: [1, 1, side, side, side], data } });
  return dots!.data as Float32Array;
}

/** Share of a voxel at distance r from the middle of a ball that the ball fills, roughly. */
const ball = (radius: number, r: number): number => Math.min(1, Math.max(0, radius - r + 0.5));
const middleOf = (values: Float32Array, side: number): number => values[((side - 1) / 2) * (side ** 2 + side + 1)]!;
const side = 2 * RIM + 13;

describe('dot enhancement', () => {
  it.each(scales)('answers about 1 to a ball of contrast 1 that fits scale $sigma', async ({ sigma }) => {
    const dots = await run(side, (z, y, x) => ball(Math.sqrt(3) * sigma, Math.hypot(z, y, x)));
    expect(middleOf(dots, side)).toBeGreaterThan(0.9);
    expect(middleOf(dots, side)).toBeLessThan(1.1);
  });

  it('answers far less to a vessel, and next to nothing to a wall and to a hole', async () => {
    const vessel = await run(side, (_, y, x) => ball(4, Math.hypot(y, x)));
    const wall = await run(side, (_, __, x) => ball(3, Math.abs(x)));
    const hole = await run(side, (z, y, x) => 1 - ball(4, Math.hypot(z, y, x)));
    expect(middleOf(vessel, side)).toBeLessThan(0.05);
    expect(middleOf(wall, side)).toBeLessThan(0.01);
    expect(middleOf(hole, side)).toBeLessThan(0.01);
  });

  it('answers in proportion to the contrast', async () => {
    const at = async (contrast: number): Promise<number> =>
      middleOf(await run(side, (z, y, x) => contrast * ball(5, Math.hypot(z, y, x)) - 0.85), side);
    expect(await at(0.4)).toBeCloseTo(0.4 * (await at(1)), 3);
  });

  it('leaves the rim empty and holds no value that is no number, in flat images too', async () => {
    const dots = await run(side, () => 0.15);
    expect(dots.every((value) => Math.abs(value) < 1e-4)).toBe(true);
    const noisy = await run(side, (z, y, x) => Math.abs(Math.sin(12.9898 * z + 78.233 * y + 37.719 * x)));
    const inRim = (v: number): boolean =>
      [side ** 2, side, 1].some((step) => {
        const index = Math.floor(v / step) % side;
        return index < RIM || index >= side - RIM;
      });
    expect(noisy.every((value, v) => Number.isFinite(value) && (!inRim(v) || value === 0))).toBe(true);
    expect(noisy.some((value) => value > 0)).toBe(true);
  });

  it('answers the same in a part of the image that has its halo as in the whole', async () => {
    const large = side + 8;
    const values = Float32Array.from(
      { length: large ** 3 },
      (_, v) => Math.abs(Math.sin(v * 12.9898) * 43758.5453) % 1,
    );
    const image = (data: Float32Array, n: number) => ({
      image: { type: 'float32' as const, dims: [1, 1, n, n, n], data },
    });
    const part = new Float32Array(side ** 3);
    const offset = 4;
    const inLarge = (v: number): number => {
      const [z, y, x] = [Math.floor(v / side ** 2), Math.floor(v / side) % side, v % side];
      return ((z + offset) * large + y + offset) * large + x + offset;
    };
    part.forEach((_, v) => (part[v] = values[inLarge(v)]!));
    const whole = (await session.run(image(values, large)))['dots']!.data as Float32Array;
    const alone = (await session.run(image(part, side)))['dots']!.data as Float32Array;
    const differences = alone.map((value, v) => (value === 0 ? 0 : Math.abs(value - whole[inLarge(v)]!)));
    expect(alone.some((value) => value > 0.001)).toBe(true);
    expect(differences.reduce((a, b) => Math.max(a, b), 0)).toBeLessThan(1e-5);
  });
});
