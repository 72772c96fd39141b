import type { Attributes } from '@overread/core/dicom';
import { gridSpacing, indexToWorld } from '@overread/core/geometry';
import { describePixels, describeSeries } from '@overread/core/volume';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../support/expect-close.ts';

/** An Enhanced CT instance: shared orientation, spacing and rescale; a position per frame. */
function enhanced(changes: Attributes = {}, heights = [10, 0, 5, 15]): Attributes {
  return {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2.1',
    SOPInstanceUID: '2.25.7',
    StudyInstanceUID: '2.25.1',
    SeriesInstanceUID: '2.25.10',
    Modality: 'CT',
    InstanceNumber: 3,
    Rows: 4,
    Columns: 6,
    NumberOfFrames: String(heights.length),
    BitsStored: 16,
    PixelRepresentation: 1,
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
        PixelMeasuresSequence: { PixelSpacing: [0.5, 0.4], SliceThickness: 5 },
        PixelValueTransformationSequence: [{ RescaleSlope: 2, RescaleIntercept: -1000, RescaleType: 'HU' }],
      },
    ],
    PerFrameFunctionalGroupsSequence: heights.map((z) => ({
      PlanePositionSequence: [{ ImagePositionPatient: [1, 2, z] }],
    })),
    ...changes,
  };
}

describe('an enhanced multi-frame instance', () => {
  const result = describeSeries([enhanced()]);

  it('is a volume of its frames, sorted by their positions', () => {
    if (!result.ok) throw result.error;
    expect(result.value.grid.dims).toEqual([6, 4, 4]);
    expectClose(gridSpacing(result.value.grid), [0.4, 0.5, 5]);
    expectClose(indexToWorld(result.value.grid, [0, 0, 0]), [1, 2, 0]);
    expect(result.value.slices.map((slice) => slice.frameNumber)).toEqual([2, 3, 1, 4]);
    expect(new Set(result.value.slices.map((slice) => slice.sopInstanceUID))).toEqual(new Set(['2.25.7']));
  });

  it('takes a group of the frame before the shared one', () => {
    const own = enhanced();
    const groups = own['PerFrameFunctionalGroupsSequence'] as Attributes[];
    const PerFrameFunctionalGroupsSequence = groups.map((group, n) => ({
      ...group,
      PixelValueTransformationSequence: [{ RescaleSlope: n + 1, RescaleIntercept: 0 }],
    }));
    const changed = { ...own, PerFrameFunctionalGroupsSequence };
    expect([1, 2, 3, 4].map((frame) => describePixels(changed, frame).slope)).toEqual([1, 2, 3, 4]);
    expect(describePixels(own, 2)).toMatchObject({ slope: 2, intercept: -1000, unit: 'HU', signed: true });
  });

  it('may be one of several that make up the volume', () => {
    const second = enhanced({ SOPInstanceUID: '2.25.8', InstanceNumber: 4 }, [20, 25]);
    const both = describeSeries([second, enhanced()]);
    expect(both.ok && both.value.grid.dims).toEqual([6, 4, 6]);
    expect(both.ok && both.value.slices.at(-1)).toMatchObject({ sopInstanceUID: '2.25.8', frameNumber: 2 });
  });

  it('is refused like any series, naming its frames', () => {
    const gap = describeSeries([enhanced({}, [0, 5, 10, 20, 25])]);
    expect(!gap.ok && gap.reason).toContain('between image 3 frame 3 and image 3 frame 4');
  });

  it('with time points at one place is refused, naming them', () => {
    const times = enhanced({}, [0, 5, 0, 5]);
    const groups = times['PerFrameFunctionalGroupsSequence'] as Attributes[];
    const result = describeSeries([
      {
        ...times,
        PerFrameFunctionalGroupsSequence: groups.map((group, n) => ({
          ...group,
          FrameContentSequence: [{ TemporalPositionIndex: n < 2 ? 1 : 2 }],
        })),
      },
    ]);
    expect(!result.ok && result.error.code).toBe('volume.several-per-position');
    expect(!result.ok && result.reason).toContain('2 images, which differ in TemporalPositionIdentifier (1, 2)');
  });

  it('that promises more frames than it describes is refused with both numbers', () => {
    const result = describeSeries([enhanced({ NumberOfFrames: 9 })]);
    expect(!result.ok && result.error.code).toBe('volume.frame-count');
    expect(!result.ok && result.reason).toContain('image 3 promises 9 frames and describes 4');
  });
});

it('a multi-frame instance without functional groups has no places for its frames, whatever its top level says', () => {
  const result = describeSeries([
    {
      Modality: 'US',
      Rows: 4,
      Columns: 6,
      NumberOfFrames: 30,
      InstanceNumber: 1,
      ImagePositionPatient: [0, 0, 0],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [1, 1],
    },
  ]);
  expect(!result.ok && result.error.code).toBe('volume.no-position');
  expect(!result.ok && result.reason).toContain('image 1 holds 30 frames and no functional groups that place them');
});
