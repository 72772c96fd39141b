import type { Attributes } from '@overread/core/dicom';
import { gridDirections, gridSpacing, indexToWorld, orientationCode, planeNormal } from '@overread/core/geometry';
import { describeSeries, type SeriesGeometry } from '@overread/core/volume';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directions, points } from '../../../support/arbitrary-grid.ts';
import { expectClose } from '../../../support/expect-close.ts';
import { syntheticSeries } from '../../../support/synthetic-series.ts';

function described(instances: readonly Attributes[]): SeriesGeometry {
  const result = describeSeries(instances);
  if (!result.ok) throw result.error;
  return result.value;
}

const numbersOf = (geometry: SeriesGeometry): readonly (number | null)[] =>
  geometry.slices.map((slice) => slice.instanceNumber);

describe('a plain CT series', () => {
  const geometry = described(syntheticSeries());

  it('becomes a grid of columns x rows x slices', () => {
    expect(geometry.grid.dims).toEqual([6, 4, 5]);
    // PixelSpacing is [between rows, between columns]: i steps along columns.
    expectClose(gridSpacing(geometry.grid), [0.6, 0.7, 2.5]);
    expect(orientationCode(geometry.grid)).toBe('LPS');
    expectClose(indexToWorld(geometry.grid, [0, 0, 0]), [-10, -20, 30]);
    expectClose(indexToWorld(geometry.grid, [5, 3, 4]), [-7, -17.9, 40]);
  });

  it('keeps what identifies it, slice by slice', () => {
    expect(geometry).toMatchObject({
      studyInstanceUID: '2.25.1',
      seriesInstanceUID: '2.25.10',
      frameOfReferenceUID: '2.25.100',
      modality: 'CT',
      warnings: [],
    });
    expect(geometry.slices[2]).toEqual({
      sopClassUID: '1.2.840.10008.5.1.4.1.1.2',
      sopInstanceUID: '2.25.1000.3',
      frameNumber: null,
      instanceNumber: 3,
    });
  });
});

it('slices sort along their normal, whatever order, orientation and numbers they come in', () => {
  const shuffles = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 });
  fc.assert(
    fc.property(shuffles, shuffles, directions, points, (order, numbers, [row, column], origin) => {
      const series = syntheticSeries({ slices: 7, rowDirection: row, columnDirection: column, origin });
      const renumbered = series.map((slice, k) => ({ ...slice, InstanceNumber: numbers[k] }));
      const geometry = described(order.map((k) => renumbered[k] ?? {}));
      expect(numbersOf(geometry)).toEqual(numbers);
      const normal = planeNormal({ rowDirection: row, columnDirection: column });
      expectClose(gridDirections(geometry.grid)[2], normal, 1e-6);
      geometry.slices.forEach((_, k) => {
        const position = series[k]?.['ImagePositionPatient'] as number[];
        expectClose(indexToWorld(geometry.grid, [0, 0, k]), position, 1e-6);
      });
    }),
  );
});

it('values may be text, lone or wrapped, as different readers hand them out', () => {
  const wrapped = syntheticSeries().map((slice) => ({
    ...slice,
    ImagePositionPatient: (slice['ImagePositionPatient'] as number[]).map(String),
    ImageOrientationPatient: '1\\0\\0\\0\\1\\0',
    PixelSpacing: ['0.7', '0.6 '],
    Rows: [4],
    InstanceNumber: String(slice['InstanceNumber']),
  }));
  expect(described(wrapped)).toEqual(described(syntheticSeries()));
});

it('an instance that comes twice counts once', () => {
  const series = syntheticSeries();
  expect(described([...series, ...series.slice(1, 3)])).toEqual(described(series));
});

describe('a single slice is a volume too', () => {
  it('as thick as it says', () => {
    const geometry = described(syntheticSeries({ slices: 1, all: { SliceThickness: 3 } }));
    expect(geometry.grid.dims).toEqual([6, 4, 1]);
    expect(gridSpacing(geometry.grid)[2]).toBeCloseTo(3);
    expect(geometry.warnings).toEqual([]);
  });

  it('of 1 mm, with a warning, where it does not say', () => {
    const geometry = described(syntheticSeries({ slices: 1, all: { SliceThickness: '' } }));
    expect(gridSpacing(geometry.grid)[2]).toBeCloseTo(1);
    expect(geometry.warnings.map((warning) => warning.code)).toEqual(['volume.no-thickness']);
  });
});

describe('positions that scanners round', () => {
  it('to a tenth of a millimetre make a volume, with a warning', () => {
    const rounded = (k: number): Attributes => ({ ImagePositionPatient: [0, 0, Number((k * 0.625).toFixed(1))] });
    const geometry = described(syntheticSeries({ slices: 40, spacing: 0.625, each: rounded }));
    expect(gridSpacing(geometry.grid)[2]).toBeCloseTo(0.625, 2);
    expect(geometry.warnings.map((warning) => warning.code)).toEqual(['volume.spacing-rounded']);
    expect(geometry.warnings[0]?.message).toMatch(/up to 0\.0\d mm/);
  });

  it('to a hundredth make one without a word', () => {
    const rounded = (k: number): Attributes => ({ ImagePositionPatient: [0, 0, Number((k * 1.333).toFixed(2))] });
    expect(described(syntheticSeries({ slices: 40, spacing: 1.333, each: rounded })).warnings).toEqual([]);
  });

  it('like direction cosines of four decimals, leave the rows at a right angle', () => {
    const all = { ImageOrientationPatient: [0.9986, -0.0523, 0, 0.0524, 0.9986, 0.0001] };
    const [row, column] = gridDirections(described(syntheticSeries({ slices: 1, all })).grid);
    expectClose([row[0] * column[0] + row[1] * column[1] + row[2] * column[2]], [0]);
  });
});

it('slices with gaps between them are a volume, with a warning that says how far apart they are', () => {
  const { warnings } = described(syntheticSeries({ spacing: 10, all: { SliceThickness: 5 } }));
  expect(warnings).toEqual([
    { code: 'volume.slice-gaps', message: expect.stringContaining('Slices of 5.00 mm lie 10.00 mm apart') as string },
  ]);
});

it('overlapping slices are a volume', () => {
  expect(described(syntheticSeries({ spacing: 1, all: { SliceThickness: 2 } })).warnings).toEqual([]);
});
