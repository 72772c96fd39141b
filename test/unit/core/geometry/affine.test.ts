import {
  affineFromPlane,
  invert,
  makeGrid,
  multiply,
  planeNormal,
  transformDirection,
  transformPoint,
} from '@overread/core/geometry';
import { OverreadError } from '@overread/core/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grids, points } from '../../../support/arbitrary-grid.ts';
import { expectClose } from '../../../support/expect-close.ts';

describe('an affine from the attributes of an image plane', () => {
  it('is equation C.7.6.2.1-1 of PS3.3, with PixelSpacing as between rows, between columns', () => {
    const matrix = affineFromPlane(
      { position: [-10, 20, 30], rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], pixelSpacing: [0.5, 0.25] },
      2,
    );
    // i runs over columns: 0.25 mm; j over rows: 0.5 mm.
    expect(transformPoint(matrix, [4, 6, 1])).toEqual([-9, 23, 32]);
  });

  it('steps along row direction x column direction where only a distance is given', () => {
    const plane = { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] } as const;
    expectClose(planeNormal(plane), [-1, 0, 0]);
    const matrix = affineFromPlane({ ...plane, position: [7, 0, 0], pixelSpacing: [1, 1] }, 3);
    expectClose(transformPoint(matrix, [0, 0, 2]), [1, 0, 0]);
  });

  it('takes a step that is a vector as it is', () => {
    const plane = { position: [0, 0, 0], rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;
    const matrix = affineFromPlane({ ...plane, pixelSpacing: [1, 1] }, [0.1, 0, 2]);
    expectClose(transformPoint(matrix, [0, 0, 10]), [1, 0, 20]);
  });
});

describe('inverting', () => {
  it('brings every point back, in oblique and flipped grids', () => {
    fc.assert(
      fc.property(grids, points, ({ indexToWorld }, point) => {
        const back = transformPoint(invert(indexToWorld), transformPoint(indexToWorld, point));
        expectClose(back, point, 1e-6);
      }),
    );
  });

  it('gives the identity when multiplied', () => {
    fc.assert(
      fc.property(grids, ({ indexToWorld }) => {
        expectClose(multiply(indexToWorld, invert(indexToWorld)), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
      }),
    );
  });

  it('works on micrometre voxels', () => {
    const { indexToWorld } = makeGrid([2, 2, 2], [1e-4, 1e-4, 1e-4], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1, 2, 3]); // prettier-ignore
    expectClose(transformPoint(invert(indexToWorld), [1.0001, 2, 3]), [1, 0, 0]);
  });

  it.each([
    ['two equal axes', [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]],
    ['no extent', new Array<number>(16).fill(0)],
    ['a number that is none', [NaN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]],
    ['too few numbers', [1, 0, 0, 0, 0, 1]],
  ])('refuses a matrix with %s', (_, matrix) => {
    expect(() => invert(matrix)).toThrow(OverreadError);
  });
});

it('takes directions without the origin', () => {
  fc.assert(
    fc.property(grids, points, points, ({ indexToWorld }, a, b) => {
      const [p, q] = [transformPoint(indexToWorld, a), transformPoint(indexToWorld, b)];
      const direction = transformDirection(indexToWorld, [a[0] - b[0], a[1] - b[1], a[2] - b[2]]);
      expectClose(direction, [p[0] - q[0], p[1] - q[1], p[2] - q[2]], 1e-6);
    }),
  );
});
