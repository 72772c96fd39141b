import { describe, expect, it } from 'vitest';
import { newUID, readPart10 } from '@overread/core/dicom';
import { decodeResults, type EncodeOptions } from '@overread/core/results';
import { analysisOf, boxLabelMap, overlappingMaps, tissueFinding } from '../../../support/analyses.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { everyObject } from '../../../support/every-object.ts';
import { awkwardMap, otherGrid } from '../../../support/heat-maps.ts';

const { geometry, datasets } = ctSeries();
const [source = {}] = datasets;
const store = (analysis: ReturnType<typeof analysisOf>, changes: Partial<EncodeOptions> = {}) =>
  encodeAnalysis(analysis, { source, segmentation: true, predecessors: [], parametricMap: true, ...changes });
const read = (objects: ReturnType<typeof store>) => decodeResults(objects.map(({ bytes }) => bytes), geometry); // prettier-ignore
const labelMaps = overlappingMaps(geometry);
const heatMaps = [
  { ...awkwardMap(geometry.grid), label: 'First output' },
  { ...awkwardMap(otherGrid(geometry.grid)), label: 'Second output', displayRange: [0, 2] as const },
];

describe('segments that overlap', () => {
  it.each(['binary', 'labelmap', 'fractional'] as const)(
    'are stored so that each keeps its voxels, whatever the site asks for: %s',
    (segmentation) => {
      const analysis = analysisOf(geometry, { labelMaps });
      const objects = store(analysis, { segmentation });
      const { analyses, problems } = read(objects);
      expect(problems).toEqual([]);
      expect(analyses[0]?.analysis.labelMaps).toEqual(labelMaps);
      const seg = objects.find(({ kind }) => kind === 'SEG');
      expect(readPart10(seg?.bytes ?? new Uint8Array()).dataset).toMatchObject({
        SegmentationType: 'BINARY',
        SegmentsOverlap: 'YES',
      });
    },
  );

  it('keep their findings through saves and reads, however a reader arranges them', () => {
    const whole = boxLabelMap(geometry);
    const [, core] = labelMaps;
    // The third meets neither of the others, and a reader puts it beside the first.
    const apart = { ...whole, labels: whole.labels.map((_, v) => (v === 0 ? 6 : 0)) };
    const named = (map: (typeof labelMaps)[number], number: number, label: string) => ({
      ...map,
      labels: map.labels.map((set) => (set === 0 ? 0 : number)),
      segments: [{ ...map.segments[0]!, number, label, trackingIdentifier: label, trackingUID: newUID() }],
    });
    const maps = [named(labelMaps[0]!, 4, 'Tissue'), named(core!, 1, 'Lesion'), named(apart, 6, 'Elsewhere')];
    const findings = maps.map(({ segments: [segment] }) => {
      const { region, ...finding } = tissueFinding(whole);
      const { label, trackingIdentifier, trackingUID, number } = segment!;
      return { ...finding, label, trackingIdentifier, trackingUID, region: { ...region!, segmentNumber: number } };
    });
    const first = store(analysisOf(geometry, { labelMaps: maps, findings }), { parametricMap: false });
    let stored = read(first).analyses[0]!;
    expect(stored.analysis.labelMaps.map(({ segments }) => segments.map(({ number }) => number))).toEqual([
      [4, 6],
      [1],
    ]);
    for (let save = 0; save < 2; save++) {
      const again = store(stored.analysis, {
        storedSegmentation: stored.segmentation,
        predecessors: [stored.document],
      });
      expect(again.map(({ kind }) => kind)).toEqual(['SR']);
      const { analyses, problems } = read([first[0]!, ...again]);
      expect(problems).toEqual([]);
      stored = analyses[0]!;
      const segments = stored.analysis.labelMaps.flatMap((map) => map.segments);
      for (const { label, region, trackingUID } of stored.analysis.findings) {
        const segment = segments.find(({ number }) => number === region?.segmentNumber);
        expect(segment).toMatchObject({ label, trackingUID });
      }
    }
    expect(stored.analysis.findings).toHaveLength(3);
  });

  it('are said not to overlap where two maps share no voxel', () => {
    const { labels, ...whole } = boxLabelMap(geometry);
    const apart = whole.segments.map((segment) => ({
      ...whole,
      labels: labels.map((label) => (label === segment.number ? label : 0)),
      segments: [segment],
    }));
    const seg = store(analysisOf(geometry, { labelMaps: apart })).find(({ kind }) => kind === 'SEG');
    expect(readPart10(seg?.bytes ?? new Uint8Array()).dataset).toMatchObject({ SegmentsOverlap: 'NO' });
  });

  it('are refused where two have one number', () => {
    const [first, second] = labelMaps;
    const twice = { ...second!, segments: second!.segments.map((segment) => ({ ...segment, number: 4 })) };
    expect(() => store(analysisOf(geometry, { labelMaps: [first!, twice] }))).toThrow(/same number/);
  });

  it('are each outlined in captures, the later over the earlier', () => {
    const captured = (maps: typeof labelMaps) =>
      encodeAnalysis(analysisOf(geometry, { labelMaps: maps }), everyObject(geometry, datasets))
        .filter(({ kind }) => kind === 'SC')
        .map(({ bytes }) => readPart10(bytes).dataset['PixelData'] as Uint8Array);
    const coloured = labelMaps.map((map, n) => ({
      ...map,
      segments: map.segments.map((segment) => ({
        ...segment,
        colour: [n === 0 ? 255 : 0, n === 1 ? 255 : 0, n === 2 ? 255 : 0] as const,
      })),
    }));
    const pure = (pixels: readonly Uint8Array[]) =>
      [0, 1, 2].map((channel) =>
        pixels.some((frame) => {
          for (let at = 0; at + 2 < frame.length; at += 3) {
            if ([0, 1, 2].every((c) => frame[at + c] === (c === channel ? 255 : 0))) return true;
          }
          return false;
        }),
      );
    expect(pure(captured(coloured))).toEqual([true, true, true]);
    expect(pure(captured(coloured.slice(0, 2)))).toEqual([true, true, false]);
  });
});

