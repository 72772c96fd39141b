import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPart10, sopClasses } from '@overread/core/dicom';
import { decodeResults, type SegmentationKind } from '@overread/core/results';
import { analysisOf, boxLabelMap, noduleFinding } from '../../../support/analyses.ts';
import { analysisCase } from '../../../support/arbitraries.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';

const kinds: readonly SegmentationKind[] = ['binary', 'labelmap', 'fractional'];
const { geometry, datasets } = ctSeries();
const labelMap = boxLabelMap(geometry);
const [source = {}] = datasets;

describe('an analysis stored with each kind of segmentation', () => {
  it.each(kinds)('comes back the same: %s', (segmentation) => {
    fc.assert(
      fc.property(analysisCase, (one) => {
        const objects = encodeAnalysis(one.analysis, { source: one.source, segmentation, predecessors: [] });
        const { analyses, problems } = decodeResults(
          objects.map(({ bytes }) => bytes),
          one.geometry,
        );
        expect(problems).toEqual([]);
        expect(analyses.map(({ analysis }) => analysis)).toEqual([one.analysis]);
      }),
      { numRuns: 60 },
    );
  });

  it.each(kinds)('comes back the same on images without a frame of reference: %s', (segmentation) => {
    const bare = { ...geometry, frameOfReferenceUID: null };
    const analysis = analysisOf(bare, { labelMaps: [labelMap], findings: [noduleFinding(labelMap)] });
    const objects = encodeAnalysis(analysis, { source, segmentation, predecessors: [] });
    const { analyses, problems } = decodeResults(
      objects.map(({ bytes }) => bytes),
      bare,
    );
    expect(problems).toEqual([]);
    expect(analyses.map((one) => one.analysis)).toEqual([analysis]);
  });
});

describe('a label map segmentation', () => {
  it('keeps the label values as segment numbers and holds only slices that have a label', () => {
    const [first, second] = labelMap.segments;
    if (first === undefined || second === undefined) throw new Error('the sample has two segments');
    const segments = [
      { ...first, number: 7 },
      { ...second, number: 200 },
    ];
    const labels = labelMap.labels.map((label) => [0, 7, 200][label] ?? 0);
    const analysis = analysisOf(geometry, { labelMaps: [{ ...labelMap, labels, segments }] });
    const [seg] = encodeAnalysis(analysis, { source, segmentation: 'labelmap', predecessors: [] });
    expect(seg?.sopClassUID).toBe(sopClasses.labelMapSegmentation);
    const { dataset } = readPart10(seg?.bytes ?? new Uint8Array());
    expect(dataset).toMatchObject({ SegmentationType: 'LABELMAP', BitsAllocated: 8, PixelPaddingValue: 0 });
    expect(dataset).toMatchObject({ SegmentSequence: [{ SegmentNumber: 7 }, { SegmentNumber: 200 }] });
    const size = geometry.grid.dims[0] * geometry.grid.dims[1];
    const used = labels.subarray(0, 4 * size);
    expect(Number(dataset['NumberOfFrames'])).toBe(4);
    expect((dataset['PixelData'] as Uint8Array).subarray(0, used.length)).toEqual(used);
  });
});

describe('a fractional segmentation', () => {
  const likely = Float32Array.from(labelMap.labels, (label) => (label === 2 ? 0.8 : label === 1 ? 0.3 : 0));

  it('holds the probability of every voxel in 255 steps', () => {
    const analysis = analysisOf(geometry, { labelMaps: [labelMap] });
    const probabilities = new Map([[2, likely]]);
    const [seg] = encodeAnalysis(analysis, { source, segmentation: 'fractional', probabilities, predecessors: [] });
    const { dataset } = readPart10(seg?.bytes ?? new Uint8Array());
    expect(dataset).toMatchObject({
      SegmentationType: 'FRACTIONAL',
      SegmentationFractionalType: 'PROBABILITY',
      MaximumFractionalValue: 255,
      BitsAllocated: 8,
    });
    const found = new Set(dataset['PixelData'] as Uint8Array);
    expect([...found].sort((a, b) => a - b)).toEqual([0, Math.round(0.3 * 255), Math.round(0.8 * 255), 255]);
  });

  it.each([
    ['over 1', likely.map((value) => value * 2)],
    ['that are no number', likely.map(() => NaN)],
    ['of another size', likely.subarray(1)],
  ])('is not written from probabilities %s', (_, values) => {
    const analysis = analysisOf(geometry, { labelMaps: [labelMap] });
    const probabilities = new Map([[2, values]]);
    const write = () =>
      encodeAnalysis(analysis, { source, segmentation: 'fractional', probabilities, predecessors: [] });
    expect(write).toThrow(/probabilit/);
  });
});
