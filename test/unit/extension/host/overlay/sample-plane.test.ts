import { describe, expect, test } from 'vitest';
import { colourise, samplePlane, sampleSize } from '../../../../../extension/src/host/overlay/sample-plane.ts';
import { viewPlane } from '../../../../../extension/src/host/overlay/view-plane.ts';

/** 3 x 2 x 2 voxels, each with its own value. */
const voxels = Uint8Array.from({ length: 12 }, (_, n) => n + 1);
const dims = [3, 2, 2] as const;

function sampled(plane: ReturnType<typeof viewPlane>, size: readonly [number, number]): number[] {
  const into = new Uint8Array(size[0] * size[1]);
  samplePlane(voxels, dims, plane, size, into, [0, 1]);
  samplePlane(voxels, dims, plane, size, into, [1, size[1]]);
  return [...into];
}

describe('sampling a plane', () => {
  test('a slice seen straight on comes out as it is', () => {
    const corners = { origin: [-0.5, -0.5, 1], right: [2.5, -0.5, 1], down: [-0.5, 1.5, 1] } as const;
    expect(sampled(viewPlane([30, 20], corners, [0, 0, 1]), [3, 2])).toEqual([7, 8, 9, 10, 11, 12]);
  });

  test('mirrored and turned views follow the map', () => {
    const mirrored = { origin: [2.5, -0.5, 0], right: [-0.5, -0.5, 0], down: [2.5, 1.5, 0] } as const;
    expect(sampled(viewPlane([30, 20], mirrored, [0, 0, 1]), [3, 2])).toEqual([3, 2, 1, 6, 5, 4]);
    const turned = { origin: [-0.5, -0.5, 0], right: [-0.5, 1.5, 0], down: [2.5, -0.5, 0] } as const;
    expect(sampled(viewPlane([20, 30], turned, [0, 0, 1]), [2, 3])).toEqual([1, 4, 2, 5, 3, 6]);
  });

  test('a plane across the slices takes one row of each', () => {
    const corners = { origin: [-0.5, 1, -0.5], right: [2.5, 1, -0.5], down: [-0.5, 1, 1.5] } as const;
    expect(sampled(viewPlane([30, 20], corners, [0, 1, 0]), [3, 2])).toEqual([4, 5, 6, 10, 11, 12]);
  });

  test('a plane right between two slices shows the upper one, whichever way its numbers were rounded', () => {
    for (const k of [0.5 - 1e-12, 0.5, 0.5 + 1e-12]) {
      const corners = { origin: [-0.5, -0.5, k], right: [2.5, -0.5, k], down: [-0.5, 1.5, k] } as const;
      expect(sampled(viewPlane([30, 20], corners, [0, 0, 1]), [3, 2])).toEqual([7, 8, 9, 10, 11, 12]);
    }
  });

  test('outside the grid there is nothing, half a voxel past the outer centres', () => {
    const corners = { origin: [-1.5, -0.5, 0], right: [4.5, -0.5, 0], down: [-1.5, 0.5, 0] } as const;
    expect(sampled(viewPlane([60, 10], corners, [0, 0, 1]), [6, 1])).toEqual([0, 1, 2, 3, 0, 0]);
  });

  test('very large viewports are sampled more coarsely', () => {
    const corners = { origin: [0, 0, 0], right: [1, 0, 0], down: [0, 1, 0] } as const;
    const [columns, rows] = sampleSize(viewPlane([4000, 2000], corners, [0, 0, 1]));
    expect(columns * rows).toBeLessThanOrEqual(601_000);
    expect(columns / rows).toBeCloseTo(2, 1);
    expect(sampleSize(viewPlane([800, 600], corners, [0, 0, 1]))).toEqual([800, 600]);
  });
});

describe('colours', () => {
  test('labels have their colour, their borders the stronger one, background none', () => {
    const palette = new Uint32Array(256);
    const edges = new Uint32Array(256);
    palette[1] = 10;
    edges[1] = 11;
    // prettier-ignore
    const labels = Uint8Array.from([
      0, 0, 0, 0, 0,
      0, 1, 1, 1, 0,
      0, 1, 1, 1, 0,
      0, 1, 1, 1, 0,
      0, 0, 0, 0, 0,
    ]);
    const into = new Uint32Array(25);
    colourise(labels, [5, 5], palette, edges, into, [0, 2]);
    expect(into.subarray(10).every((colour) => colour === 0)).toBe(true);
    colourise(labels, [5, 5], palette, edges, into, [2, 5]);
    // prettier-ignore
    expect([...into]).toEqual([
      0,  0,  0,  0, 0,
      0, 11, 11, 11, 0,
      0, 11, 10, 11, 0,
      0, 11, 11, 11, 0,
      0,  0,  0,  0, 0,
    ]);
    colourise(labels, [5, 5], palette, null, into, [0, 5]);
    expect(into.filter((colour) => colour === 10)).toHaveLength(9);
  });
});
