import { makeGrid, worldToIndex, type Vec3 } from '@overread/core/geometry';
import type { PromptMask } from '@overread/core/pipeline';
import { describe, expect, test } from 'vitest';
import type { LabelMapOverlay } from '../../../../extension/src/host/types.ts';
import { createMarkingPresenter, type ShownMarking } from '../../../../extension/src/overlay/index.ts';
import { MemoryHost } from '../../../support/memory-host.ts';

const axes: readonly [Vec3, Vec3, Vec3] = [
  [0, 1, 0],
  [0, 0, -1],
  [-1, 0, 0],
];
/** Sagittal, anisotropic. */
const grid = makeGrid([20, 16, 9], [0.7, 0.9, 3], axes, [12, -34, 56]);

/** All voxels of a box. */
const block = (min: Vec3, max: Vec3): { readonly slice: number; readonly mask: PromptMask } => {
  const voxels = min.reduce((product, low, axis) => product * (max[axis]! - low + 1), 1);
  return { slice: min[2], mask: { box: { min, max }, bits: new Uint8Array(voxels).fill(1), quality: null } };
};
const thing = (...masks: ReturnType<typeof block>[]) => ({ marks: [], masks });
const point = (at: Vec3, inside = true) => ({ id: 1, place: { kind: 'point' as const, at, inside } });

function shown(changes: Partial<ShownMarking> = {}): ShownMarking {
  const nothing = { kept: [], thing: thing(), dragged: null };
  return { seriesInstanceUID: '2.25.1', grid, colour: [255, 80, 60], ...nothing, ...changes };
}

function open() {
  const host = new MemoryHost([]);
  const errors: unknown[] = [];
  const presenter = createMarkingPresenter(host.overlays, (error) => errors.push(error));
  const layer = (name: string) => host.drawn.get(`overread:marking:${name}`)?.overlay;
  const mask = () => {
    const overlay = layer('mask');
    if (overlay === undefined || !('labels' in overlay)) throw new Error('no mask is drawn');
    return overlay;
  };
  return { host, presenter, layer, mask, errors };
}

/** Label of the overlay at a voxel of the series; 0 beyond it. */
function labelAt({ grid: part, labels }: LabelMapOverlay, ijk: Vec3): number {
  const world = worldOf(ijk);
  const [i, j, k] = worldToIndex(part, world).map((index) => Math.round(index)) as unknown as Vec3;
  const [ni, nj, nk] = part.dims;
  const isWithin = i >= 0 && j >= 0 && k >= 0 && i < ni && j < nj && k < nk;
  return isWithin ? labels[i + ni * (j + nj * k)]! : 0;
}

/** By the grid's own columns, without the code under test. */
function worldOf([i, j, k]: Vec3): Vec3 {
  return [12 - 3 * k, -34 + 0.7 * i, 56 - 0.9 * j];
}

describe('what is being marked', () => {
  test('is painted voxel by voxel, the thing at hand unlike those that are kept', () => {
    const { presenter, mask: drawn } = open();
    const kept = [thing(block([2, 3, 1], [5, 4, 1]), block([2, 3, 2], [4, 4, 2])), thing(block([9, 9, 7], [9, 9, 7]))];
    presenter.show(shown({ kept, thing: thing(block([12, 10, 4], [14, 13, 4])) }));
    const mask = drawn();
    expect(mask.grid.dims).toEqual([13, 11, 7]);
    const expected: readonly (readonly [Vec3, number])[] = [
      [[2, 3, 1], 1],
      [[5, 4, 1], 1],
      [[6, 4, 1], 0],
      [[5, 4, 2], 0],
      [[4, 4, 2], 1],
      [[9, 9, 7], 2],
      [[12, 10, 4], 3],
      [[14, 13, 4], 3],
      [[14, 13, 5], 0],
      [[11, 10, 4], 0],
      [[0, 0, 0], 0],
    ];
    expect(expected.map(([ijk]) => labelAt(mask, ijk))).toEqual(expected.map(([, label]) => label));
    const colourOf = (label: number) => mask.segments.find(({ number }) => number === label)?.colour;
    expect(colourOf(1)).toEqual([255, 80, 60]);
    expect(colourOf(2)).toEqual(colourOf(1));
    expect(colourOf(3)).not.toEqual(colourOf(1));
  });

  test('stands where a later thing lies over it', () => {
    const { presenter, mask: drawn } = open();
    presenter.show(shown({ kept: [thing(block([2, 2, 2], [6, 6, 2]))], thing: thing(block([4, 4, 2], [8, 8, 2])) }));
    const mask = drawn();
    expect(([[3, 3, 2], [5, 5, 2], [8, 8, 2]] as const).map((ijk) => labelAt(mask, ijk))).toEqual([1, 2, 2]); // prettier-ignore
  });

  test('has its boxes on the slice that they were drawn on, one voxel thick', () => {
    const { presenter, layer } = open();
    presenter.show(shown({ dragged: [[12, 9.5, 4], [3, 2, 4]] })); // prettier-ignore
    const overlay = layer('boxes');
    if (overlay === undefined || !('boxes' in overlay)) throw new Error('no boxes are drawn');
    const box = overlay.boxes[0]!;
    const corners = [worldToIndex(grid, box.min), worldToIndex(grid, box.max)].flat();
    [3, 2, 3.5, 12, 9.5, 4.5].forEach((value, n) => expect(corners[n]).toBeCloseTo(value, 9));
  });

  test('is drawn again only where it changed', () => {
    const { host, presenter } = open();
    const first = shown({ thing: { ...thing(block([2, 2, 2], [3, 3, 2])), marks: [point([2, 2, 2])] } });
    presenter.show(first);
    const before = new Map(host.drawn);
    presenter.show({ ...first, thing: { ...first.thing, marks: [...first.thing.marks, point([3, 3, 2], false)] } });
    const isSame = (name: string) =>
      host.drawn.get(`overread:marking:${name}`) === before.get(`overread:marking:${name}`);
    expect(['mask', 'points'].map(isSame)).toEqual([true, false]);
  });

  test('goes from the screen altogether, and a mask that is taken back too', () => {
    const { host, presenter, layer } = open();
    presenter.show(shown({ thing: { ...thing(block([2, 2, 2], [3, 3, 2])), marks: [point([2, 2, 2])] } }));
    presenter.show(shown());
    expect(layer('mask')).toBeUndefined();
    presenter.show(null);
    expect(host.drawn.size).toBe(0);
  });

  test('that cannot be drawn is told', async () => {
    const { host, presenter, errors } = open();
    host.overlays.showLabelMap = () => Promise.reject(new Error('no WebGL'));
    presenter.show(shown({ thing: thing(block([2, 2, 2], [3, 3, 2])) }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(errors).toHaveLength(1);
  });
});
