import type { Attributes } from '@overread/core/dicom';
import type { OverreadError } from '@overread/core/errors';
import { describeSeries } from '@overread/core/volume';
import { describe, expect, it } from 'vitest';
import { syntheticSeries } from '../../../support/synthetic-series.ts';

function refused(instances: readonly Attributes[]): OverreadError {
  const result = describeSeries(instances);
  if (result.ok) throw new Error('it was taken for a volume');
  expect(result.reason).toBe(result.error.message);
  return result.error;
}

const without = (series: readonly Attributes[], ...numbers: number[]): Attributes[] =>
  series.filter((slice) => !numbers.includes(slice['InstanceNumber'] as number));

describe('missing slices are named with their number and their place', () => {
  it('one in the middle', () => {
    const error = refused(without(syntheticSeries({ slices: 10 }), 4));
    expect(error.code).toBe('volume.missing-slices');
    expect(error.message).toContain(
      '1 of 10 slices at a distance of 2.50 mm are missing: 5.00 mm between image 3 and image 5 (35.00 mm to 40.00 mm)',
    );
    expect(error.details).toMatchObject({ missing: 1, usualSpacing: 2.5 });
    expect(error.details['positions']).toEqual([30, 32.5, 35, 40, 42.5, 45, 47.5, 50, 52.5]);
  });

  it('the second of a long series, where the mean distance hardly changes', () => {
    expect(refused(without(syntheticSeries({ slices: 200, spacing: 1 }), 2)).code).toBe('volume.missing-slices');
  });

  it('several in two places', () => {
    const error = refused(without(syntheticSeries({ slices: 20, spacing: 1 }), 5, 6, 15));
    expect(error.details).toMatchObject({ missing: 3 });
    expect(error.message).toMatch(/between image 4 and image 7 .* between image 14 and image 16/);
  });
});

describe('uneven spacing is refused with the distances', () => {
  const uneven = (places: readonly number[]): Attributes[] =>
    syntheticSeries({ slices: places.length, each: (k) => ({ ImagePositionPatient: [0, 0, places[k]] }) });

  it('that change along the series', () => {
    const error = refused(uneven([0, 4, 8, 12, 13.1, 20.1, 27.1]));
    expect(error.code).toBe('volume.uneven-spacing');
    expect(error.message).toContain('run from 1.10 mm to 7.00 mm (3 x 4.00, 1.10, 2 x 7.00 mm)');
    expect(error.details).toMatchObject({ smallestSpacing: 1.1, largestSpacing: 7 });
  });

  it('of a single slice off its place by more than a tenth of the distance, and not by less', () => {
    expect(refused(uneven([0, 2, 4.25, 6, 8])).code).toBe('volume.uneven-spacing');
    expect(describeSeries(uneven([0, 2, 4.15, 6, 8])).ok).toBe(true);
  });
});

describe('sheared slices are refused', () => {
  it('with the angle of the gantry and the shift', () => {
    const [cosine, sine] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];
    const tilted = syntheticSeries({
      slices: 20,
      columnDirection: [0, cosine, -sine],
      each: (k) => ({ ImagePositionPatient: [0, 0, k * 5] }),
      all: { GantryDetectorTilt: 20 },
    });
    const error = refused(tilted);
    expect(error.code).toBe('volume.gantry-tilt');
    // 19 steps of 5 mm, of which sin 20 degrees goes sideways: 32.49 mm.
    expect(error.message).toContain(
      'at an angle of 20.0 degrees to their normal, which moves the last one 32.49 mm sideways (GantryDetectorTilt 20 degrees)',
    );
    expect(error.details).toMatchObject({ tilt: 20, gantryDetectorTilt: 20 });
  });

  it('where single slices are shifted', () => {
    const shifted = syntheticSeries({
      slices: 9,
      each: (k) => (k === 4 ? { ImagePositionPatient: [-7, -20, 40] } : {}),
    });
    const error = refused(shifted);
    expect(error.code).toBe('volume.gantry-tilt');
    expect(error.message).toContain('shifted sideways against each other by up to 3.00 mm');
  });

  it('but not for a tilt that the header names and the positions do not have', () => {
    expect(describeSeries(syntheticSeries({ all: { GantryDetectorTilt: -12.5 } })).ok).toBe(true);
  });

  it('and uneven spacing is told in the same breath', () => {
    const both = syntheticSeries({
      slices: 6,
      each: (k) => ({ ImagePositionPatient: [k * 2, 0, [0, 4, 8, 12, 19, 26][k]] }),
    });
    expect(refused(both).message).toMatch(/run from 4\.00 mm to 7\.00 mm .*; its slices are/);
  });
});

