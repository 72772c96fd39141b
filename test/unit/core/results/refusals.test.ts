import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPart10, sopClasses, writePart10 } from '@overread/core/dicom';
import { decodeResults } from '@overread/core/results';
import type { SeriesGeometry } from '@overread/core/volume';
import { analysisOf, boxLabelMap, noduleFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { encodeAnalysis } from '../../../support/checked-results.ts';

const series = ctSeries();
const labelMap = boxLabelMap(series.geometry);
const analysis = analysisOf(series.geometry, { labelMaps: [labelMap], findings: [noduleFinding(labelMap)] });
const [seg, sr] = encodeAnalysis(analysis, {
  source: series.datasets[0] ?? {},
  segmentation: true,
  predecessors: [],
}).map((object) => object.bytes);
if (seg === undefined || sr === undefined) throw new Error('both are written');

const read = (objects: readonly Uint8Array[], geometry: SeriesGeometry = series.geometry) =>
  decodeResults(objects, geometry);

/** What is found among objects that are about something else. */
const nothing = { analyses: [], otherReports: [], otherSegmentations: [], problems: [] };

function changed(
  bytes: Uint8Array,
  changes: (dataset: Record<string, unknown>) => Record<string, unknown>,
): Uint8Array {
  const { dataset } = readPart10(bytes);
  return writePart10({ ...dataset, ...changes(structuredClone(dataset)) });
}

/** A SEG that must not be drawn: the findings stay, the mask does not, and the reason is told. */
function expectRefused(segmentation: Uint8Array, reason: string, geometry: SeriesGeometry = series.geometry): void {
  const { analyses, problems } = read([segmentation, sr ?? new Uint8Array()], geometry);
  expect(analyses[0]?.analysis.labelMaps).toEqual([]);
  expect(analyses[0]?.analysis.findings[0]?.region?.segmentNumber).toBeNull();
  const refusal = problems.find((problem) => problem.code === 'results.segmentation-refused');
  expect(refusal?.message).toContain(reason);
}

describe('a segmentation is not drawn', () => {
  it('where its frames are shifted by half a voxel', () => {
    const moved = changed(seg, (dataset) => {
      const frames = dataset['PerFrameFunctionalGroupsSequence'] as {
        PlanePositionSequence: Record<string, unknown>[];
      }[];
      for (const frame of frames) {
        for (const place of frame.PlanePositionSequence) {
          const [x, ...rest] = (place['ImagePositionPatient'] as string[]).map(Number);
          place['ImagePositionPatient'] = [(x ?? 0) + 0.35, ...rest];
        }
      }
      return { PerFrameFunctionalGroupsSequence: frames };
    });
    expectRefused(moved, '0.50 voxels off');
  });

  it('where its rows run the other way', () => {
    const flipped = changed(seg, (dataset) => {
      const [shared] = dataset['SharedFunctionalGroupsSequence'] as Record<string, unknown>[];
      return {
        SharedFunctionalGroupsSequence: [
          { ...shared, PlaneOrientationSequence: [{ ImageOrientationPatient: [-1, 0, 0, 0, 1, 0] }] },
        ],
      };
    });
    expectRefused(flipped, 'voxels off');
  });

  it('where its frame of reference is another', () => {
    expectRefused(
      changed(seg, () => ({ FrameOfReferenceUID: '1.2.3.4' })),
      'frame of reference',
    );
  });

  it('where its frames have another size', () => {
    expectRefused(
      changed(seg, () => ({ Rows: 8 })),
      '13 x 8 pixels',
    );
  });

  it('where frames or pixels are missing', () => {
    expectRefused(
      changed(seg, () => ({ PixelData: new Uint8Array(4) })),
      'frames are missing',
    );
    expectRefused(
      changed(seg, () => ({ NumberOfFrames: 3 })),
      'frames are missing',
    );
  });

  it('where it is fractional', () => {
    expectRefused(
      changed(seg, () => ({ SegmentationType: 'FRACTIONAL' })),
      'not a binary segmentation',
    );
  });

  it('where the frames were derived from other images than the ones they lie on', () => {
    const { slices } = series.geometry;
    expectRefused(seg, 'lies elsewhere', { ...series.geometry, slices: [...slices].reverse() });
  });
});

describe('reading the archive', () => {
  it('says that the mask of a report is missing', () => {
    const { analyses, problems } = read([sr]);
    expect(analyses).toHaveLength(1);
    expect(problems.map((problem) => problem.code)).toEqual(['results.segmentation-missing']);
  });

  it('says that a mask has no report', () => {
    const { analyses, problems } = read([seg]);
    expect(analyses).toEqual([]);
    expect(problems.map((problem) => problem.code)).toEqual(['results.segmentation-alone']);
  });

  it('passes over results of another study and of another series', () => {
    expect(read([seg, sr], { ...series.geometry, studyInstanceUID: '1.2.3' })).toEqual(nothing);
    expect(read([seg, sr], { ...series.geometry, seriesInstanceUID: '1.2.3' })).toEqual(nothing);
  });

  it('lists what is no result of ours', () => {
    const foreign = changed(sr, () => ({ ContentSequence: [] }));
    const image = changed(sr, () => ({ SOPClassUID: sopClasses.ct }));
    const { analyses, problems } = read([foreign, image, new Uint8Array(200)]);
    expect(analyses).toEqual([]);
    expect(problems.map((problem) => problem.code)).toEqual([
      'results.foreign-report',
      'results.unknown-object',
      'results.unreadable',
    ]);
  });

  it('keeps a finding whose place points at other images, without the place, and says so', () => {
    const slices = series.geometry.slices.map((slice, k) => ({ ...slice, sopInstanceUID: `2.25.99.${k}` }));
    const { analyses, problems } = read([sr], { ...series.geometry, slices });
    expect(analyses[0]?.analysis.findings[0]?.region).toBeNull();
    expect(problems.map((problem) => problem.code)).toContain('results.region-unreadable');
  });

  it('never throws, whatever happened to the bytes', () => {
    for (const original of [seg, sr]) {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
          fc.option(fc.nat(original.length)),
          (changes, cut) => {
            const damaged = original.slice(0, cut ?? original.length);
            for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
            const { analyses } = read(original === seg ? [damaged, sr] : [seg, damaged]);
            for (const one of analyses) {
              for (const mask of one.analysis.labelMaps) expect(mask.labels.length).toBe(labelMap.labels.length);
            }
          },
        ),
        { numRuns: 400 },
      );
    }
  });
});
