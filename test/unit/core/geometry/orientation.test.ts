import { axisTowards, gridDirections, makeGrid, orientationCode, type Vec3 } from '@overread/core/geometry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grids } from '../../../support/arbitrary-grid.ts';

type Axes = readonly [Vec3, Vec3, Vec3];
const grid = (axes: Axes) => makeGrid([4, 4, 4], [1, 1, 1], axes, [0, 0, 0]);

describe('the orientation code', () => {
  it.each<[string, Axes]>([
    ['LPS', [[1, 0, 0], [0, 1, 0], [0, 0, 1]]],
    ['RPI', [[-1, 0, 0], [0, 1, 0], [0, 0, -1]]],
    ['PIR', [[0, 1, 0], [0, 0, -1], [-1, 0, 0]]],
    ['LIP', [[1, 0, 0], [0, 0, -1], [0, 1, 0]]],
    ['LPS', [[0.95, 0.3, 0.05], [-0.3, 0.95, 0], [0, 0, 1]]],
  ])('is %s', (code, axes) => {
    expect(orientationCode(grid(axes))).toBe(code);
  }); // prettier-ignore

  it('names each patient axis once, however oblique the grid', () => {
    fc.assert(
      fc.property(grids, (oblique) => {
        const axes = Array.from(orientationCode(oblique), (letter) => 'LRPASI'.indexOf(letter) >> 1);
        expect(axes.toSorted()).toEqual([0, 1, 2]);
      }),
    );
  });
});

describe('the axis towards a patient direction', () => {
  it('is found with its sign', () => {
    const sagittal = grid([[0, 1, 0], [0, 0, -1], [-1, 0, 0]]); // prettier-ignore
    expect(axisTowards(sagittal, 'P')).toEqual({ axis: 0, sign: 1 });
    expect(axisTowards(sagittal, 'A')).toEqual({ axis: 0, sign: -1 });
    expect(axisTowards(sagittal, 'S')).toEqual({ axis: 1, sign: -1 });
    expect(axisTowards(sagittal, 'R')).toEqual({ axis: 2, sign: 1 });
  });

  it('leads there: the world coordinate grows with the signed index', () => {
    fc.assert(
      fc.property(grids, fc.constantFrom('L', 'R', 'P', 'A', 'S', 'I'), (oblique, letter) => {
        const { axis, sign } = axisTowards(oblique, letter);
        const opposite = { L: 'R', R: 'L', P: 'A', A: 'P', S: 'I', I: 'S' } as const;
        const back = axisTowards(oblique, opposite[letter]);
        expect(back.axis).toBe(axis);
        const world = 'LRPASI'.indexOf(letter) >> 1;
        const component = gridDirections(oblique)[axis][world as 0 | 1 | 2];
        if (Math.abs(component) > 1e-9) {
          expect(Math.sign(component) * sign).toBe('LPS'.includes(letter) ? 1 : -1);
          expect(back.sign).toBe(-sign);
        }
      }),
    );
  });
});