describe('images at one place', () => {
  it('that nothing tells apart are duplicates', () => {
    const series = syntheticSeries();
    const copy = { ...series[2], SOPInstanceUID: '2.25.1000.99', InstanceNumber: 99 };
    const error = refused([...series, copy]);
    expect(error.code).toBe('volume.duplicate-position');
    expect(error.message).toContain('1 of 5 places have more than one image: image 3 and image 99 at 35.00 mm');
    expect(error.details).toMatchObject({ positions: [35] });
  });

  it.each<[string, Attributes, Attributes, string]>([
    ['echoes', { EchoTime: 2.4 }, { EchoTime: 80 }, 'EchoTime (2.4, 80)'],
    ['diffusion weights', { DiffusionBValue: 0 }, { DiffusionBValue: 1000 }, 'DiffusionBValue (0, 1000)'],
    ['phases', { TriggerTime: 0 }, { TriggerTime: 450 }, 'TriggerTime (0, 450)'],
    ['time points', { TemporalPositionIdentifier: 1 }, { TemporalPositionIdentifier: 2 }, 'TemporalPositionIdentifier (1, 2)'], // prettier-ignore
    ['kernels', { ConvolutionKernel: 'B30f' }, { ConvolutionKernel: 'B70f' }, 'ConvolutionKernel (B30f, B70f)'],
    ['kinds of image', { ImageType: ['DERIVED', 'IN_PHASE'] }, { ImageType: ['DERIVED', 'WATER'] }, 'ImageType (DERIVED\\IN_PHASE, DERIVED\\WATER)'], // prettier-ignore
    ['times', { AcquisitionTime: '101500' }, { AcquisitionTime: '101530' }, 'AcquisitionTime'],
  ])('that are %s are several volumes, and what differs is named', (_, first, second, named) => {
    const one = syntheticSeries({ all: first });
    const other = syntheticSeries({ all: second, each: (k) => ({ SOPInstanceUID: `2.25.2000.${k}`, InstanceNumber: k + 6 }) }); // prettier-ignore
    const error = refused([...one, ...other]);
    expect(error.code).toBe('volume.several-per-position');
    expect(error.message).toContain(`each of 5 places has 2 images, which differ in ${named}`);
    expect(error.details).toMatchObject({ volumes: 2, places: 5 });
  });

  it('never shows a time of day', () => {
    const one = syntheticSeries({ all: { AcquisitionTime: '101500' } });
    const other = syntheticSeries({ all: { AcquisitionTime: '101530' }, each: (k) => ({ SOPInstanceUID: `2.25.2000.${k}` }) }); // prettier-ignore
    expect(refused([...one, ...other]).message).not.toContain('1015');
  });
});

