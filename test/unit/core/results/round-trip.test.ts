import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeResults } from '@overread/core/results';
import { analysisOf, boxLabelMap, noduleFinding, tissueFinding } from '../../../support/analyses.ts';
import { analysisCase } from '../../../support/arbitraries.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';

const bytesOf = (objects: ReturnType<typeof encodeAnalysis>) => objects.map((object) => object.bytes);

describe('an analysis stored and read back', () => {
  it('is the same analysis, whatever it holds', () => {
    fc.assert(
      fc.property(analysisCase, ({ geometry, analysis, source }) => {
        const objects = encodeAnalysis(analysis, { source, segmentation: true, predecessors: [] });
        const decoded = decodeResults(bytesOf(objects), geometry);
        expect(decoded.problems).toEqual([]);
        expect(decoded.analyses.map((one) => one.analysis)).toEqual([analysis]);
      }),
      { numRuns: 120 },
    );
  });

  it('keeps nodules with axes and whole tissues with segments', () => {
    const { geometry, datasets } = ctSeries();
    const labelMap = boxLabelMap(geometry);
    for (const finding of [noduleFinding(labelMap), tissueFinding(labelMap)]) {
      const analysis = analysisOf(geometry, { labelMaps: [labelMap], findings: [finding] });
      const objects = encodeAnalysis(analysis, { source: datasets[0] ?? {}, segmentation: true, predecessors: [] });
      expect(objects.map((object) => object.kind)).toEqual(['SEG', 'SR']);
      const { analyses, problems } = decodeResults(bytesOf(objects), geometry);
      expect(problems).toEqual([]);
      expect(analyses.map((one) => one.analysis)).toEqual([analysis]);
      expect(analyses[0]?.segmentation?.sopInstanceUID).toBe(objects[0]?.sopInstanceUID);
      expect(analyses[0]?.document.sopInstanceUID).toBe(objects[1]?.sopInstanceUID);
    }
  });

  it('keeps axes that do not lie in one image, to a thousandth of a voxel', () => {
    const { geometry, datasets } = ctSeries();
    const finding = noduleFinding(null);
    if (finding.region === null) throw new Error('the sample has a region');
    const axes = {
      long: [
        [1.25, 2, 0],
        [3.5, 2.2, 3],
      ],
      short: [
        [1, 1.1, 0.5],
        [2, 2, 1],
      ],
    } as const;
    const analysis = analysisOf(geometry, { findings: [{ ...finding, region: { ...finding.region, axes } }] });
    const objects = encodeAnalysis(analysis, { source: datasets[0] ?? {}, segmentation: true, predecessors: [] });
    const [back] = decodeResults(bytesOf(objects), geometry).analyses;
    const found = back?.analysis.findings[0]?.region?.axes;
    const flat = (value: typeof found) => [value?.long, value?.short].flat(2);
    flat(axes).forEach((value, index) => expect(flat(found)[index]).toBeCloseTo(value ?? NaN, 3));
  });

  it('keeps numbers that are none', () => {
    const { geometry, datasets } = ctSeries();
    const [template] = noduleFinding(null).measurements;
    if (template === undefined) throw new Error('the sample has measurements');
    const values = [NaN, Infinity, -Infinity];
    const measurements = values.map((value) => ({ ...template, value }));
    const analysis = analysisOf(geometry, { findings: [{ ...noduleFinding(null), region: null, measurements }] });
    const objects = encodeAnalysis(analysis, { source: datasets[0] ?? {}, segmentation: false, predecessors: [] });
    const [back] = decodeResults(bytesOf(objects), geometry).analyses;
    expect(back?.analysis.findings[0]?.measurements.map((one) => one.value)).toEqual(values);
  });

  it('leaves the SEG out where the site wants none, and the findings stay', () => {
    const { geometry, datasets } = ctSeries();
    const labelMap = boxLabelMap(geometry);
    const analysis = analysisOf(geometry, { labelMaps: [labelMap], findings: [noduleFinding(labelMap)] });
    const objects = encodeAnalysis(analysis, { source: datasets[0] ?? {}, segmentation: false, predecessors: [] });
    expect(objects.map((object) => object.kind)).toEqual(['SR']);
    const [back] = decodeResults(bytesOf(objects), geometry).analyses;
    expect(back?.analysis.labelMaps).toEqual([]);
    expect(back?.analysis.findings[0]?.region?.box).toEqual(analysis.findings[0]?.region?.box);
  });
});
