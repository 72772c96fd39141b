import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gridSpacing, orientationCode } from '@overread/core/geometry';
import { describeSeries } from '@overread/core/volume';
import { afterAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../../support/expect-close.ts';
import { readHeader } from '../../../support/read-headers.ts';
import { sharedData } from '../../../support/shared-data.ts';
import { unpack } from '../../../support/unpack.ts';

const chest = sharedData('ct-chest', 'CT_89952642');
const irregular = sharedData('ct-irregular', 'ge_head_ct_28slices.tar.xz');
const brain = sharedData('mr-t1', 'example-dicom-structural.tar.xz');
const multiframe = sharedData('multiframe', 'BRTUM003');
const projections = sharedData('projection');

const unpacked: { remove(): void }[] = [];
afterAll(() => unpacked.forEach((archive) => archive.remove()));

function unpackedFiles(archive: string): readonly string[] {
  const folder = unpack(archive);
  unpacked.push(folder);
  return folder.files.filter((file) => file.endsWith('.dcm'));
}

describe.skipIf(!chest)('a chest CT of 143 slices (sample data; skipped where absent)', () => {
  it('is a regular volume, though its files run from head to feet', () => {
    const folder = chest ?? '';
    const headers = readdirSync(folder).map((name) => readHeader(join(folder, name)));
    const result = describeSeries(headers);
    if (!result.ok) throw result.error;
    const { grid, slices, warnings } = result.value;
    expect(grid.dims).toEqual([512, 512, 143]);
    expectClose(gridSpacing(grid), [0.54, 0.54, 2], 1e-6);
    expect(orientationCode(grid)).toBe('LPS');
    expect(new Set(slices.map((slice) => slice.sopInstanceUID)).size).toBe(143);
    expect(warnings).toEqual([]);
  });
});

describe.skipIf(!irregular)(
  'a head CT with a tilted gantry and two spacings (sample data; skipped where absent)',
  () => {
    it('is refused, with the distances and the angle', () => {
      const result = describeSeries(unpackedFiles(irregular ?? '').map(readHeader));
      if (result.ok) throw new Error('it was taken for a volume');
      expect(result.error.code).toBe('volume.uneven-spacing');
      expect(result.reason).toContain('run from 1.08 mm to 7.00 mm (13 x 4.00, 1.08, 13 x 7.00 mm)');
      expect(result.reason).toContain('at an angle of 18.5 degrees');
      expect(result.error.details).toMatchObject({ gantryDetectorTilt: 18.5, smallestSpacing: 1.081 });
      expect(result.error.details['tilt']).toBeCloseTo(18.5, 1);
    });
  },
);

describe.skipIf(!brain)('an oblique brain MR of 384 slices (sample data; skipped where absent)', () => {
  it('is a volume in its own directions', () => {
    const result = describeSeries(unpackedFiles(brain ?? '').map(readHeader));
    if (!result.ok) throw result.error;
    expect(result.value.grid.dims).toEqual([274, 384, 384]);
    expectClose(gridSpacing(result.value.grid), [0.699988, 0.666667, 0.666667], 1e-5);
    expect(result.value.modality).toBe('MR');
    expect(result.value.warnings).toEqual([]);
  });
});

describe.skipIf(!multiframe)('an Enhanced MR of 24 interleaved frames (sample data; skipped where absent)', () => {
  it('is a volume sorted by frame position', () => {
    const result = describeSeries([readHeader(multiframe ?? '')]);
    if (!result.ok) throw result.error;
    expect(result.value.grid.dims).toEqual([256, 256, 24]);
    expectClose(gridSpacing(result.value.grid), [0.820312, 0.820312, 6], 1e-6);
    expect(result.value.slices.slice(0, 4).map((slice) => slice.frameNumber)).toEqual([1, 13, 2, 14]);
  });
});

describe.skipIf(!projections)('radiographs and mammograms (sample data; skipped where absent)', () => {
  const answer = (name: string): string => {
    const result = describeSeries([readHeader(join(projections ?? '', name))]);
    if (!result.ok) return result.error.code;
    return `${result.value.grid.dims.join(' x ')}: ${result.value.warnings.map((warning) => warning.code).join()}`;
  };

  it.each([
    ['RG2_J2KI.dcm', '1760 x 2140 x 1: volume.projection'],
    ['GH133_MG_MLO_fo-dicom.dcm', '2394 x 3062 x 1: volume.projection'],
    ['OutOfBoundsOverlay_MG_CC_fo-dicom.dcm', '1318 x 788 x 1: volume.projection'],
    ['RG1_J2KI.dcm', 'volume.no-pixel-spacing'],
    ['MG1_J2KI.dcm', 'volume.no-pixel-spacing'],
  ])('%s', (name, expected) => {
    expect(answer(name)).toBe(expected);
  });
});