describe('several heat maps', () => {
  const analysis = analysisOf(geometry, { heatMaps });

  it('are stored as an object each and come back in their order, by their names', () => {
    const objects = store(analysis);
    expect(objects.map(({ kind }) => kind)).toEqual(['PM', 'PM', 'SR']);
    expect(objects.map(({ seriesDescription }) => seriesDescription)).toEqual([
      expect.stringContaining('Heat map, First output'),
      expect.stringContaining('Heat map, Second output'),
      expect.any(String),
    ]);
    const { analyses, problems } = read(objects.toReversed());
    expect(problems).toEqual([]);
    expect(analyses[0]?.analysis.heatMaps.map(({ label, displayRange }) => ({ label, displayRange }))).toEqual([
      { label: 'First output', displayRange: [0.1, 1] },
      { label: 'Second output', displayRange: [0, 2] },
    ]);
    const bits = ({ values }: { values: Float32Array }) => [...new Uint32Array(values.slice().buffer)];
    expect(analyses[0]?.analysis.heatMaps.map(bits)).toEqual(heatMaps.map(bits));
  });

  it('of which one is stored already: the other is written, and the report names both', () => {
    const first = store(analysisOf(geometry, { heatMaps: heatMaps.slice(0, 1) }));
    const [stored] = read(first).analyses[0]!.parametricMaps;
    const second = store(analysis, { storedParametricMaps: [stored!] });
    expect(second.map(({ kind }) => kind)).toEqual(['PM', 'SR']);
    const { analyses, problems } = read([first[0]!, ...second]);
    expect(problems).toEqual([]);
    expect(analyses[0]?.parametricMaps.map(({ sopInstanceUID }) => sopInstanceUID)).toEqual([
      stored!.sopInstanceUID,
      second[0]!.sopInstanceUID,
    ]);
    expect(analyses[0]?.analysis.heatMaps.map(({ label }) => label)).toEqual(['First output', 'Second output']);
  });

  it('of which one is missing: the other is read, and that is said', () => {
    const [, ...others] = store(analysis);
    const { analyses, problems } = read(others);
    expect(analyses[0]?.analysis.heatMaps.map(({ label }) => label)).toEqual(['Second output']);
    expect(problems).toMatchObject([{ code: 'results.map-missing' }]);
  });
});
