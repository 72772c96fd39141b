import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Analysis, HeatMap } from '@overread/core/analysis';
import { readPart10, units, writePart10, type Dataset } from '@overread/core/dicom';
import { gridDirections, indexToWorld, makeGrid, resample, sameGrid, type Vec3 } from '@overread/core/geometry';
import { decodeResults, type EncodeOptions } from '@overread/core/results';
import { analysisOf, boxLabelMap, noduleFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { awkwardMap, otherGrid } from '../../../support/heat-maps.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';

const series = ctSeries();
const { geometry } = series;
const source = series.datasets[0] ?? {};

function store(analysis: Analysis, changes: Partial<EncodeOptions> = {}) {
  return encodeAnalysis(analysis, { source, segmentation: true, predecessors: [], parametricMap: true, ...changes });
}

function readBack(analysis: Analysis, about = geometry) {
  return decodeResults(
    store(analysis).map((object) => object.bytes),
    about,
  );
}

const bits = (map: HeatMap | null | undefined) =>
  map == null ? null : [...new Uint32Array(map.values.slice().buffer)];

describe('a heat map stored and read back', () => {
  it('keeps every float bit for bit, on the grid of its own', () => {
    const heatMap = awkwardMap(otherGrid(geometry.grid));
    const labelMap = boxLabelMap(geometry);
    const analysis = analysisOf(geometry, {
      heatMaps: [heatMap],
      labelMaps: [labelMap],
      findings: [noduleFinding(labelMap)],
    });
    const { analyses, problems } = readBack(analysis);
    expect(problems).toEqual([]);
    const back = analyses[0]?.analysis;
    expect(bits(back?.heatMaps[0])).toEqual(bits(heatMap));
    expect(back?.heatMaps[0]?.grid.dims).toEqual(heatMap.grid.dims);
    expect(sameGrid(back?.heatMaps[0]?.grid ?? geometry.grid, heatMap.grid, 1e-6)).toBe(true);
    expect({ ...back, heatMaps: [] }).toEqual({ ...analysis, heatMaps: [] });
    const { quantity, unit, displayRange } = heatMap;
    expect(back?.heatMaps[0]).toMatchObject({ quantity, unit, displayRange });
  });

  it('can be written at the voxels of the series, with nothing shown where it has no values', () => {
    const { grid } = geometry;
    // Half as far apart as the map's voxels: those between two are the mean of both.
    const own = makeGrid([6, 7, 5], [1.4, 0.9, 2.5], gridDirections(grid), indexToWorld(grid, [0, 0, 0]));
    const heatMap: HeatMap = {
      ...awkwardMap(own),
      values: Float32Array.from({ length: 6 * 7 * 5 }, (_, at) => 1 + (at % 6)),
      displayRange: [0.5, 6],
    };
    const analysis = analysisOf(geometry, { heatMaps: [heatMap] });
    const objects = store(analysis, { parametricMap: 'on-source-grid' });
    const { analyses, problems } = decodeResults(
      objects.map((object) => object.bytes),
      geometry,
    );
    expect(problems).toEqual([]);
    const back = analyses[0]?.analysis.heatMaps[0];
    expect(back?.grid).toEqual(grid);
    // Below the display range: drawn nowhere.
    const outside = 0.5 - 2 ** -8;
    const row = [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6, outside];
    expect(back?.values).toEqual(Float32Array.from({ length: 13 * 7 * 5 }, (_, at) => row[at % 13] ?? NaN));
    expect(readPart10(objects[0]?.bytes ?? new Uint8Array()).dataset).toMatchObject({ Rows: 7, Columns: 13 });
  });

  it('is rounded at the voxels of the series, by less than can be seen, and never where these are its own', () => {
    const { grid } = geometry;
    const own = makeGrid([6, 7, 5], [1.3, 0.9, 2.5], gridDirections(grid), indexToWorld(grid, [0, 0, 0]));
    const of = (map: HeatMap, on: 'on-source-grid' | true): HeatMap | null | undefined =>
      decodeResults(
        store(analysisOf(geometry, { heatMaps: [map] }), { parametricMap: on }).map((object) => object.bytes),
        geometry,
      ).analyses[0]?.analysis.heatMaps[0];
    const values = Float32Array.from({ length: 6 * 7 * 5 }, (_, at) => Math.sin(at) ** 2);
    const coarse: HeatMap = { ...awkwardMap(own), values, displayRange: [0, 1] };
    const exact = resample(values, own, grid, 'linear', -1);
    const back = of(coarse, 'on-source-grid')?.values ?? new Float32Array();
    expect(back).toHaveLength(exact.length);
    back.forEach((value, at) => {
      if (exact[at] === -1) expect(value).toBeLessThan(0);
      else expect(Math.abs(value - (exact[at] ?? NaN))).toBeLessThanOrEqual(1 / 2048);
    });
    const fine = awkwardMap(grid);
    expect(bits(of(fine, 'on-source-grid'))).toEqual(bits(fine));
  });

  it('keeps whatever map, on the grid of the series exactly', () => {
    const count = geometry.grid.dims[0] * geometry.grid.dims[1] * geometry.grid.dims[2];
    const range = fc.tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: 1, max: 5000 }));
    fc.assert(
      fc.property(fc.array(fc.float(), { minLength: count, maxLength: count }), range, (values, [low, width]) => {
        const heatMap: HeatMap = {
          ...awkwardMap(geometry.grid),
          values: Float32Array.from(values),
          unit: units.hounsfield,
          displayRange: [low / 1000, (low + width) / 1000],
        };
        const { analyses, problems } = readBack(analysisOf(geometry, { heatMaps: [heatMap] }));
        expect(problems).toEqual([]);
        expect(analyses[0]?.analysis.heatMaps[0]).toEqual(heatMap);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps oblique, left-handed and single-slice grids', () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const turned: readonly [Vec3, Vec3, Vec3][] = [
      [
        [c, s, 0],
        [-s * c, c * c, s],
        [s * s, -s * c, c],
      ],
      [
        [c, s, 0],
        [-s, c, 0],
        [0, 0, -1],
      ],
      [
        [0, -1, 0],
        [0, 0, -1],
        [1, 0, 0],
      ],
    ];
    for (const directions of turned) {
      const oblique = ctSeries({ directions }).geometry;
      for (const dims of [
        [5, 4, 3],
        [9, 2, 1],
      ] as const) {
        const heatMap = awkwardMap(
          makeGrid(dims, [0.37, 1.9, 4.25], gridDirections(oblique.grid), [-17.7, 300.123456, 1]),
        );
        const back = readBack(analysisOf(oblique, { heatMaps: [heatMap] }), oblique).analyses[0]?.analysis.heatMaps[0];
        expect(bits(back)).toEqual(bits(heatMap));
        const matrix = back?.grid.indexToWorld ?? [];
        heatMap.grid.indexToWorld.forEach((value, at) => expect(matrix[at]).toBeCloseTo(value, 6));
      }
    }
  });

  it('lies over a series without a frame of reference by the series it names', () => {
    const projection = { ...geometry, frameOfReferenceUID: null };
    const heatMap = awkwardMap(otherGrid(geometry.grid));
    const { analyses, problems } = readBack(analysisOf(projection, { heatMaps: [heatMap] }), projection);
    expect(problems).toEqual([]);
    expect(bits(analyses[0]?.analysis.heatMaps[0])).toEqual(bits(heatMap));
  });

  it('is written only where it is wanted, and is referred to where it is stored already', () => {
    const heatMap = awkwardMap(geometry.grid);
    const analysis = analysisOf(geometry, { heatMaps: [heatMap] });
    expect(store(analysis, { parametricMap: false }).map(({ kind }) => kind)).toEqual(['SR']);
    const first = store(analysis);
    expect(first.map(({ kind }) => kind)).toEqual(['PM', 'SR']);
    const stored = decodeResults(
      first.map(({ bytes }) => bytes),
      geometry,
    ).analyses[0];
    expect(stored?.parametricMaps[0]?.sopInstanceUID).toBe(first[0]?.sopInstanceUID);
    const second = store(analysis, { storedParametricMaps: stored?.parametricMaps ?? [] });
    expect(second.map(({ kind }) => kind)).toEqual(['SR']);
    const again = decodeResults([first[0]?.bytes ?? new Uint8Array(), ...second.map(({ bytes }) => bytes)], geometry);
    expect(again.problems).toEqual([]);
    expect(again.analyses[0]?.analysis.heatMaps[0]).toEqual(heatMap);
  });
});

