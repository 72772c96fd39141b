import type { Attributes } from '@overread/core/dicom';
import { gridSpacing, indexToWorld } from '@overread/core/geometry';
import { describeSeries } from '@overread/core/volume';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../support/expect-close.ts';

const radiograph = (changes: Attributes = {}): Attributes => ({
  SOPInstanceUID: '2.25.5',
  Modality: 'DX',
  InstanceNumber: 1,
  FrameOfReferenceUID: '2.25.100',
  Rows: 300,
  Columns: 200,
  ImagerPixelSpacing: [0.15, 0.14],
  ...changes,
});

describe('a projection image', () => {
  it('is a grid of one slice in its own plane, and a warning says that it has no place in the patient', () => {
    const result = describeSeries([radiograph()]);
    if (!result.ok) throw result.error;
    const { grid, warnings, frameOfReferenceUID } = result.value;
    expect(grid.dims).toEqual([200, 300, 1]);
    expectClose(gridSpacing(grid), [0.14, 0.15, 1]);
    expectClose(indexToWorld(grid, [0, 0, 0]), [0, 0, 0]);
    expect(frameOfReferenceUID).toBeNull();
    expect(warnings).toEqual([{ code: 'volume.projection', message: expect.stringContaining('detector') as string }]);
  });

  it('is measured by its calibrated spacing where it has one', () => {
    const result = describeSeries([radiograph({ PixelSpacing: [0.13, 0.12] })]);
    expect(result.ok && gridSpacing(result.value.grid)[0]).toBeCloseTo(0.12);
    expect(result.ok && result.value.warnings[0]?.message).toContain('PixelSpacing');
  });

  it('without any spacing is refused: nothing could be measured', () => {
    const result = describeSeries([radiograph({ ImagerPixelSpacing: null, PixelSpacing: [0, 0] })]);
    expect(!result.ok && result.error.code).toBe('volume.no-pixel-spacing');
  });

  it('beside another stands for itself: two are no volume', () => {
    const result = describeSeries([radiograph(), radiograph({ SOPInstanceUID: '2.25.6', InstanceNumber: 2 })]);
    expect(!result.ok && result.reason).toContain('2 projection images, each of which stands for itself');
  });
});

it('a mammography series with positions (tomosynthesis) is a stack like any other', () => {
  const frames = [0, 1, 2].map((z) => ({ PlanePositionSequence: [{ ImagePositionPatient: [0, 0, z] }] }));
  const shared = {
    PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
    PixelMeasuresSequence: [{ PixelSpacing: [0.1, 0.1], SliceThickness: 1 }],
  };
  const result = describeSeries([
    radiograph({ Modality: 'MG', NumberOfFrames: 3, SharedFunctionalGroupsSequence: [shared], PerFrameFunctionalGroupsSequence: frames }), // prettier-ignore
  ]);
  expect(result.ok && result.value.grid.dims).toEqual([200, 300, 3]);
  expect(result.ok && result.value.warnings).toEqual([]);
});
