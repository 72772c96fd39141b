import { expect, it } from 'vitest';
import type { PreparedInput } from '../../../../../core/pipeline/prepared.ts';
import { occupiedWindows } from '../../../../../core/pipeline/windows/occupied.ts';
import type { Window } from '../../../../../core/pipeline/windows/window.ts';

it('a slice is looked at with the neighbours that the graph is given', async () => {
  // Nine slices of one voxel; only the fifth holds something.
  const prepared = {
    grid: { dims: [1, 1, 9], indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] },
    channels: 1,
    read: ({ min }, target) => void (target[0] = min[2] === 4 ? 7 : 0),
  } satisfies Pick<PreparedInput, 'grid' | 'channels' | 'read'> as unknown as PreparedInput;
  const slices = Array.from({ length: 9 }, (_, k): Window => {
    const box = { min: [0, 0, k], max: [0, 0, k] } as const;
    return { input: box, core: box };
  });
  const seen = async (neighbours: number) => {
    const found = await occupiedWindows(slices, prepared, 0, { pause: () => Promise.resolve() }, neighbours);
    return found.map(({ core }) => core.min[2]);
  };
  expect(await seen(0)).toEqual([4]);
  expect(await seen(1)).toEqual([3, 4, 5]);
  expect(await seen(2)).toEqual([2, 3, 4, 5, 6]);
});