describe('a parametric map that does not fit', () => {
  const analysis = analysisOf(geometry, { heatMaps: [awkwardMap(otherGrid(geometry.grid))] });
  const [map, report] = store(analysis);
  const { dataset } = readPart10(map?.bytes ?? new Uint8Array());
  const decodeWith = (changes: Dataset) => {
    const changed = writePart10({ ...(dataset as Dataset), ...changes });
    return decodeResults([changed, report?.bytes ?? new Uint8Array()], geometry);
  };
  const frames = dataset['PerFrameFunctionalGroupsSequence'] as Dataset[];
  const shared = (dataset['SharedFunctionalGroupsSequence'] as Dataset[])[0] ?? {};
  const at = (position: readonly number[]): Dataset => ({
    ...frames[1],
    PlanePositionSequence: [{ ImagePositionPatient: position }],
  });

  it.each<[string, Dataset, RegExp]>([
    ['of another frame of reference', { FrameOfReferenceUID: '2.25.77' }, /frame of reference/],
    ['with too few pixels', { FloatPixelData: new Uint8Array(40) }, /40 bytes for 60 values/],
    ['with fewer frames than it says', { NumberOfFrames: 4 }, /every frame/],
    ['of a size it does not have', { Rows: 60_000, Columns: 60_000 }, /bytes for/],
    [
      'with a frame aside',
      { PerFrameFunctionalGroupsSequence: frames.map((frame, k) => (k === 1 ? at([-108.5, -94, 37.6]) : frame)) },
      /evenly spaced/,
    ],
    [
      'with frames in one place',
      { PerFrameFunctionalGroupsSequence: frames.map((frame) => frames[0] ?? frame) },
      /evenly spaced/,
    ],
    [
      'without a meaning',
      { SharedFunctionalGroupsSequence: [{ ...shared, RealWorldValueMappingSequence: [] }] },
      /what its values mean/,
    ],
    [
      'without an orientation',
      { SharedFunctionalGroupsSequence: [{ ...shared, PlaneOrientationSequence: [] }] },
      /no place/,
    ],
  ])('%s is not drawn, and the reason is told', (_, changes, reason) => {
    const { analyses, problems } = decodeWith(changes);
    expect(analyses[0]?.analysis.heatMaps).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(['results.map-refused']);
    expect(problems[0]?.message).toMatch(reason);
  });

  it('is missed where only the report is there, and told where only the map is', () => {
    const alone = (bytes: Uint8Array | undefined) => decodeResults([bytes ?? new Uint8Array()], geometry).problems;
    expect(alone(report?.bytes).map(({ code }) => code)).toEqual(['results.map-missing']);
    expect(alone(map?.bytes).map(({ code }) => code)).toEqual(['results.map-alone']);
  });

  it('is not written where it contradicts itself', () => {
    const heatMap = awkwardMap(geometry.grid);
    const wrong = (changes: Partial<HeatMap>) => () =>
      store(analysisOf(geometry, { heatMaps: [{ ...heatMap, ...changes }] }));
    expect(wrong({ values: new Float32Array(3) })).toThrow(/3 map values/);
    expect(wrong({ displayRange: [1, 1] })).toThrow(/display range/);
    const skew = makeGrid(
      geometry.grid.dims,
      [1, 1, 1],
      [
        [1, 0, 0],
        [0.5, 1, 0],
        [0, 0, 1],
      ],
      [0, 0, 0],
    );
    expect(wrong({ grid: skew })).toThrow(/perpendicular/);
  });
});