describe('images of one series that differ', () => {
  it.each<[string, Attributes, string]>([
    ['in size', { Rows: 8 }, 'differ in size (6 x 8) from image 1 (6 x 4): image 3'],
    ['in orientation', { ImageOrientationPatient: [1, 0, 0, 0, 0, -1] }, 'differ in ImageOrientationPatient (1, 0, 0, 0, 0, -1)'], // prettier-ignore
    ['in pixel spacing', { PixelSpacing: [0.8, 0.6] }, 'differ in PixelSpacing (0.8 x 0.6 mm) from image 1 (0.7 x 0.6 mm)'], // prettier-ignore
    ['in frame of reference', { FrameOfReferenceUID: '2.25.101' }, '1 of 5 images differ in FrameOfReferenceUID'],
  ])('%s are no stack', (_, change, named) => {
    const error = refused(syntheticSeries({ each: (k) => (k === 2 ? change : {}) }));
    expect(error.code).toBe('volume.mixed-images');
    expect(error.message).toContain(named);
  });

  it('in series are not one', () => {
    const error = refused(syntheticSeries({ each: (k) => ({ SeriesInstanceUID: `2.25.${k % 2}` }) }));
    expect(error).toMatchObject({ code: 'volume.mixed-images', details: { series: 2 } });
  });

  it('in the unit of their values are not one volume', () => {
    const error = refused(syntheticSeries({ each: (k) => (k === 1 ? { RescaleType: 'US' } : {}) }));
    expect(error.code).toBe('volume.unsupported-pixels');
    expect(error.message).toContain('HU and 1');
  });
});

describe('headers that lack what a volume needs', () => {
  it.each<[string, Attributes, string, string]>([
    ['position', { ImagePositionPatient: null }, 'volume.no-position', '1 of 5 images have no usable ImagePositionPatient (image 2)'], // prettier-ignore
    ['whole position', { ImagePositionPatient: [1, 2] }, 'volume.no-position', 'ImagePositionPatient'],
    ['readable position', { ImagePositionPatient: [1, 2, 'x'] }, 'volume.no-position', 'ImagePositionPatient'],
    ['orientation', { ImageOrientationPatient: [] }, 'volume.no-position', 'ImageOrientationPatient (image 2)'],
    ['pixel spacing', { PixelSpacing: undefined }, 'volume.no-pixel-spacing', 'PixelSpacing (image 2)'],
    ['pixel spacing above 0', { PixelSpacing: [0, 0] }, 'volume.no-pixel-spacing', 'PixelSpacing (image 2)'],
    ['rows', { Rows: 0 }, 'volume.no-images', 'image 2 has 0 rows and 6 columns'],
  ])('no %s', (_, change, code, named) => {
    const error = refused(syntheticSeries({ each: (k) => (k === 1 ? change : {}) }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(named);
  });

  it.each([
    ['nothing', [0, 0, 0, 0, 0, 0]],
    ['twice the same', [1, 0, 0, 1, 0, 0]],
    ['too long', [1.1, 0, 0, 0, 1, 0]],
    ['askew', [1, 0, 0, 0.1, 0.995, 0]],
  ])('an orientation that is %s', (_, ImageOrientationPatient) => {
    const error = refused(syntheticSeries({ all: { ImageOrientationPatient } }));
    expect(error.code).toBe('volume.bad-orientation');
    expect(error.message).toContain(ImageOrientationPatient.join(', '));
  });

  it('no images at all', () => {
    expect(refused([]).code).toBe('volume.no-images');
    expect(refused([{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.34', Modality: 'SR' }]).code).toBe('volume.no-images');
  });
});

describe('pixels that are not one number each', () => {
  it.each<[string, Attributes, string]>([
    ['a photometric interpretation that is none', { PhotometricInterpretation: 'CMYK' }, 'volume.colour'],
    ['three samples that are no colour', { SamplesPerPixel: 3 }, 'volume.colour'],
    ['a Modality LUT', { ModalityLUTSequence: [{ LUTDescriptor: [4096, 0, 16] }] }, 'volume.unsupported-pixels'],
    ['a slope of 0', { RescaleSlope: 0 }, 'volume.unsupported-pixels'],
  ])('%s', (_, all, code) => {
    expect(refused(syntheticSeries({ all })).code).toBe(code);
  });
});

it('no refusal names the patient', () => {
  const all = { PatientName: 'PHANTOM^SECRET', PatientID: 'ID-4711', PatientBirthDate: '19500101' };
  const series = without(syntheticSeries({ slices: 9, all }), 4);
  expect(JSON.stringify([refused(series).message, refused(series).details])).not.toMatch(/SECRET|4711|1950/);
});
